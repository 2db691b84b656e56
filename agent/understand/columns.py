"""What the learned reader judges: each intent, each value of a fact that words can say, the guide asked for.

Of father and mother it judges what is said of either, of a disability what is said of anybody in the family:
who is meant the patterns know better, and what is said is learned from all of them together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.types import Intent
from knowledge.guides import load_guides
from knowledge.sources import Registry
from tools.facts import Fact, FactBook, FactType

Value = bool | int | str
ANY = "*"
"""Stands for every value of a fact whose values are numbers or names: they are read by patterns."""
LEVELS = (1, 2, 3, 4)
NOTHING = ""
_PARENT = re.compile(r"^(?:father|mother)_")
_DISABILITY = re.compile(r"^(?:parent|child)_(?=disability_(?:kind|level)$)")


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of the outputs, in order."""

    intents: tuple[Intent, ...]
    facts: tuple[tuple[str, Value], ...]
    guides: tuple[str, ...] = ()
    """Entries, in order; the last column, `NOTHING`, is of what no document of ours answers."""

    @property
    def named(self) -> list[str]:
        """Facts with their values as text, as they stand in `model.json`."""
        return [f"{name}={_written(value)}" for name, value in self.facts]


def columns(book: FactBook) -> Columns:
    """All columns there are."""
    facts = ((subjectless(name), value) for name in book.names for value in _values(book[name]))
    return Columns(
        tuple(Intent), tuple(dict.fromkeys(facts)), (*sorted(load_guides(Registry.load())), NOTHING)
    )


def subjectless(name: str) -> str:
    """A fact without who it is said of: `father_state` and `mother_state` are `parent_state`.

    Examples:
        >>> subjectless("mother_state"), subjectless("child_disability_kind"), subjectless("child_autism")
        ('parent_state', 'somebody_disability_kind', 'child_autism')
    """
    return _DISABILITY.sub("somebody_", _PARENT.sub("parent_", name))


def _values(fact: Fact) -> tuple[Value, ...]:
    if fact.type is FactType.BOOL:
        return (True, False)
    if fact.name.endswith("_disability_level"):
        return LEVELS
    if fact.type is FactType.ENUM and fact.name != "district":
        return tuple(fact.values)
    return (ANY,)


def column_of(name: str, value: Value | float) -> tuple[str, Value]:
    """The column that a value of a fact belongs to; a float is no value that words say."""
    merged = subjectless(name)
    if isinstance(value, bool) or (merged.endswith("_disability_level") and value in LEVELS):
        return merged, value  # type: ignore[return-value]
    return (merged, value) if isinstance(value, str) and name != "district" else (merged, ANY)


def _written(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
