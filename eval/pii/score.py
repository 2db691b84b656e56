"""Redact every line and count: what stayed in the open, and what was hidden for nothing (PR-2)."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from eval.pii.lines import Line, lines
from eval.rates import wilson
from guardrails.types import Entity

FIGURES = {
    "CN_RESIDENT_ID": 0.995,
    "CN_MOBILE": 0.99,
    "CN_LANDLINE": 0.99,
    "BANK_CARD": 0.99,
    "PERSON": 0.90,
    "NICKNAME": 0.90,
    "TITLED": 0.90,
    "ADDRESS": 0.90,
    "SCHOOL_CLASS": 0.85,
    "WECHAT": 0.90,
    "QQ": 0.90,
}
"""Recall that PR-2 asks for."""
PRECISION = 0.90


class Finder(Protocol):
    """Anything that finds identifiers in a text."""

    def find(self, text: str) -> Sequence[Entity]:
        """Entities in offsets of the text."""


@dataclass(frozen=True, slots=True)
class KindScore:
    """How one kind came out."""

    kind: str
    hidden: int
    """Gold values every character of which was hidden, under whatever name."""
    typed: int
    """Of those, under their own name."""
    gold: int
    right: int
    """Finds of this kind that overlap something personal."""
    found: int

    @property
    def recall(self) -> float:
        """Share of values that are hidden whole."""
        return self.hidden / self.gold if self.gold else 1.0

    @property
    def precision(self) -> float:
        """Share of finds that hide something personal."""
        return self.right / self.found if self.found else 1.0

    @property
    def f2(self) -> float:
        """Recall counts double: a number in a log is worse than a word too few."""
        both = 4 * self.precision + self.recall
        return 5 * self.precision * self.recall / both if both else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Of the recall."""
        return wilson(self.hidden, self.gold)

    @property
    def holds(self) -> bool | None:
        """Whether the recall that PR-2 asks for is reached."""
        return None if self.kind not in FIGURES else self.recall >= FIGURES[self.kind]


@dataclass(frozen=True, slots=True)
class FinderReport:
    """One finder over all lines."""

    name: str
    kinds: tuple[KindScore, ...]
    benign_touched: int
    benign: int
    milliseconds_p95: float
    missed: tuple[tuple[str, str, str], ...] = field(default=())
    """(line id, value, text) of every value left in the open."""
    confusion: dict[tuple[str, str], int] = field(default_factory=dict)
    """(kind of the value, name it was hidden under or 「open」): how often."""
    needless: tuple[tuple[str, str, str], ...] = field(default=())
    """(line id, hidden words, text) of every find that hides nothing personal."""

    @property
    def total(self) -> KindScore:
        """All kinds together."""
        return KindScore(
            "all",
            sum(k.hidden for k in self.kinds),
            sum(k.typed for k in self.kinds),
            sum(k.gold for k in self.kinds),
            sum(k.right for k in self.kinds),
            sum(k.found for k in self.kinds),
        )

    @property
    def holds(self) -> bool:
        """Whether every figure of PR-2 is reached."""
        return all(kind.holds is not False for kind in self.kinds) and self.total.precision >= PRECISION


@dataclass(frozen=True, slots=True)
class Report:
    """Minxing beside its peers, over the same lines in one run."""

    finders: tuple[FinderReport, ...]
    lines: int

    @property
    def holds(self) -> bool:
        """Whether Minxing, the first, reaches its figures."""
        return self.finders[0].holds


class OwnFinder:
    """Minxing's redactor as it ships, a fresh conversation per line."""

    def __init__(self) -> None:
        from guardrails.pii import Redactor

        self._redactor = Redactor()

    def find(self, text: str) -> Sequence[Entity]:
        """Entities that redaction hides."""
        from guardrails.pii import Vault

        return self._redactor.redact(text, Vault())[1]


def score(name: str, finder: Finder, over: Sequence[Line]) -> FinderReport:
    """Run one finder over lines and count."""
    hidden: Counter[str] = Counter()
    typed: Counter[str] = Counter()
    gold: Counter[str] = Counter()
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    confusion: Counter[tuple[str, str]] = Counter()
    missed, needless, touched, benign, spent = [], [], 0, 0, []
    for line in over:
        begun = time.perf_counter()
        entities = finder.find(line.text)
        spent.append((time.perf_counter() - begun) * 1000)
        covered = {position for entity in entities for position in range(entity.start, entity.end)}
        benign += not line.gold
        touched += not line.gold and bool(entities)
        for item in line.gold:
            gold[item.group] += 1
            names = [e.type for e in entities if e.start < item.end and item.start < e.end]
            confusion[item.group, item.type if item.type in names else (names or ["open"])[0]] += 1
            if covered.issuperset(p for p in range(item.start, item.end) if not line.text[p].isspace()):
                hidden[item.group] += 1
                typed[item.group] += any(
                    e.type == item.type and e.start < item.end and item.start < e.end for e in entities
                )
            else:
                missed.append((line.id, line.text[item.start : item.end], line.text))
        for entity in entities:
            touching = [item for item in line.gold if item.start < entity.end and entity.start < item.end]
            group = touching[0].group if touching else entity.type
            found[group] += 1
            right[group] += bool(touching)
            if not touching:
                needless.append((line.id, line.text[entity.start : entity.end], line.text))
    kinds = tuple(
        KindScore(kind, hidden[kind], typed[kind], gold[kind], right[kind], found[kind])
        for kind in sorted(gold | found)
    )
    p95 = sorted(spent)[int(len(spent) * 0.95)] if spent else 0.0
    return FinderReport(name, kinds, touched, benign, p95, tuple(missed), dict(confusion), tuple(needless))


def half(over: Sequence[Line], which: str) -> tuple[Line, ...]:
    """`development`: every other line, looked at while mending. `held_out`: the rest, only counted."""
    remainder = {"development": 0, "held_out": 1}[which]
    return tuple(line for index, line in enumerate(over) if index % 2 == remainder)


def run(*, peers: bool = True, which: str = "all") -> Report:
    """Score Minxing and, if wanted, its peers.

    Args:
        peers: whether to run Presidio with its defaults, Presidio over LAC, and jionlp where it is installed.
        which: `all`, `development` or `held_out`.
    """
    over = lines() if which == "all" else half(lines(), which)
    finders = [score("Minxing", OwnFinder(), over)]
    if peers:
        from eval.pii.peers import peers as load_peers

        finders += [score(name, finder, over) for name, finder in load_peers()]
    return Report(tuple(finders), len(over))
