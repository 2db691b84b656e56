"""Learn which paragraphs answer (`agent.compose.offline.judged`) from the development questions.

    python -m eval.answers.train            # five minutes; --folds shows what each file teaches the others

A paragraph answers a question where it holds what an answer must hold, by the question's own patterns, and
rests on a clause that must be cited, where any does. The reported half is never read.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from agent.compose.offline import judged
from agent.compose.offline.draft import Writer
from eval.answers.judge import cited
from eval.answers.questions import AnswerQuestion, load_questions
from eval.answers.text import normal
from eval.batch_types import BatchInput, BatchMessage
from eval.retrieval.fit import listwise
from eval.stages import Stages
from knowledge.sources import Registry
from knowledge.types import Clause
from settings import load_settings

AT = (3, 5, 8)
"""Paragraphs that an answer might hold, for the figures that are shown."""


@dataclass(frozen=True, slots=True)
class Example:
    """One question, the paragraphs that may answer it, and for each point which of them hold it."""

    id: str
    values: NDArray[np.float64]
    points: tuple[NDArray[np.bool_], ...]
    scored: NDArray[np.float64]
    """The order of the rules, to compare with."""


def collect(stages: Stages, questions: Sequence[AnswerQuestion]) -> list[Example]:
    """What is known of the paragraphs for each question that some paragraph answers."""
    registry, examples = Registry.load(), []
    place = judged.NAMES.index("scored")
    for number, question in enumerate(questions, start=1):
        messages = tuple(BatchMessage(role="family", text=text) for text in question.talk)
        line = BatchInput(id=question.id, messages=messages, as_of=question.as_of)
        measured = judged.measure(Writer(stages.brief(line)))
        points = _points(question, measured.clauses, registry)
        if points:
            examples.append(Example(question.id, measured.values, points, measured.values[:, place]))
        if number % 100 == 0:
            print(f"{number} of {len(questions)} questions read", file=sys.stderr, flush=True)  # noqa: T201
    return examples


def _points(
    question: AnswerQuestion, clauses: Sequence[Clause], registry: Registry
) -> tuple[NDArray[np.bool_], ...]:
    texts = [normal(clause.text) for clause in clauses]
    rests = [_names(clause) for clause in clauses]
    right = np.asarray(
        [any(cited(one, names, registry) for group in question.cites for one in group) for names in rests]
    )
    found: list[NDArray[np.bool_]] = []
    for must in question.must:
        holds = np.asarray([bool(must.search(text)) for text in texts], bool)
        both = holds & right if len(right) else holds
        if holds.any():
            found.append(both if both.any() else holds)
    return tuple(found)


def _names(clause: Clause) -> frozenset[str]:
    return frozenset(f"{one.document_id}#{one.clause}" for one in (clause.citation, *clause.also))


def learn(examples: Sequence[Example]) -> NDArray[np.float64]:
    """Weights in the order of `judged.NAMES`; each point of a question counts as one."""
    values = [one.values.astype(np.float32) for one in examples for _ in one.points]
    points = [point for one in examples for point in one.points]
    fixed = [np.zeros(len(rows), np.float32) for rows in values]
    return listwise(values, fixed, points, np.ones(len(points)))


def held(examples: Sequence[Example], weights: NDArray[np.float64] | None) -> str:
    """Shares of points that the first paragraphs hold, by these weights or (None) by the rules alone."""
    shares = []
    for most in AT:
        hits = [
            point[
                np.argsort(-(one.scored if weights is None else one.values @ weights), kind="stable")[:most]
            ].any()
            for one in examples
            for point in one.points
        ]
        shares.append(f"@{most} {np.mean(hits):.3f}")
    return "  ".join(shares)


def _fitting() -> None:
    """Earlier turns of a talk are worded while we collect: what is measured anew counts for nothing yet."""
    kept = yaml.safe_load(judged.FILE.read_text(encoding="utf-8"))["weights"] if judged.FILE.exists() else {}
    if tuple(kept) != judged.NAMES:
        _write({name: kept.get(name, 0.0) for name in judged.NAMES}, "not yet learned")


def _write(weights: dict[str, float], learned_from: str) -> None:
    head = "# Learned by eval/answers/train.py, never edited by hand. Names: judged.py.\n"
    made = {"learned_from": learned_from, "weights": weights}
    judged.FILE.write_text(head + yaml.safe_dump(made, allow_unicode=True, sort_keys=False), encoding="utf-8")


def main() -> None:
    """Read, show, learn, write."""
    _fitting()
    questions = load_questions("development")
    with tempfile.TemporaryDirectory() as data:
        examples = collect(Stages.open(load_settings(data_dir=Path(data))), questions)
    if "--folds" in sys.argv:
        family = {question.id: question.id.split("_")[1] for question in questions}
        for name in sorted(set(family.values())):
            own = [one for one in examples if family[one.id] == name]
            others = [one for one in examples if family[one.id] != name]
            if len(own) >= 20:
                print(f"{name} ({len(own)}): rules {held(own, None)} | learned {held(own, learn(others))}")  # noqa: T201
    weights = learn(examples)
    print(f"all: rules {held(examples, None)} | learned, on what it read, {held(examples, weights)}")  # noqa: T201
    points = sum(len(one.points) for one in examples)
    _write(
        {name: round(float(weight), 4) for name, weight in zip(judged.NAMES, weights, strict=True)},
        f"{points} points of {len(examples)} development questions",
    )


if __name__ == "__main__":
    main()
