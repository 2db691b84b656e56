"""Condition trees compiled once: closures that decide, and tables of what to say.

Pure: the same facts, date and place give the same result; no clock, no I/O. Names of dated parameters become
numbers, and references become citations, before anything is evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any

from knowledge.types import Citation
from tools.comparison import Hinted, decide_comparison, tell_comparison
from tools.conditions import (
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    CountOf,
    NotOf,
    Unpublished,
    children,
    parameters_used,
)
from tools.facts import FactBook
from tools.kleene import (
    FALSE,
    TRUE,
    TRUTHS,
    UNKNOWN,
    Decide,
    Hint,
    Row,
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
from tools.recording import Finding, Findings, Joined, Told, Values, steps_of
from tools.types import FactValue, TraceStep, Truth

__all__ = [
    "FALSE",
    "TRUE",
    "TRUTHS",
    "UNKNOWN",
    "Finding",
    "Node",
    "Setting",
    "bound",
    "combination",
    "compile_tree",
    "settling",
    "truth_table",
    "ways_of",
]


@dataclass(frozen=True, slots=True)
class Node:
    """A compiled condition."""

    decide: Decide
    """The truth alone, as fast as it can be had."""
    condition: Condition
    children: tuple[Node, ...]
    reads: tuple[str, ...]
    """Facts it looks at, in order of appearance."""
    source: Citation
    depth: int
    table: Values | Joined | Told
    """What to say: by the value of its fact, by the findings inside it, or the same each time."""
    ways: int
    """So many combinations of values, unknown among them, its facts can have; 0 where it looks at none."""
    truths: Mapping[FactValue | None, int] = field(default_factory=dict)
    """Of a comparison: the truth for each value of its fact."""
    hints: tuple[Hint, ...] = ()
    """Of a comparison: other facts, and the truth that their values leave no doubt about."""
    hinted: tuple[Hinted, ...] = ()
    """The same with what to say."""

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
    findings: Findings = field(default_factory=Findings)
    nodes: dict[tuple[Condition, str, int, tuple[int, ...]], Node] = field(default_factory=dict)
    """What is compiled already. May be shared by all benefits and all days."""
    parts: dict[int, tuple[Node, Callable[[Row], Any]]] = field(default_factory=dict)
    """The same of what `unrolled` made of large groups."""


def compile_tree(condition: Condition, setting: Setting, source: str = "", depth: int = 0) -> Node:
    """Compile a condition. A condition without a source of its own stands on that of the group around it.

    Equal conditions at the same depth are one node: several benefits ask the same of a parent.
    """
    reference = condition.source or source
    limits = tuple(setting.parameters[name] for name in sorted(parameters_used(condition)))
    key = (condition, reference, depth, limits)
    known = setting.nodes.get(key)
    if known is None:
        known = setting.nodes[key] = _compiled(condition, setting, reference, depth)
    return known


def _compiled(condition: Condition, setting: Setting, reference: str, depth: int) -> Node:
    citation = setting.cite(reference)
    inner = tuple(compile_tree(child, setting, reference, depth + 1) for child in children(condition))
    parts = tuple(child.decide for child in inner)
    match condition:
        case Comparison():
            return _comparison(condition, setting, citation, depth)
        case Unpublished():
            step = TraceStep(condition.say, Truth.UNKNOWN, (), (), citation, depth)
            return Node(_constant, condition, (), (), citation, depth, (setting.findings(UNKNOWN), step), 0)
        case AllOf():
            decide = decide_all(parts)
        case AnyOf():
            decide = decide_any(parts)
        case NotOf():
            decide = decide_not(parts[0])
        case CountOf():
            decide = decide_count(parts, condition.at_least)
        case _:
            raise TypeError(
                f"a condition of kind {type(condition).__name__} was not expanded before compiling"
            )
    reads = tuple(dict.fromkeys(name for child in inner for name in child.reads))
    steps = steps_of(condition.say or setting.every, citation, depth)
    joined = Joined(condition, steps, setting.findings)
    return Node(decide, condition, inner, reads, citation, depth, joined, ways_of(reads, setting.facts))


def _constant(_: Row) -> int:
    return UNKNOWN


def _comparison(condition: Comparison, setting: Setting, citation: Citation, depth: int) -> Node:
    truths = truth_table(condition, setting.facts[condition.fact], setting.parameters)
    hints = hints_for(condition, setting.facts, truths)
    decide = decide_comparison(condition, truths, hints)
    values, hinted = tell_comparison(condition, truths, hints, citation, depth, setting.findings)
    reads = (condition.fact, *(other for other, _ in hints))
    ways = ways_of(reads, setting.facts)
    return Node(decide, condition, (), reads, citation, depth, values, ways, truths, hints, hinted)


def ways_of(reads: tuple[str, ...], facts: FactBook) -> int:
    """So many combinations of values, unknown among them, these facts can have; 0 for no facts."""
    return prod(len(facts[name].domain()) + 1 for name in reads) if reads else 0
