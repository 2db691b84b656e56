"""Kleene's three-valued logic over condition trees, compiled once into closures.

Pure: the same facts, date and place give the same result; no clock, no I/O. Names of dated parameters become
numbers, and references become citations, before anything is evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from knowledge.types import Citation
from tools.conditions import (
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    CountOf,
    NotOf,
    ParameterReference,
    Unpublished,
    children,
)
from tools.facts import Fact, FactBook
from tools.types import Facts, FactValue, TraceStep, Truth

FALSE, UNKNOWN, TRUE = 0, 1, 2
TRUTHS = (Truth.FALSE, Truth.UNKNOWN, Truth.TRUE)

Decide = Callable[[Facts], int]


@dataclass(slots=True)
class Account:
    """What is written down while a tree is judged."""

    trace: list[TraceStep] = field(default_factory=list)
    """One step per condition, outermost first."""
    missing: list[str] = field(default_factory=list)
    """Facts that an unknown tree hangs on."""
    failed: list[str] = field(default_factory=list)
    """Conditions that made a false tree false, in plain Chinese."""
    near: bool = False
    """Whether the last false condition was on its way: something before its failing part held."""


Record = Callable[[Facts, Account], int]


@dataclass(frozen=True, slots=True)
class Node:
    """A compiled condition."""

    decide: Decide
    """The truth alone, as fast as it can be had."""
    record: Record
    """The truth, with the account of how it came about."""
    condition: Condition
    children: tuple[Node, ...]
    reads: tuple[str, ...]
    """Facts it looks at, in order of appearance."""
    source: Citation

    def leaves(self) -> tuple[Node, ...]:
        """The comparisons inside, in order."""
        if not self.children:
            return (self,)
        return tuple(leaf for child in self.children for leaf in child.leaves())


@dataclass(frozen=True, slots=True)
class Setting:
    """All that a tree is compiled with: the facts, the parameters of the day, and how references resolve."""

    facts: FactBook
    parameters: Mapping[str, int]
    cite: Callable[[str], Citation]


def compile_tree(condition: Condition, setting: Setting, source: str = "", depth: int = 0) -> Node:
    """Compile a condition. A condition without a source of its own stands on that of the group around it."""
    reference = condition.source or source
    citation = setting.cite(reference)
    inner = tuple(compile_tree(child, setting, reference, depth + 1) for child in children(condition))
    match condition:
        case Comparison():
            return _comparison(condition, setting, citation, depth)
        case Unpublished():
            step = TraceStep(condition.say, Truth.UNKNOWN, (), (), citation, depth)
            return _node(condition, (), citation, _constant, _constant_record(step))
        case AllOf():
            decide = _all(tuple(child.decide for child in inner))
        case AnyOf():
            decide = _any(tuple(child.decide for child in inner))
        case NotOf():
            decide = _not(inner[0].decide)
        case CountOf():
            decide = _count(tuple(child.decide for child in inner), condition.at_least)
        case _:
            raise TypeError(
                f"a condition of kind {type(condition).__name__} was not expanded before compiling"
            )
    steps = _steps(condition.say or "下面每一条都要满足", citation, depth)
    return _node(condition, inner, citation, decide, _group_record(condition, inner, steps))


def _node(
    condition: Condition, inner: tuple[Node, ...], source: Citation, decide: Decide, record: Record
) -> Node:
    reads = tuple(dict.fromkeys(name for child in inner for name in child.reads))
    return Node(decide, record, condition, inner, reads, source)


def _comparison(condition: Comparison, setting: Setting, citation: Citation, depth: int) -> Node:
    name = condition.fact
    truths = truth_table(condition, setting.facts[name], setting.parameters)
    lookup = truths.get
    untold = FALSE if condition.proof else UNKNOWN
    unknown = TraceStep(
        condition.say, TRUTHS[untold], (), () if condition.proof else (name,), citation, depth
    )
    # Steps are built once per value: a pre-check of all benefits then only appends.
    pairs: dict[FactValue | None, tuple[int, TraceStep]] = {None: (untold, unknown)}
    say = condition.say

    def decide(facts: Facts) -> int:
        return lookup(facts.get(name), untold)

    def record(facts: Facts, account: Account) -> int:
        value = facts.get(name)
        pair = pairs.get(value)
        if pair is None:
            pair = pairs[None]
            if value in truths:
                told = TraceStep(say, TRUTHS[truths[value]], ((name, _told(value)),), (), citation, depth)
                pair = pairs[value] = (truths[value], told)
        truth, step = pair
        account.trace.append(step)
        if truth == FALSE:
            account.failed.append(say)
            account.near = False
        elif truth == UNKNOWN:
            account.missing.append(name)
        return truth

    return Node(decide, record, condition, (), (name,), citation)


def _told(value: FactValue | None) -> FactValue:
    assert value is not None
    return value


def truth_table(
    condition: Comparison, fact: Fact, parameters: Mapping[str, int]
) -> dict[FactValue | None, int]:
    """What the comparison says for every value the fact can take."""
    return {value: TRUE if _holds(condition, value, parameters) else FALSE for value in fact.domain()}


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


def _steps(say: str, citation: Citation, depth: int) -> tuple[TraceStep, TraceStep, TraceStep]:
    low, middle, high = (TraceStep(say, truth, (), (), citation, depth) for truth in TRUTHS)
    return low, middle, high


def _constant(_: Facts) -> int:
    return UNKNOWN


def _constant_record(step: TraceStep) -> Record:
    def record(_: Facts, account: Account) -> int:
        account.trace.append(step)
        return UNKNOWN

    return record


def _group_record(condition: Condition, inner: Sequence[Node], steps: Sequence[TraceStep]) -> Record:
    """Record a group. Inside another group it stops at the condition that settles it: of a parent who is at
    home the trace says so once, and not for every illness and sentence the parent does not have.
    """
    every = isinstance(condition, AllOf)
    # The words of an alternative inside an `all` say well enough what failed.
    records = tuple((child.record, every and isinstance(child.condition, AnyOf)) for child in inner)
    combine = combination(condition)
    settles = settling(condition) if steps[0].depth else None
    # In an `all`, a condition that was not published leaves no answer that could make it a yes.
    watched = every and any(
        isinstance(leaf.condition, Unpublished) for child in inner for leaf in child.leaves()
    )
    say = condition.say

    def record(facts: Facts, account: Account) -> int:
        trace, missing, failed = account.trace, account.missing, account.failed
        place, mark, fail_mark = len(trace), len(missing), len(failed)
        trace.append(steps[UNKNOWN])
        truths = []
        near: list[str] = []
        held, settleable = False, True
        for one, telling in records:
            before, fail_before = len(missing), len(failed)
            truth = one(facts, account)
            truths.append(truth)
            if truth == FALSE:
                if (held and every) or telling or account.near:
                    near += failed[fail_before:]  # its own failing condition is the one to name
            elif truth == TRUE:
                held = True
            elif watched and len(missing) == before:
                settleable = False
            if truth == settles:
                break
        else:
            truth = combine(truths)
        trace[place] = steps[truth]
        if len(missing) > mark and (truth != UNKNOWN or not settleable):
            del missing[mark:]  # it hangs on nothing that could be asked
        if truth != FALSE:
            del failed[fail_mark:]
        else:
            account.near = bool(near)
            if not every:
                failed[fail_mark:] = near or [say]
        return truth

    return record


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


def _all(parts: tuple[Decide, ...]) -> Decide:
    def decide(facts: Facts) -> int:
        truth = TRUE
        for part in parts:
            one = part(facts)
            if one < truth:
                if one == FALSE:
                    return FALSE
                truth = one
        return truth

    return decide


def _any(parts: tuple[Decide, ...]) -> Decide:
    def decide(facts: Facts) -> int:
        truth = FALSE
        for part in parts:
            one = part(facts)
            if one > truth:
                if one == TRUE:
                    return TRUE
                truth = one
        return truth

    return decide


def _not(part: Decide) -> Decide:
    return lambda facts: TRUE - part(facts)


def _count(parts: tuple[Decide, ...], needed: int) -> Decide:
    def decide(facts: Facts) -> int:
        truths = sorted((part(facts) for part in parts), reverse=True)
        return truths[needed - 1] if needed <= len(truths) else FALSE

    return decide
