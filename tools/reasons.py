"""What an undecided verdict hangs on, and what is said beside one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tools.engine import Node
from tools.facts import FactBook
from tools.kleene import Row


def askable(names: Iterable[str], row: Row, book: FactBook) -> tuple[str, ...]:
    """Of the facts that an unknown tree hangs on, those that can be asked now, in order of asking.

    A fact that only makes sense after another one (a term in prison) gives way to that other one (the state).
    """
    found: dict[str, None] = {}
    for name in dict.fromkeys(names):
        when = book[name].asked_when
        while when and row.get(when.fact) is None:
            name = when.fact
            when = book[name].asked_when
        if when is None or row[when.fact] in when.values:
            found[name] = None
    return tuple(sorted(found, key=book.order.__getitem__))


def with_notes(node: Node) -> Iterator[Node]:
    """The conditions that carry a note, such as that a local list decides what a serious illness is."""
    if node.condition.note:
        yield node
    for child in node.children:
        yield from with_notes(child)
