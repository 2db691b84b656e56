"""What is written down while a tree is judged: the trace, what is missing, what failed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from knowledge.types import Citation
from tools.conditions import AllOf, AnyOf, Comparison, Condition, Unpublished, walk
from tools.facts import FactBook
from tools.kleene import FALSE, TRUE, TRUTHS, UNKNOWN, combination, many_values, settling, truth_table
from tools.types import Facts, FactValue, TraceStep

KEPT_LEAVES, KEPT_FACTS, KEPT_MAX = 5, 6, 2048
"""A group inside a rule keeps what it came to if it holds so many comparisons over so few facts."""


@dataclass(slots=True)
class Account:
    """What is written down while a tree is judged."""

    trace: list[TraceStep] = field(default_factory=list)
    """One step per condition, outermost first."""
    missing: list[str] = field(default_factory=list)
    """Facts that an unknown tree hangs on."""
    failed: list[str] = field(default_factory=list)
    """Conditions that made a false tree false, in plain Chinese."""
    numbers: list[tuple[int, str, Callable[[FactValue | None], TraceStep]]] = field(default_factory=list)
    """Where in the trace a number stands, of which fact, and the step for another number."""
    near: bool = False
    """Whether the last false condition was on its way: something before its failing part held."""


Record = Callable[[Facts, Account], int]


def steps_of(say: str, citation: Citation, depth: int) -> tuple[TraceStep, TraceStep, TraceStep]:
    """The steps of a group, one for each truth."""
    low, middle, high = (TraceStep(say, truth, (), (), citation, depth) for truth in TRUTHS)
    return low, middle, high


def constant_record(step: TraceStep) -> Record:
    """Records a condition that is always unknown."""

    def record(_: Facts, account: Account) -> int:
        account.trace.append(step)
        return UNKNOWN

    return record


def group_record(
    condition: Condition, inner: Sequence[tuple[Condition, Record]], steps: Sequence[TraceStep]
) -> Record:
    """Record a group. Inside another group it stops at the condition that settles it: of a parent who is at
    home the trace says so once, and not for every illness and sentence the parent does not have.
    """
    every = isinstance(condition, AllOf)
    # The words of an alternative inside an `all` say well enough what failed.
    records = tuple((record, every and isinstance(child, AnyOf)) for child, record in inner)
    combine = combination(condition)
    settles = settling(condition) if steps[0].depth else None
    # In an `all`, a condition that was not published leaves no answer that could make it a yes.
    watched = every and any(isinstance(part, Unpublished) for child, _ in inner for part, _ in walk(child))
    say = condition.say

    def record(facts: Facts, account: Account) -> int:
        trace, missing, failed = account.trace, account.missing, account.failed
        place, mark, fail_mark = len(trace), len(missing), len(failed)
        trace.append(steps[UNKNOWN])
        truths = []
        near: list[str] = []
        held, settleable, fail_at, before = False, True, fail_mark, mark
        for one, telling in records:
            truth = one(facts, account)
            truths.append(truth)
            if truth == TRUE:
                held = True
            elif truth == FALSE:
                if (held and every) or telling or account.near:
                    near += failed[fail_at:]  # its own failing condition is the one to name
                fail_at = len(failed)
            elif watched:
                settleable = settleable and len(missing) > before
                before = len(missing)
            if truth == settles:
                break
        else:
            truth = combine(truths)
        trace[place] = steps[truth]
        if truth != UNKNOWN or not settleable:
            del missing[mark:]  # it hangs on nothing that could be asked
        if truth != FALSE:
            del failed[fail_mark:]
        else:
            account.near = bool(near)
            if not every:
                failed[fail_mark:] = near or [say]
        return truth

    return record


def worth_keeping(condition: Condition) -> bool:
    """Whether a group holds many comparisons over few facts."""
    facts = [part.fact for part, _ in walk(condition) if isinstance(part, Comparison)]
    return len(facts) >= KEPT_LEAVES and len(set(facts)) <= KEPT_FACTS


def remembered(
    record: Record,
    condition: Condition,
    reads: Sequence[str],
    book: FactBook,
    parameters: Mapping[str, int],
) -> Record:
    """The same record, kept for the values it reads: a parent's state means the same each time."""
    keyed = tuple((name, alike(name, (condition,), book, parameters)) for name in reads)
    seen: dict[tuple[FactValue | None, ...], tuple[int, Account]] = {}

    def replay(facts: Facts, account: Account) -> int:
        get = facts.get
        key = tuple([get(name) if groups is None else groups.get(get(name)) for name, groups in keyed])
        found = seen.get(key)
        if found is None:
            if len(seen) >= KEPT_MAX:
                seen.clear()
            own = Account()
            found = seen[key] = (record(facts, own), own)
        truth, own = found
        start = len(account.trace)
        account.trace += own.trace
        account.missing += own.missing
        account.failed += own.failed
        for place, name, step_of in own.numbers:
            account.trace[start + place] = step_of(get(name))
            account.numbers.append((start + place, name, step_of))
        account.near = own.near
        return truth

    return replay


def alike(
    name: str, trees: Iterable[Condition], book: FactBook, parameters: Mapping[str, int]
) -> Mapping[FactValue | None, int] | None:
    """For a number of many values: the group of each that the trees treat alike. None for other facts."""
    fact = book[name]
    if not many_values(fact):
        return None
    tables = [
        truth_table(part, fact, parameters)
        for tree in trees
        for part, _ in walk(tree)
        if isinstance(part, Comparison) and part.fact == name
    ]
    asking = [one.asked_when.values for one in book if one.asked_when and one.asked_when.fact == name]
    groups: dict[tuple[object, ...], int] = {}
    return {
        value: groups.setdefault(
            (*(table[value] for table in tables), *(value in values for values in asking)), len(groups)
        )
        for value in fact.domain()
    }
