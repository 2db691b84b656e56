"""One comparison compiled: its truth alone, and its truth with the step of the trace it leaves."""

from __future__ import annotations

from collections.abc import Mapping

from knowledge.types import Citation
from tools.conditions import Comparison
from tools.kleene import FALSE, TRUTHS, UNKNOWN, Decide, Hint
from tools.recording import Account, Judge
from tools.types import Facts, FactValue, TraceStep

Truths = Mapping[FactValue | None, int]


def untold(condition: Comparison) -> int:
    """What it means not to tell the fact."""
    return FALSE if condition.proof else UNKNOWN


def decide_comparison(condition: Comparison, truths: Truths, hints: tuple[Hint, ...]) -> Decide:
    """The truth alone."""
    name, lookup, unknown = condition.fact, truths.get, untold(condition)

    def decide(facts: Facts) -> int:
        return lookup(facts.get(name), unknown)

    def decide_with_hints(facts: Facts) -> int:
        value = facts.get(name)
        if value is not None:
            return lookup(value, unknown)
        for other, table in hints:
            truth = table.get(facts.get(other))
            if truth is not None:
                return truth
        return unknown

    return decide_with_hints if hints else decide


def judge_comparison(
    condition: Comparison, truths: Truths, hints: tuple[Hint, ...], citation: Citation, depth: int
) -> Judge:
    """The truth with its step; where its own fact is unknown, other facts may leave no doubt."""
    name, say = condition.fact, condition.say

    def account(truth: int, read: tuple[tuple[str, FactValue], ...], missing: tuple[str, ...]) -> Account:
        step = TraceStep(say, TRUTHS[truth], read, missing, citation, depth)
        hangs_on = (name,) if truth == UNKNOWN else ()
        return Account(truth, (step,), hangs_on, (say,) if truth == FALSE else ())

    unknown = account(untold(condition), (), () if condition.proof else (name,))
    by_value = {value: account(truths[value], ((name, value),), ()) for value in truths if value is not None}
    by_hint = [
        (
            other,
            {
                value: account(truth, ((other, value),), ())
                for value, truth in table.items()
                if value is not None
            },
        )
        for other, table in hints
    ]
    known = by_value.get

    def judge(facts: Facts) -> Account:
        return known(facts.get(name), unknown)  # type: ignore[arg-type]

    def judge_with_hints(facts: Facts) -> Account:
        value = facts.get(name)
        if value is not None:
            return known(value, unknown)
        for other, accounts in by_hint:
            found = accounts.get(facts.get(other))  # type: ignore[arg-type]
            if found is not None:
                return found
        return unknown

    return judge_with_hints if hints else judge
