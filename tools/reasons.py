"""Why a tree came out as it did: the conditions that failed, and the facts that would settle it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tools.conditions import AllOf, AnyOf
from tools.engine import FALSE, TRUE, Node
from tools.facts import FactBook
from tools.types import Facts


def failed(node: Node, facts: Facts) -> tuple[str, ...]:
    """The conditions that made a false tree false, in plain Chinese, without repeats."""
    return tuple(dict.fromkeys(_failed(node, facts)))


def _failed(node: Node, facts: Facts) -> Iterator[str]:
    match node.condition:
        case AllOf():
            for child in node.children:
                if child.decide(facts) == FALSE:
                    yield from _failed(child, facts)
        case AnyOf(say=say):
            near = [child for child in node.children if _nearly(child, facts)]
            if near:
                for child in near:
                    yield from _failed(child, facts)
            else:
                yield say
        case condition:
            yield condition.say


def _nearly(node: Node, facts: Facts) -> bool:
    """Whether something in an alternative holds, so that its own failing condition is the one to name."""
    if not isinstance(node.condition, AllOf):
        return isinstance(node.condition, AnyOf) and any(_nearly(child, facts) for child in node.children)
    return any(child.decide(facts) == TRUE for child in node.children)


def askable(names: Iterable[str], facts: Facts, book: FactBook) -> tuple[str, ...]:
    """Of the facts that an unknown tree hangs on, those that can be asked now, in order of asking.

    A fact that only makes sense after another one (a term in prison) gives way to that other one (the state).
    """
    found: dict[str, None] = {}
    for name in names:
        when = book[name].asked_when
        while when and when.fact not in facts:
            name = when.fact
            when = book[name].asked_when
        if when is None or facts[when.fact] in when.values:
            found[name] = None
    return tuple(sorted(found, key=lambda name: (book[name].sensitive, book.rank[name])))


def with_notes(node: Node) -> Iterator[Node]:
    """The conditions that carry a note, such as that a local list decides what a serious illness is."""
    if node.condition.note:
        yield node
    for child in node.children:
        yield from with_notes(child)
