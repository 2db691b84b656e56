"""One comparison compiled: its truth alone, and what it says of each value."""

from __future__ import annotations

from collections.abc import Mapping

from knowledge.types import Citation
from tools.conditions import Comparison
from tools.kleene import FALSE, TRUE, TRUTHS, UNKNOWN, Decide, Hint, Row
from tools.recording import Findings, Told, Values
from tools.types import FactValue, TraceStep

Truths = Mapping[FactValue | None, int]
Hinted = tuple[str, Mapping[FactValue, Told]]
"""Another fact, and what its values say of a comparison."""


def untold(condition: Comparison) -> int:
    """What it means not to tell the fact."""
    return FALSE if condition.proof else UNKNOWN


def decide_comparison(condition: Comparison, truths: Truths, hints: tuple[Hint, ...]) -> Decide:
    """The truth alone."""
    name, lookup, unknown = condition.fact, truths.get, untold(condition)

    def decide(row: Row) -> int:
        return lookup(row.get(name), unknown)

    def decide_with_hints(row: Row) -> int:
        value = row.get(name)
        if value is not None:
            return lookup(value, unknown)
        for other, table in hints:
            truth = table.get(row.get(other))
            if truth is not None:
                return truth
        return unknown

    return decide_with_hints if hints else decide


def tell_comparison(
    condition: Comparison,
    truths: Truths,
    hints: tuple[Hint, ...],
    citation: Citation,
    depth: int,
    findings: Findings,
) -> tuple[Values, tuple[Hinted, ...]]:
    """The finding and the step for each value; and for the values of other facts that leave no doubt about a
    comparison whose own fact is unknown.
    """
    name, say = condition.fact, condition.say
    ends = (findings(FALSE, failed=(say,)), findings(UNKNOWN, missing=(name,)), findings(TRUE))

    def told(truth: int, read: tuple[tuple[str, FactValue], ...], missing: tuple[str, ...] = ()) -> Told:
        return ends[truth], TraceStep(say, TRUTHS[truth], read, missing, citation, depth)

    def tell(value: FactValue) -> Told | None:
        return told(truths[value], ((name, value),)) if value in truths else None

    untold_told = told(untold(condition), (), () if condition.proof else (name,))
    hinted = [
        (other, {one: told(truth, ((other, one),)) for one, truth in table.items() if one is not None})
        for other, table in hints
    ]
    return Values(ends, untold_told, tell), tuple(hinted)
