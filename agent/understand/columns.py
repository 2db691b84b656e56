"""What the learned reader judges: each intent, and each value of a fact that words can say."""

from __future__ import annotations

from dataclasses import dataclass

from agent.types import Intent
from tools.facts import Fact, FactBook, FactType

Value = bool | int | str
ANY = "*"
"""Stands for every value of a fact whose values are numbers or names: they are read by patterns."""
LEVELS = (1, 2, 3, 4)


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
