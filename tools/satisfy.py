"""Can a condition be met at all, and can it fail? Exact, by search over the values a rule tells apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tools.conditions import AllOf, AnyOf, Comparison, CountOf, NotOf, Unpublished
from tools.engine import FALSE, TRUE, Node, truth_table
from tools.facts import FactBook
from tools.types import FactValue

Assignment = dict[str, frozenset[FactValue]]
"""For each fact, the values that are still possible."""


class Search:
    """Looks for households that make a compiled tree come out a given way."""

    def __init__(self, book: FactBook, parameters: Mapping[str, int]) -> None:
        self._book = book
        self._parameters = parameters

    def possible(self, node: Node, wanted: int) -> bool:
        """Whether some household makes the tree come out TRUE or FALSE."""
        return next(self._ways(node, wanted, {}), None) is not None

    def _ways(self, node: Node, wanted: int, open_values: Assignment) -> Iterator[Assignment]:
        match node.condition:
            case Comparison() as condition:
                table = truth_table(condition, self._book[condition.fact], self._parameters)
                still = open_values.get(condition.fact, frozenset(self._book[condition.fact].domain()))
                left = frozenset(value for value in still if table[value] == wanted)
                if left:
                    yield {**open_values, condition.fact: left}
            case Unpublished():
                yield open_values  # nobody knows: it may hold and it may not
            case NotOf():
                yield from self._ways(node.children[0], TRUE - wanted, open_values)
            case AllOf():
                yield from self._every(node.children, wanted, open_values, needed_all=wanted == TRUE)
            case AnyOf():
                yield from self._every(node.children, wanted, open_values, needed_all=wanted == FALSE)
            case CountOf(at_least=needed):
                size = needed if wanted == TRUE else len(node.children) - needed + 1
                yield from self._some(node.children, wanted, open_values, size)

    def _every(
        self, nodes: tuple[Node, ...], wanted: int, open_values: Assignment, *, needed_all: bool
    ) -> Iterator[Assignment]:
        if not needed_all:
            for node in nodes:
                yield from self._ways(node, wanted, open_values)
        else:
            yield from self._some(nodes, wanted, open_values, len(nodes))

    def _some(
        self, nodes: tuple[Node, ...], wanted: int, open_values: Assignment, needed: int
    ) -> Iterator[Assignment]:
        if needed == 0:
            yield open_values
        elif needed <= len(nodes):
            first, rest = nodes[0], nodes[1:]
            for way in self._ways(first, wanted, open_values):
                yield from self._some(rest, wanted, way, needed - 1)
            yield from self._some(rest, wanted, open_values, needed) if needed < len(nodes) else ()
