"""The truth of a rule alone, written out as one Python function that stops as soon as it is certain.

What `unrolled` is for traces. The next question is found by trying answers, some hundred times for one
family, and a trace of what might be would only be thrown away.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tools.conditions import AllOf, AnyOf, CountOf, NotOf
from tools.engine import FALSE, TRUE, UNKNOWN, Node
from tools.kleene import Decide
from tools.recording import Values
from tools.types import FactValue

INDENT = "    "


def shortcut(tree: Node, *, before: Node | None = None, presumed: Mapping[str, FactValue]) -> Decide:
    """The function that decides a tree; facts that are absent or None are unknown.

    Args:
        tree: who may have a benefit.
        before: a tree that must hold too, such as the residence.
        presumed: facts that count as told in `before` though they are not.
    """
    text, names = written(tree, before=before, presumed=presumed)
    exec(compile(text, "<rule>", "exec"), names)
    decide: Decide = names["decide"]
    return decide


def written(
    tree: Node, *, before: Node | None = None, presumed: Mapping[str, FactValue]
) -> tuple[str, dict[str, Any]]:
    """The same as text, with what its names stand for."""
    writer = _Writer()
    if before is not None:
        writer.presumed = presumed
        place = writer.node(before)
        writer.line(f"if {place} == {FALSE}:")
        writer.line(f"{INDENT}return {FALSE}")
        writer.presumed = {}
        who = writer.node(tree)
        writer.line(f"return {place} if {place} < {who} else {who}")
    else:
        writer.line(f"return {writer.node(tree)}")
    return "\n".join(writer.lines) + "\n", writer.names


class _Writer:
    """Lines of a function, and the tables that they name."""

    def __init__(self) -> None:
        self.lines = ["def decide(row):", f"{INDENT}get = row.get"]
        self.names: dict[str, Any] = {}
        self.presumed: Mapping[str, FactValue] = {}
        self._depth = 1
        self._count = 0

    def line(self, text: str) -> None:
        """One line, indented."""
        self.lines.append(INDENT * self._depth + text)

    def node(self, node: Node) -> str:
        """What a condition does: the name of its truth."""
        truth = f"t{self._count}"
        self._count += 1
        match node.condition:
            case AllOf():
                self._group(truth, node, FALSE)
            case AnyOf():
                self._group(truth, node, TRUE)
            case NotOf():
                self.line(f"{truth} = {TRUE} - {self.node(node.children[0])}")
            case CountOf(at_least=needed):
                truths = ", ".join([self.node(child) for child in node.children])
                enough = needed <= len(node.children)
                counted = f"sorted(({truths},), reverse=True)[{needed - 1}]" if enough else FALSE
                self.line(f"{truth} = {counted}")
            case _:
                self.line(f"{truth} = {self._leaf(truth, node)}")
        return truth

    def _leaf(self, truth: str, node: Node) -> str:
        if not isinstance(node.table, Values):
            return str(UNKNOWN)
        told = [f"get({name!r})" for name in node.reads]
        for index, name in enumerate(node.reads):
            if name in self.presumed:
                self.line(f"{truth}_{index} = {told[index]}")
                told[index] = f"({self.presumed[name]!r} if {truth}_{index} is None else {truth}_{index})"
        if node.hints:
            self.names[f"d{truth}"] = node.decide
            row = ", ".join(f"{name!r}: {value}" for name, value in zip(node.reads, told, strict=True))
            return f"d{truth}({{{row}}})"
        self.names[f"g{truth}"] = node.truths.get
        return f"g{truth}({told[0]}, {node.table[None][0].truth})"

    def _group(self, truth: str, node: Node, settles: int) -> None:
        self.line("while True:")
        self._depth += 1
        truths = []
        for child in node.children:
            truths.append(self.node(child))
            self.line(f"if {truths[-1]} == {settles}:")
            self.line(f"{INDENT}{truth} = {settles}")
            self.line(f"{INDENT}break")
        unsure = " or ".join(f"{one} == {UNKNOWN}" for one in truths)
        self.line(f"{truth} = {UNKNOWN} if {unsure} else {TRUE - settles}")
        self.line("break")
        self._depth -= 1
