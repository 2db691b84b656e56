"""A rule written out as one Python function, which makes the trace of a family in one go.

Going through a tree of conditions costs more than the comparisons in it: so the tree is gone through once,
when the rule is compiled, and what it does is written down. `written` gives the text, to be read; of a
condition that asks for a parent in prison, and for six months, it is

    def account(row):
        v0 = row['father_state']
        v1 = row['father_term_months']
        f1, s1 = n1[v0]
        if f1.truth == 0:
            f0, g0 = k0
            t0 = (g0, s1, )
        else:
            f2, s2 = n2[v1]
            f0, g0 = n0[f1, f2, ]
            t0 = (g0, s1, s2, )
        return (f0, ), t0

where `n1` and `n2` are what a comparison makes of a value, `n0` and `k0` what findings come to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tools.engine import Node
from tools.kleene import Row, settling
from tools.recording import KEPT_MAX, Finding, Joined, Key, Values
from tools.types import FactValue, TraceStep

Account = Callable[[Row], tuple[tuple[Finding, ...], tuple[TraceStep, ...]]]
"""Of a row that holds every fact (`FactBook.row`): the findings of the trees, and all steps in order."""

Parts = dict[int, tuple[Node, Account]]
"""Functions of large groups by the id of their node, which is kept with them."""

INDENT = "    "
SMALL = 300
"""A group that so many households can be told apart by has an answer ready for each kind of them."""
LARGE = 8
"""A group of so many comparisons has a function of its own: where several benefits ask it, as of the parents,
the first one leaves the answer in the family's row for the others."""


def unrolled(
    tree: Node, *, before: Node | None = None, presumed: Mapping[str, FactValue], parts: Parts
) -> Account:
    """The function that judges a tree.

    Args:
        tree: who may have a benefit.
        before: a tree that is judged before it, such as the residence.
        presumed: facts that count as told in `before` though they are not.
        parts: the functions of large groups; those that are missing are added.
    """
    text, names = written(tree, before=before, presumed=presumed, parts=parts)
    exec(compile(text, "<rule>", "exec"), names)
    account: Account = names["account"]
    return account


def written(
    tree: Node, *, before: Node | None = None, presumed: Mapping[str, FactValue], parts: Parts
) -> tuple[str, dict[str, Any]]:
    """The same as text, with what its names stand for."""
    writer = _Writer(parts)
    found = []
    if before is not None:
        writer.reads(before, presumed)
        found.append(writer.node(before))
    writer.reads(tree, {})
    found.append(writer.node(tree))
    findings, steps = "".join(f"{one}, " for one, _ in found), "".join(steps for _, steps in found)
    alone = before is None and isinstance(tree.table, Joined)
    writer.line(f"return ({findings}), " + (steps.strip("*, ") if alone else f"({steps})"))
    return "\n".join(writer.lines) + "\n", writer.names


