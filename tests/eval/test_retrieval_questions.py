"""The questions of the retrieval benchmark: enough of each kind, fairly halved, naming clauses that exist."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest
import yaml

from eval.retrieval.questions import FOLDER, Kind, RetrievalQuestion, load_questions
from knowledge.asks import load_asks
from knowledge.sources import CORPUS, Registry

QUESTIONS = load_questions()
TUNED_ON = Path(__file__).parents[1] / "knowledge" / "questions.yaml"
LONGEST_SHARED = 11
READ_IN_REPORTS = {
    "跨省通办",
    "福彩圆梦办法",
    "福彩圆梦公告",
    "明天计划办法",
    "育儿补贴制度实施方案",
    "育儿补贴制度管理规范",
    "浙民福〔2021〕191号",
}
"""Documents whose clauses we do not have: only the guides' paragraphs about them can answer."""
LEAST: dict[Kind, int] = {"plain": 200, "unanswerable": 60, "follow_up": 60, "dialect": 60}


def of_kind(*kinds: Kind) -> list[RetrievalQuestion]:
    return [question for question in QUESTIONS if question.kind in kinds]


def windows(text: str) -> set[str]:
    length = LONGEST_SHARED + 1
    return {text[start : start + length] for start in range(len(text) - length + 1)}


def held_apart() -> list[str]:
    """What search was tuned on, what it compares questions with, and what the guides say of themselves."""
    texts = [row["q"] for row in yaml.safe_load(TUNED_ON.read_text("utf-8"))["questions"]]
    texts += yaml.safe_load((TUNED_ON.parent / "outside.yaml").read_text("utf-8"))["questions"]
    asks = load_asks()
    texts += [*asks.outside, *(question for asked in asks.by_clause.values() for question in asked)]
    for path in sorted((CORPUS / "guides").glob("*.md")):
        if path.read_text("utf-8").startswith("---\n"):
            front = yaml.safe_load(path.read_text("utf-8").split("---\n")[1])
            texts += [front["summary"], *front.get("questions", ())]
    return texts


def test_two_hands_wrote_enough_of_each_kind() -> None:
    counts = Counter(question.kind for question in QUESTIONS)
    assert len(QUESTIONS) >= 420
    assert {kind: counts[kind] for kind in LEAST if counts[kind] < LEAST[kind]} == {}
    assert counts["other_place"] + counts["old_date"] >= 40
    assert {path.stem for path in FOLDER.glob("*.yaml")} == {question.by for question in QUESTIONS}
    assert min(Counter(question.by for question in QUESTIONS).values()) >= 150


@pytest.mark.parametrize("kind", get_args(Kind))
def test_each_kind_is_halved_fairly(kind: Kind) -> None:
    halves = Counter(question.half for question in of_kind(kind))
    assert abs(halves["tune"] - halves["report"]) <= 1


def test_ids_and_questions_are_said_once() -> None:
    assert len({question.id for question in QUESTIONS}) == len(QUESTIONS)
    said = [(question.earlier, question.text, question.as_of) for question in QUESTIONS]
    assert len(set(said)) == len(said)


def test_every_wanted_clause_is_registered_and_named() -> None:
    registry = Registry.load()
    for reference in sorted({reference for question in QUESTIONS for reference in question.want}):
        citation = registry.cite(reference)
        assert bool(citation.clause) != (reference in READ_IN_REPORTS), reference


def test_answerable_questions_want_clauses_and_others_have_a_reason() -> None:
    for question in QUESTIONS:
        assert question.answerable == bool(question.want), question.id
        assert len(set(question.want)) == len(question.want), question.id


def test_reasons_belong_to_their_kind() -> None:
    assert {question.reason for question in of_kind("plain", "follow_up", "dialect")} == {None}
    assert {question.reason for question in of_kind("unanswerable")} == {"nothing_found", "no_amount"}
    assert {question.reason for question in of_kind("other_place")} == {"other_place"}
    assert {question.reason for question in of_kind("old_date")} == {None, "out_of_date"}


def test_follow_ups_alone_have_something_said_before() -> None:
    for question in QUESTIONS:
        assert bool(question.earlier) == (question.kind == "follow_up"), question.id


def test_old_dates_alone_have_a_day_and_what_is_wanted_was_in_force_on_it() -> None:
    registry = Registry.load()
    for question in QUESTIONS:
        assert bool(question.as_of) == (question.kind == "old_date"), question.id
        if question.as_of is None:
            continue
        day = dt.date.fromisoformat(question.as_of)
        for reference in question.want:
            source = registry.get(registry.cite(reference).document_id)
            assert source is not None
            assert source.in_force_from is None or source.in_force_from <= day, (question.id, reference)


def test_no_question_is_one_that_search_was_tuned_on() -> None:
    apart = set().union(*map(windows, held_apart()))
    shared = {
        question.id: found
        for question in QUESTIONS
        if (found := set().union(*map(windows, (*question.earlier, question.text))) & apart)
    }
    assert shared == {}
