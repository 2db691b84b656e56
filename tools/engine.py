"""Condition trees compiled once into closures.

Pure: the same facts, date and place give the same result; no clock, no I/O. Names of dated parameters become
numbers, and references become citations, before anything is evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from knowledge.types import Citation
from tools.conditions import AllOf, AnyOf, Comparison, Condition, CountOf, NotOf, Unpublished, children
from tools.facts import FactBook
from tools.kleene import (
    FALSE,
    TRUE,
    TRUTHS,
    UNKNOWN,
    Decide,
    bound,
    combination,
    decide_all,
    decide_any,
    decide_count,
    decide_not,
    many_values,
    settling,
    truth_table,
)
from tools.recording import (
    Account,
    Record,
    alike,
    constant_record,
    group_record,
    remembered,
    steps_of,
    worth_keeping,
)
from tools.types import Facts, FactValue, TraceStep, Truth

__all__ = [
    "FALSE",
    "TRUE",
    "TRUTHS",
    "UNKNOWN",
    "Account",
    "Node",
    "Setting",
    "alike",
    "bound",
    "combination",
    "compile_tree",
    "settling",
    "truth_table",
]


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
    every: str = ""
    """What the trace calls a group without words of its own."""


def compile_tree(
    condition: Condition, setting: Setting, source: str = "", depth: int = 0, *, kept: bool = False
) -> Node:
    """Compile a condition. A condition without a source of its own stands on that of the group around it."""
    reference = condition.source or source
    citation = setting.cite(reference)
    keep = depth > 0 and not kept and worth_keeping(condition)
    inner = tuple(
        compile_tree(child, setting, reference, depth + 1, kept=kept or keep) for child in children(condition)
    )
    match condition:
        case Comparison():
            return _comparison(condition, setting, citation, depth)
        case Unpublished():
            step = TraceStep(condition.say, Truth.UNKNOWN, (), (), citation, depth)
            return _node(condition, (), citation, _constant, constant_record(step))
        case AllOf():
            decide = decide_all(tuple(child.decide for child in inner))
        case AnyOf():
            decide = decide_any(tuple(child.decide for child in inner))
        case NotOf():
            decide = decide_not(inner[0].decide)
        case CountOf():
            decide = decide_count(tuple(child.decide for child in inner), condition.at_least)
        case _:
            raise TypeError(
                f"a condition of kind {type(condition).__name__} was not expanded before compiling"
            )
    steps = steps_of(condition.say or setting.every, citation, depth)
    node = _node(
        condition,
        inner,
        citation,
        decide,
        group_record(condition, [(child.condition, child.record) for child in inner], steps),
    )
    if not keep:
        return node
    record = remembered(node.record, condition, node.reads, setting.facts, setting.parameters)
    return replace(node, record=record)


def _node(
    condition: Condition, inner: tuple[Node, ...], source: Citation, decide: Decide, record: Record
) -> Node:
    reads = tuple(dict.fromkeys(name for child in inner for name in child.reads))
    return Node(decide, record, condition, inner, reads, source)


def _constant(_: Facts) -> int:
    return UNKNOWN


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
    is_number = many_values(setting.facts[name])

    def pair_of(value: FactValue | None) -> tuple[int, TraceStep]:
        if value is None or value not in truths:
            return pairs[None]
        step = TraceStep(say, TRUTHS[truths[value]], ((name, value),), (), citation, depth)
        pairs[value] = (truths[value], step)
        return pairs[value]

    def step_of(value: FactValue | None) -> TraceStep:
        return (pairs.get(value) or pair_of(value))[1]

    def decide(facts: Facts) -> int:
        return lookup(facts.get(name), untold)

    def record(facts: Facts, account: Account) -> int:
        value = facts.get(name)
        truth, step = pairs.get(value) or pair_of(value)
        if is_number:
            account.numbers.append((len(account.trace), name, step_of))
        account.trace.append(step)
        if truth == FALSE:
            account.failed.append(say)
            account.near = False
        elif truth == UNKNOWN:
            account.missing.append(name)
        return truth

    return Node(decide, record, condition, (), (name,), citation)
