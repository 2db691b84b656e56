"""Two runs side by side: what was mended, what broke, and whether the difference is more than chance."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from rich.table import Table

from eval.types import CaseResult, RunResult


@dataclass(frozen=True, slots=True)
class Change:
    """One conversation whose outcome is not what it was."""

    name: str
    why: str
    """First failure, of whichever run failed."""
    rewritten: bool
    """Whether the case itself says or expects something else than before."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Conversations of both runs, paired by name; one passes when all its attempts did."""

    both_passed: int
    both_failed: int
    mended: tuple[Change, ...]
    broken: tuple[Change, ...]
    gone: tuple[str, ...]
    new: tuple[str, ...]

    @property
    def chance(self) -> float:
        """Exact McNemar test: how likely so uneven a split of the changed pairs is by chance alone."""
        return mcnemar(len(self.mended), len(self.broken))

    def lines(self) -> Iterator[str]:
        """The list of what changed, worst first."""
        for title, changes in (("broken", self.broken), ("mended", self.mended)):
            for change in changes:
                note = " (the case itself was changed)" if change.rewritten else ""
                yield f"{title}: {change.name}{note}: {change.why}"
        yield from (f"only before: {name}" for name in self.gone)
        yield from (f"only after: {name}" for name in self.new)


def mcnemar(mended: int, broken: int) -> float:
    """Two-sided exact p-value of the discordant pairs, by the binomial distribution with one half."""
    changed = mended + broken
    tail = sum(math.comb(changed, k) for k in range(min(mended, broken) + 1)) / 2**changed
    return float(min(1.0, 2 * tail))


def compare(before: RunResult, after: RunResult) -> Comparison:
    """Pair two runs; what was skipped in one of them is not in it."""
    old, new = _run(before), _run(after)
    both_passed = both_failed = 0
    mended: list[Change] = []
    broken: list[Change] = []
    for name in (name for name in old if name in new):
        was, now = _passed(old[name]), _passed(new[name])
        if was and now:
            both_passed += 1
        elif not was and not now:
            both_failed += 1
        else:
            failed = new[name] if was else old[name]
            why = next(one.failures[0] for one in failed if not one.holds)
            rewritten = old[name][0].digest != new[name][0].digest
            (broken if was else mended).append(Change(name, why, rewritten))
    gone = tuple(name for name in old if name not in new)
    fresh = tuple(name for name in new if name not in old)
    return Comparison(both_passed, both_failed, tuple(mended), tuple(broken), gone, fresh)


def _run(result: RunResult) -> dict[str, list[CaseResult]]:
    return {name: tries for name, tries in result.attempts().items() if not any(one.skipped for one in tries)}


def table(found: Comparison) -> Table:
    """The four fields of the test, and its result."""
    shown = Table(title=f"exact McNemar p = {found.chance:.3g}")
    shown.add_column("")
    shown.add_column("passes after", justify="right")
    shown.add_column("fails after", justify="right")
    shown.add_row("passed before", str(found.both_passed), str(len(found.broken)))
    shown.add_row("failed before", str(len(found.mended)), str(found.both_failed))
    return shown


def _passed(attempts: list[CaseResult]) -> bool:
    return all(one.holds for one in attempts)
