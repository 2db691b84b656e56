"""Kleene's three-valued logic: truths of comparisons, and how the truths inside make that of a group."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tools.conditions import AllOf, AnyOf, Comparison, Condition, CountOf, NotOf, ParameterReference
from tools.facts import Fact, FactBook
from tools.types import FactValue, Truth

FALSE, UNKNOWN, TRUE = 0, 1, 2
TRUTHS = (Truth.FALSE, Truth.UNKNOWN, Truth.TRUE)

Row = Mapping[str, FactValue | None]
"""The facts of a family, where None is unknown (`FactBook.row`)."""

Decide = Callable[[Row], int]


def truth_table(
    condition: Comparison, fact: Fact, parameters: Mapping[str, int]
) -> dict[FactValue | None, int]:
    """What the comparison says for every value the fact can take."""
    return {value: TRUE if _holds(condition, value, parameters) else FALSE for value in fact.domain()}


Hint = tuple[str, Mapping[FactValue | None, int]]
"""Another fact, and the truth of a comparison that its values leave no doubt about."""


def hints_for(condition: Comparison, book: FactBook, truths: dict[FactValue | None, int]) -> tuple[Hint, ...]:
    """What other facts say of the comparison while its own is unknown: a child of twelve is in no 大班."""
    if condition.proof:
        return ()
    found = []
    for narrowing in book.narrowings(condition.fact):
        table: dict[FactValue | None, int] = {}
        for value, possible in narrowing.possible.items():
            left = {truths[one] for one in possible}
            if len(left) == 1:
                table[value] = left.pop()
        if table:
            found.append((narrowing.premise, table))
    return tuple(found)


def _holds(condition: Comparison, value: FactValue, parameters: Mapping[str, int]) -> bool:
    wanted = condition.equals
    if wanted is not None:
        among = wanted if isinstance(wanted, tuple) else (wanted,)
        if not any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in among):
            return False
    low, high = bound(condition.at_least, parameters), bound(condition.below, parameters)
    if low is not None and not (isinstance(value, int | float) and value >= low):
        return False
    return high is None or (isinstance(value, int | float) and value < high)


def bound(limit: int | ParameterReference | None, parameters: Mapping[str, int]) -> int | None:
    """A bound as a number, on the day the tree is compiled for."""
    return parameters[limit.parameter] if isinstance(limit, ParameterReference) else limit


def settling(condition: Condition) -> int | None:
    """The truth of one condition inside that settles the group at once."""
    match condition:
        case AllOf():
            return FALSE
        case AnyOf():
            return TRUE
        case _:
            return None


def combination(condition: Condition) -> Callable[[Sequence[int]], int]:
    """How the truths of the conditions inside make that of the group."""
    match condition:
        case AllOf():
            return min
        case AnyOf():
            return max
        case NotOf():
            return lambda truths: TRUE - truths[0]
        case CountOf(at_least=needed):
            return lambda truths: sorted(truths, reverse=True)[needed - 1] if needed <= len(truths) else FALSE
        case _:
            raise TypeError(f"{type(condition).__name__} holds no conditions")


def decide_all(parts: tuple[Decide, ...]) -> Decide:
    """The least of the truths, stopping at the first false one."""

    def decide(row: Row) -> int:
        truth = TRUE
        for part in parts:
            one = part(row)
            if one < truth:
                if one == FALSE:
                    return FALSE
                truth = one
        return truth

    return decide


def decide_any(parts: tuple[Decide, ...]) -> Decide:
    """The greatest of the truths, stopping at the first true one."""

    def decide(row: Row) -> int:
        truth = FALSE
        for part in parts:
            one = part(row)
            if one > truth:
                if one == TRUE:
                    return TRUE
                truth = one
        return truth

    return decide


def decide_not(part: Decide) -> Decide:
    """The opposite; unknown stays unknown."""
    return lambda row: TRUE - part(row)


def decide_count(parts: tuple[Decide, ...], needed: int) -> Decide:
    """The truth of the one that is needed at least."""

    def decide(row: Row) -> int:
        truths = sorted((part(row) for part in parts), reverse=True)
        return truths[needed - 1] if needed <= len(truths) else FALSE

    return decide
