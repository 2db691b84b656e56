"""How a condition came out, with its account: the trace, what is missing, what failed.

Accounts are values that are built once and used again. A comparison has one for each value of its fact; a
group has one for each combination of those inside it that was met before. Judging a family is then looking
up, and only what nobody met before is put together anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge.types import Citation
from tools.conditions import AllOf, AnyOf, Condition, Unpublished, walk
from tools.kleene import FALSE, TRUE, TRUTHS, UNKNOWN, combination, settling
from tools.types import Facts, FactValue, TraceStep

KEPT_MAX = 4096
"""So many combinations a group keeps; then it starts anew."""
KEPT_LEAVES, KEPT_FACTS = 3, 9
"""A group is looked up by the values it reads if it holds so many comparisons over so few facts."""


@dataclass(frozen=True, slots=True, eq=False)
class Account:
    """How a condition came out. Compared by identity: equal ones of one condition are one object."""

    truth: int
    trace: tuple[TraceStep, ...]
    """One step per condition, outermost first."""
    missing: tuple[str, ...] = ()
    """Facts that an unknown condition hangs on."""
    failed: tuple[str, ...] = ()
    """Conditions that made a false one false, in plain Chinese."""
    near: bool = False
    """Whether a false condition was on its way: something before its failing part held."""


Judge = Callable[[Facts], Account]


def always(account: Account) -> Judge:
    """A condition that comes out the same whatever the facts."""
    return lambda _: account


def judge_group(
    condition: Condition,
    inner: Sequence[tuple[Condition, Judge]],
    steps: Sequence[TraceStep],
    *,
    keep: bool,
) -> Judge:
    """Judge a group. Inside another group it stops at the condition that settles it: of a parent who is at
    home the trace says so once, and not for every illness and sentence the parent does not have.
    """
    judges = tuple(judge for _, judge in inner)
    settles = settling(condition) if steps[0].depth else None
    join = _Joining(condition, [child for child, _ in inner], steps)
    seen: dict[tuple[Account, ...], Account] = {}

    def judge(facts: Facts) -> Account:
        met = []
        for one in judges:
            account = one(facts)
            met.append(account)
            if account.truth == settles:
                break
        if not keep:
            return join(met)
        key = tuple(met)
        found = seen.get(key)
        if found is None:
            if len(seen) >= KEPT_MAX:
                seen.clear()
            found = seen[key] = join(key)
        return found

    return judge


def kept(judge: Judge, reads: Sequence[str]) -> Judge:
    """The same, looked up by the values it reads: a parent's state means the same each time."""
    seen: dict[tuple[FactValue | None, ...], Account] = {}

    def look_up(facts: Facts) -> Account:
        key = tuple(map(facts.get, reads))
        found = seen.get(key)
        if found is None:
            if len(seen) >= KEPT_MAX:
                seen.clear()
            found = seen[key] = judge(facts)
        return found

    return look_up


class _Joining:
    """Makes the account of a group from those inside it."""

    def __init__(self, condition: Condition, inner: Sequence[Condition], steps: Sequence[TraceStep]) -> None:
        self._say, self._steps = condition.say, steps
        self._combine = combination(condition)
        self._every = isinstance(condition, AllOf)
        # The words of an alternative inside an `all` say well enough what failed.
        self._telling = tuple(self._every and isinstance(child, AnyOf) for child in inner)
        # In an `all`, a condition that was not published leaves no answer that could make it a yes.
        self._watched = self._every and any(
            isinstance(part, Unpublished) for child in inner for part, _ in walk(child)
        )

    def __call__(self, met: Sequence[Account]) -> Account:
        truth = self._truth(met)
        trace = (self._steps[truth], *(step for account in met for step in account.trace))
        if truth == UNKNOWN:
            return Account(truth, trace, missing=self._missing(met))
        if truth == TRUE:
            return Account(truth, trace)
        named = self._named(met)
        failed = tuple(say for one in met for say in one.failed) if self._every else (named or (self._say,))
        return Account(truth, trace, failed=failed, near=bool(named))

    def _truth(self, met: Sequence[Account]) -> int:
        if len(met) < len(self._telling):
            return met[-1].truth
        return self._combine([account.truth for account in met])

    def _missing(self, met: Sequence[Account]) -> tuple[str, ...]:
        if self._watched and not all(one.missing for one in met if one.truth == UNKNOWN):
            return ()  # it hangs on nothing that could be asked
        return tuple(name for account in met for name in account.missing)

    def _named(self, met: Sequence[Account]) -> tuple[str, ...]:
        """Of the failing conditions those to name rather than the group: they failed on the way to a yes."""
        named: list[str] = []
        held = False
        for account, telling in zip(met, self._telling, strict=False):
            if account.truth == TRUE:
                held = True
            elif account.truth == FALSE and ((held and self._every) or telling or account.near):
                named += account.failed
        return tuple(named)


def steps_of(say: str, citation: Citation, depth: int) -> tuple[TraceStep, TraceStep, TraceStep]:
    """The steps of a group, one for each truth."""
    low, middle, high = (TraceStep(say, truth, (), (), citation, depth) for truth in TRUTHS)
    return low, middle, high