class _Writer:
    """Lines of a function, and the tables that they name."""

    def __init__(self, parts: Parts) -> None:
        self.lines = ["def account(row):"]
        self.names: dict[str, Any] = {}
        self._parts = parts
        self._values: dict[str, str] = {}
        self._depth = 1
        self._count = 0

    def line(self, text: str) -> None:
        """One line, indented."""
        self.lines.append(INDENT * self._depth + text)

    def reads(self, tree: Node, presumed: Mapping[str, FactValue]) -> None:
        """Take the values that a tree looks at out of the row."""
        for name in tree.reads:
            variable = f"v{len(self._values)}" if name not in presumed else f"p{len(self._values)}"
            if name not in self._values or self._values[name].startswith("p"):
                self._values[name] = variable
                self.line(f"{variable} = row[{name!r}]")
            if name in presumed:
                self.line(f"if {variable} is None:")
                self.line(f"{INDENT}{variable} = {presumed[name]!r}")

    def node(self, node: Node) -> tuple[str, str]:
        """What a condition does: the name of its finding, and of its steps, each with a comma after it."""
        number = self._count
        self._count += 1
        if node.children and 0 < node.ways <= SMALL:
            self.names[f"n{number}"] = _ByValues(node)
            self.line(f"f{number}, t{number} = n{number}[{', '.join(self._values[n] for n in node.reads)}]")
        elif isinstance(node.table, Joined):
            self.names[f"n{number}"] = node.table
            if number and len(node.leaves()) >= LARGE and not self._presumes(node):
                self._part(node, number)
            else:
                self._group(node, number)
        else:
            self._leaf(node, number)
            return f"f{number}", f"s{number}, "
        return f"f{number}", f"*t{number}, "

    def _presumes(self, node: Node) -> bool:
        return any(self._values[name].startswith("p") for name in node.reads)

    def _leaf(self, node: Node, number: int) -> None:
        self.names[f"n{number}"] = node.table
        told = f"f{number}, s{number} = n{number}"
        if isinstance(node.table, Values):
            value = self._values[node.reads[0]]
            told += f"[{value}]"
            said = ""
            for index, (other, table) in enumerate(node.hinted):
                self.names[f"h{number}_{index}"] = table.get
                said += f"h{number}_{index}({self._values[other]}) or "
            told += f" if {value} is not None else {said}n{number}[None]" if said else ""
        self.line(told)

    def _part(self, node: Node, number: int) -> None:
        if id(node) not in self._parts:
            self._parts[id(node)] = node, unrolled(node, presumed={}, parts=self._parts)
        self.names[f"m{number}"] = self._parts[id(node)][1]
        self.line(f"if m{number} not in row:")
        self.line(f"{INDENT}row[m{number}] = m{number}(row)")
        self.line(f"(f{number}, ), t{number} = row[m{number}]")

    def _group(self, node: Node, number: int) -> None:
        settles = settling(node.condition) if node.depth else None
        findings, steps = "", ""
        outside, last = self._depth, len(node.children) - 1

        def close(told: str) -> None:
            self.line(f"f{number}, g{number} = {told}")
            self.line(f"t{number} = (g{number}, {steps})")

        for index, child in enumerate(node.children):
            finding, more = self.node(child)
            findings, steps = f"{findings}{finding}, ", steps + more
            if settles is not None and index < last:
                self.line(f"if {finding}.truth == {settles}:")
                self._depth += 1
                close(f"n{number}[{findings}]" if index else self._settled(number, child, settles))
                self._depth -= 1
                self.line("else:")
                self._depth += 1
        close(f"n{number}[{findings}]")
        self._depth = outside

    def _settled(self, number: int, first: Node, truth: int) -> str:
        """What a group comes to whose first condition settles it: ever the same, if that is a comparison."""
        if not isinstance(first.table, Values):
            return f"n{number}[f{number + 1}, ]"
        self.names[f"k{number}"] = self.names[f"n{number}"][(first.table.ends[truth],)]
        return f"k{number}"


class _ByValues(dict[Key, tuple[Finding, tuple[TraceStep, ...]]]):
    """What a small group makes of the values of the facts it looks at."""

    def __init__(self, node: Node) -> None:
        super().__init__()
        self._node = node

    def __missing__(self, key: Key) -> tuple[Finding, tuple[TraceStep, ...]]:
        if len(self) >= KEPT_MAX:
            self.clear()
        reads = self._node.reads
        values = key if isinstance(key, tuple) else (key,)
        found = self[key] = plainly(self._node, dict(zip(reads, values, strict=True)))
        return found


def plainly(node: Node, row: Row) -> tuple[Finding, tuple[TraceStep, ...]]:
    """The finding and the steps of a condition, going through the tree."""
    table = node.table
    if isinstance(table, Values):
        told = table[row[node.reads[0]]] if row[node.reads[0]] is not None else None
        hinted = (found for other, values in node.hinted if (found := values.get(row[other])))  # type: ignore[arg-type]
        finding, step = told or next(hinted, table[None])
        return finding, (step,)
    if not isinstance(table, Joined):
        return table[0], (table[1],)
    findings: list[Finding] = []
    steps: list[TraceStep] = []
    for child in node.children:
        finding, more = plainly(child, row)
        findings.append(finding)
        steps += more
        if node.depth and finding.truth == settling(node.condition):
            break
    finding, step = table[tuple(findings)]
    return finding, (step, *steps)
