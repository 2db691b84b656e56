"""Which questions fit a family in a talk: what its story touches, and first what most depends on.

A form asks everybody the same. Somebody who tells of an accident is hurt by 认定为孤儿了吗 (`facts.yaml`:
`asked_beside`, `settled_by`, `asked_first_when`).
"""

from __future__ import annotations

from collections.abc import Collection

from tools.facts import AskedWhen, Fact, FactBook
from tools.types import Facts


def unfitting(book: FactBook, told: Facts, entries: Collection[str]) -> frozenset[str]:
    """Facts that a talk does not ask for: nothing that was told or spoken of has to do with them.

    Args:
        book: the facts.
        told: what the family told.
        entries: what the talk is about, such as `("B02",)`.
    """
    return frozenset(fact.name for fact in book if fact.name not in told and not _fits(fact, told, entries))


def _fits(fact: Fact, told: Facts, entries: Collection[str]) -> bool:
    if _settled(fact, told):
        return False
    beside = fact.asked_beside
    if beside is None or not set(beside.entries).isdisjoint(entries):
        return True
    return any(_holds(one, told) for one in beside.told)


def first(book: FactBook, told: Facts, closed: Collection[str]) -> Fact | None:
    """What is asked before anything else: whose grandparents raise a child tell of its parents first."""
    return next(
        (
            fact
            for fact in book
            if fact.name not in told
            and fact.name not in closed
            and not _settled(fact, told)
            and any(_holds(one, told) for one in fact.asked_first_when)
        ),
        None,
    )


def _settled(fact: Fact, told: Facts) -> bool:
    return fact.settled_by is not None and _holds(fact.settled_by, told)


def _holds(condition: AskedWhen, told: Facts) -> bool:
    return told.get(condition.fact) in condition.values
