"""What the learned reader judges: each intent, and each value of a fact that words can say."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.types import Intent
from tools.facts import Fact, FactBook, FactType

Value = bool | int | str
ANY = "*"
"""Stands for every value of a fact whose values are numbers or names: they are read by patterns."""
LEVELS = (1, 2, 3, 4)
_PARENT = re.compile(r"^(?:father|mother)_")
_DISABILITY = re.compile(r"^(?:parent|child)_(?=disability_(?:kind|level)$)")


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of the outputs, in order."""

    intents: tuple[Intent, ...]
    facts: tuple[tuple[str, Value], ...]

    @property
    def named(self) -> list[str]:
        """Facts with their values as text, as they stand in `model.json`."""
        return [f"{name}={_written(value)}" for name, value in self.facts]


def columns(book: FactBook) -> Columns:
    """All columns there are."""
    return Columns(
        tuple(Intent), tuple((name, value) for name in book.names for value in _values(book[name]))
    )


def subjectless(name: str) -> str:
    """A fact without who it is said of: `father_state` and `mother_state` are `parent_state`.

    What is said the reader knows well; who is meant the patterns know better.

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
    if isinstance(value, bool) or (name.endswith("_disability_level") and value in LEVELS):
        return name, value  # type: ignore[return-value]
    return (name, value) if isinstance(value, str) and name != "district" else (name, ANY)


def _written(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
