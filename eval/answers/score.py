"""Ask every question, judge every answer, and count."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval.answers.ask import ask_all_there, ask_here
from eval.answers.judge import Answer, Judged, judge
from eval.answers.questions import AnswerQuestion, load_forbidden
from eval.rates import Rate
from knowledge.sources import Registry

if TYPE_CHECKING:
    from settings import Settings

PASSED_WHOLE = 0.92
"""Share of answers that must pass whole (issue 6, item 5); forbidden claims and uncited figures: none."""

Advance = Callable[[Judged], None]


@dataclass(frozen=True, slots=True)
class Report:
    """All answers, judged."""

    half: str
    judged: tuple[Judged, ...]

    @property
    def overall(self) -> Rate:
        """Share that passes whole, beside its figure."""
        return _rate("passed whole", self.judged, at_least=PASSED_WHOLE)

    @property
    def entries(self) -> tuple[Rate, ...]:
        """Share that passes whole, by entry."""
        return _grouped(self.judged, lambda one: one.question.entry)

    @property
    def kinds(self) -> tuple[Rate, ...]:
        """Share that passes whole, by how the question is put."""
        return _grouped(self.judged, lambda one: one.question.kind)

    @property
    def faults(self) -> dict[str, int]:
        """How many answers have each kind of fault; one answer may have several."""
        counts: Counter[str] = Counter()
        for one in self.judged:
            counts["something missing"] += bool(one.missing)
            counts["forbidden claim"] += bool(one.forbidden)
            counts["clause not cited"] += bool(one.uncited)
            counts["uncited figure"] += bool(one.bare_figures)
            counts["wrong verdict"] += bool(one.wrong_verdicts)
            counts["error"] += bool(one.answer.error)
        return dict(counts)

    @property
    def failed(self) -> tuple[Judged, ...]:
        """Answers that do not pass whole."""
        return tuple(one for one in self.judged if not one.passed)

    @property
    def holds(self) -> bool:
        """Whether every figure is reached."""
        faults = self.faults
        clean = not (faults.get("forbidden claim") or faults.get("uncited figure"))
        return clean and self.overall.holds is not False


def _rate(name: str, judged: Iterable[Judged], at_least: float | None = None) -> Rate:
    passed = [one.passed for one in judged]
    return Rate(name, sum(passed), len(passed), at_least)


def _grouped(judged: Sequence[Judged], key: Callable[[Judged], str]) -> tuple[Rate, ...]:
    names = sorted({key(one) for one in judged})
    return tuple(_rate(name, (one for one in judged if key(one) == name)) for name in names)


def judge_all(half: str, pairs: Iterable[tuple[AnswerQuestion, Answer]], advance: Advance) -> Report:
    """Judge answers as they come."""
    claims, registry = load_forbidden(), Registry.load()
    judged: list[Judged] = []
    for question, answer in pairs:
        judged.append(judge(question, answer, claims, registry))
        advance(judged[-1])
    return Report(half, tuple(judged))


def run(
    half: str,
    questions: list[AnswerQuestion],
    settings: Settings,
    *,
    target: str = "",
    advance: Advance = lambda _: None,
) -> Report:
    """Ask and judge.

    Args:
        half: name of what is asked, for the report.
        questions: in order.
        settings: of the agent in this process.
        target: address of a running Minxing instead; questions for another day are left out there.
        advance: called after each answer.
    """
    if target:
        here = [question for question in questions if question.as_of is None]
        answers = asyncio.run(ask_all_there(target, here))
        return judge_all(half, zip(here, answers, strict=True), advance)
    from eval.stages import Stages

    stages = Stages.open(settings)
    return judge_all(half, ((question, ask_here(stages, question)) for question in questions), advance)
