"""The questions that judge whole answers: enough of each, fairly halved, naming clauses that exist."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from eval.answers.judge import wanted
from eval.answers.questions import HALVES, AnswerQuestion, Half, load_forbidden, load_questions
from eval.answers.text import normal
from knowledge.sources import Registry
from tests.eval.apart import official_names, shared, windows

QUESTIONS = load_questions()
ENTRIES = [f"B{number:02}" for number in range(1, 38)]
LIFE = [f"L{number:02}" for number in range(1, 9)]


def half_of(half: Half) -> list[AnswerQuestion]:
    return [question for question in QUESTIONS if question.half == half]


def test_at_least_three_hundred_questions_over_every_entry() -> None:
    """Issue 6, item 5."""
    counts = Counter(question.entry for question in QUESTIONS)
    assert len(QUESTIONS) >= 300
    assert {entry: counts[entry] for entry in ENTRIES if counts[entry] < 6} == {}
    assert set(counts) == {*ENTRIES, *LIFE}
    assert sum(len(question.talk) > 1 for question in QUESTIONS) >= 40


def test_what_the_reported_half_asks_is_asked_while_building_too() -> None:
    """Entry by entry and kind by kind; the development half may ask more."""
    first, second = (Counter(question.entry for question in half_of(half)) for half in HALVES)
    assert set(first) == set(second)
    assert all(first[entry] >= second[entry] for entry in second)
    for kind in ("short", "long", "dialect", "follow_up"):
        sizes = [sum(question.kind == kind for question in half_of(half)) for half in HALVES]
        assert 5 <= sizes[1] <= sizes[0] + 6, (kind, sizes)


def test_ids_and_talks_are_said_once() -> None:
    assert len({question.id for question in QUESTIONS}) == len(QUESTIONS)
    assert len({question.talk for question in QUESTIONS}) == len(QUESTIONS)
    for question in QUESTIONS:
        assert question.id.startswith(question.entry.lower()), question.id
        assert (question.kind == "follow_up") == (len(question.talk) > 1), question.id


def test_every_clause_is_registered() -> None:
    registry = Registry.load()
    for reference in sorted({one for question in QUESTIONS for group in question.cites for one in group}):
        assert wanted(reference, registry), reference


def test_patterns_are_written_in_the_spelling_they_are_read_against() -> None:
    """A pattern with `六个月` or a full-width bracket could never be found in a normalised answer."""
    for question in QUESTIONS:
        for pattern in (*question.must, *question.must_not):
            assert normal(pattern.pattern) == pattern.pattern, (question.id, pattern.pattern)
    for claim in load_forbidden():
        assert normal(claim.pattern.pattern) == claim.pattern.pattern, claim.name


def test_no_pattern_looks_for_a_word_with_a_digit() -> None:
    """一方, 一起 and 一定 keep their 一 in a judged text: 1方 is never found there."""
    words = re.compile(r"(?<![\d\\])1(?=[定起方样直遍边])")
    for question in QUESTIONS:
        for pattern in (*question.must, *question.must_not):
            assert not words.search(pattern.pattern), question.id


def test_no_pattern_is_found_in_nothing() -> None:
    """A must that an empty answer fulfils, or a claim that it makes, would measure nothing."""
    for question in QUESTIONS:
        for pattern in (*question.must, *question.must_not):
            assert not pattern.search(""), (question.id, pattern.pattern)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_no_question_shares_words_with_what_the_agent_learned_from(question: AnswerQuestion) -> None:
    """R-75."""
    assert shared(*question.talk) == set()


def test_halves_share_no_question() -> None:
    first, second = (
        set().union(*(windows(text) for question in half_of(half) for text in question.talk))
        for half in HALVES
    )
    assert {one for one in first & second if one not in official_names()} == set()
