"""Compare readings with labels: intents whole and leading, facts by precision and recall."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from agent.types import Intent
from eval.rates import Rate
from eval.understanding.lines import Line
from eval.understanding.read import Reading

INTENT, PRECISION, RECALL = 0.93, 0.97, 0.88
"""Figures of issue 6."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One line, what was read, and what was wrong."""

    line: Line
    reading: Reading
    right: frozenset[str]
    """Facts found with a right value."""
    false: frozenset[str]
    """Facts found that the words do not say, or with a wrong value."""
    missed: frozenset[str]
    """Facts that the words say and that were not found, or with a wrong value."""

    @property
    def leading(self) -> bool:
        """Whether the first intent read is the leading one of the label."""
        return bool(self.reading.intents) and self.reading.intents[0] in self.line.intents[0]

    @property
    def whole(self) -> bool:
        """Whether the set of intents is exactly that of the label: every wish, and nothing else."""
        found = set(self.reading.intents)
        named = {name.value for wish in self.line.intents for name in wish}
        extra = found - named - {name.value for name in self.line.may_intents}
        return not extra and all(found & {n.value for n in wish} for wish in self.line.intents)

    @property
    def mistaken(self) -> bool:
        """Whether anything is wrong."""
        return bool(self.false or self.missed) or not self.whole


def judge(line: Line, reading: Reading) -> Judged:
    """Compare one reading with its label."""
    right = {n for n, allowed in line.facts.items() if _same(reading.facts.get(n), allowed)}
    free = set(line.may) - set(line.ambiguous)
    false = {n for n in reading.facts if n not in right and n not in free}
    return Judged(line, reading, frozenset(right), frozenset(false), frozenset(set(line.facts) - right))


def _same(found: object, allowed: Iterable[object]) -> bool:
    return any(type(found) is type(one) and found == one for one in allowed)


@dataclass(frozen=True, slots=True)
class Report:
    """All rates, and every line behind them."""

    judged: tuple[Judged, ...]
    overall: tuple[Rate, ...]
    intents_found: tuple[Rate, ...]
    """Recall of each intent."""
    intents_right: tuple[Rate, ...]
    """Precision of each intent."""
    facts_found: tuple[Rate, ...]
    facts_right: tuple[Rate, ...]
    voices: tuple[Rate, ...]
    """Lines without any mistake, by voice."""
    confusion: dict[tuple[str, str], int] = field(default_factory=dict)
    """How many lines with a leading intent (first) were read as another (second)."""

    @property
    def holds(self) -> bool:
        """Whether every figure is reached."""
        return all(rate.holds is not False for rate in self.overall)


def report(judged: tuple[Judged, ...]) -> Report:
    """Count."""
    counts = {name: sum(len(getattr(j, name)) for j in judged) for name in ("right", "false", "missed")}
    certainty = [(n in j.line.uncertain, not j.reading.certain[n]) for j in judged for n in j.right]
    doubtful = [said for is_doubt, said in certainty if is_doubt]
    double = [name in j.reading.ambiguous for j in judged for name in j.line.ambiguous]
    overall = (
        _share("intent, leading", (j.leading for j in judged), INTENT),
        _share("intents, whole set", (j.whole for j in judged), INTENT),
        Rate("facts, precision", counts["right"], counts["right"] + counts["false"], PRECISION),
        Rate("facts, recall", counts["right"], counts["right"] + counts["missed"], RECALL),
        _share("no fact where none is said", (not j.reading.facts for j in judged if _silent(j.line))),
        _share("doubt kept (好像, 听说)", doubtful),
        _share("certainty kept", (not said for is_doubt, said in certainty if not is_doubt)),
        _share("words of two meanings asked", double),
        _share("corrections seen", (_reads(j, Intent.CORRECT) for j in judged if _wants(j, Intent.CORRECT))),
    )
    return Report(
        judged,
        overall,
        _by_intent(judged, _wants, _reads),
        _by_intent(judged, _reads, _allowed),
        _by_fact(judged, lambda j: j.right | j.missed),
        _by_fact(judged, lambda j: j.right | j.false),
        tuple(_share(v, (not j.mistaken for j in judged if j.line.by == v)) for v in _voices(judged)),
        Counter((j.line.intents[0][0].value, _first(j)) for j in judged),
    )


def _silent(line: Line) -> bool:
    return not (line.facts or line.may or line.ambiguous)


def _voices(judged: Iterable[Judged]) -> list[str]:
    return sorted({j.line.by for j in judged})


def _first(judged: Judged) -> str:
    """What was read, under the label's own name where the reading is right."""
    return judged.line.intents[0][0].value if judged.leading else (judged.reading.intents or ("-",))[0]


def _share(name: str, hits: Iterable[bool], at_least: float | None = None) -> Rate:
    counted = list(hits)
    return Rate(name, sum(counted), len(counted), at_least)


def _wants(judged: Judged, intent: Intent) -> bool:
    """Whether the label demands the intent under its first name, or it was read under one of the others."""
    return any(
        intent is wish[0] if not _met(judged, wish) else intent.value == _met(judged, wish)
        for wish in judged.line.intents
    )


def _met(judged: Judged, wish: tuple[Intent, ...]) -> str:
    return next((name.value for name in wish if name.value in judged.reading.intents), "")


def _reads(judged: Judged, intent: Intent) -> bool:
    return intent.value in judged.reading.intents


def _allowed(judged: Judged, intent: Intent) -> bool:
    return intent in judged.line.may_intents or any(intent in wish for wish in judged.line.intents)


def _by_intent(
    judged: tuple[Judged, ...],
    counted: Callable[[Judged, Intent], bool],
    hit: Callable[[Judged, Intent], bool],
) -> tuple[Rate, ...]:
    return tuple(
        _share(intent.value, (hit(j, intent) for j in judged if counted(j, intent))) for intent in Intent
    )


def _by_fact(judged: tuple[Judged, ...], counted: Callable[[Judged], frozenset[str]]) -> tuple[Rate, ...]:
    names = sorted({name for j in judged for name in (*j.right, *j.missed, *j.false)})
    return tuple(_share(name, (name in j.right for j in judged if name in counted(j))) for name in names)
