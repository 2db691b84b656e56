"""Condition trees compiled once into closures.

Pure: the same facts, date and place give the same result; no clock, no I/O. Names of dated parameters become
numbers, and references become citations, before anything is evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from knowledge.types import Citation
from tools.comparison import decide_comparison, judge_comparison
from tools.conditions import AllOf, AnyOf, Comparison, Condition, CountOf, NotOf, Unpublished, children
from tools.facts import FactBook
from tools.kleene import (
    FALSE,
    TRUE,
    TRUTHS,
    UNKNOWN,
    Decide,
    Hint,
    bound,
    combination,
    decide_all,
    decide_any,
    decide_count,
    decide_not,
    hints_for,
    settling,
    truth_table,
)
from tools.recording import KEPT_FACTS, KEPT_LEAVES, Account, Judge, always, judge_group, kept, steps_of
from tools.types import Facts, TraceStep, Truth

__all__ = [
    "FALSE",
    "TRUE",
    "TRUTHS",
    "UNKNOWN",
    "Account",
    "Node",
    "Setting",
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
    judge: Judge
    """The truth, with the account of how it came about."""
    condition: Condition
    children: tuple[Node, ...]
    reads: tuple[str, ...]
    """Facts it looks at, in order of appearance."""
    source: Citation
    hints: tuple[Hint, ...] = ()
    """Of a comparison: other facts, and the truth that their values leave no doubt about."""

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


def compile_tree(condition: Condition, setting: Setting, source: str = "", depth: int = 0) -> Node:
    """Compile a condition. A condition without a source of its own stands on that of the group around it."""
    reference = condition.source or source
    citation = setting.cite(reference)
    inner = tuple(compile_tree(child, setting, reference, depth + 1) for child in children(condition))
    outermost = depth == 0  # its verdict is kept by the rule
    match condition:
        case Comparison():
            return _comparison(condition, setting, citation, depth)
        case Unpublished():
            step = TraceStep(condition.say, Truth.UNKNOWN, (), (), citation, depth)
            return _node(condition, (), citation, _constant, always(Account(UNKNOWN, (step,))))
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
    inside = [(child.condition, child.judge) for child in inner]
    judge = judge_group(condition, inside, steps, keep=not outermost)
    node = _node(condition, inner, citation, decide, judge)
    if outermost or len(node.reads) > KEPT_FACTS or len(node.leaves()) < KEPT_LEAVES:
        return node
    return replace(node, judge=kept(judge, node.reads))


def _node(
    condition: Condition, inner: tuple[Node, ...], source: Citation, decide: Decide, judge: Judge
) -> Node:
    reads = tuple(dict.fromkeys(name for child in inner for name in child.reads))
    return Node(decide, judge, condition, inner, reads, source)


def _constant(_: Facts) -> int:
    return UNKNOWN


def _comparison(condition: Comparison, setting: Setting, citation: Citation, depth: int) -> Node:
    truths = truth_table(condition, setting.facts[condition.fact], setting.parameters)
    hints = hints_for(condition, setting.facts, truths)
    decide = decide_comparison(condition, truths, hints)
    judge = judge_comparison(condition, truths, hints, citation, depth)
    reads = (condition.fact, *(other for other, _ in hints))
    return Node(decide, judge, condition, (), reads, citation, hints)
