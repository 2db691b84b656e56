"""Which column of a register says which fact, and how its values are written there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tools.catalogue import Catalogue
from tools.errors import CatalogueError
from tools.facts import Fact, FactType
from tools.table.expressions import dtype
from tools.table.frames import polars
from tools.types import FactValue
from tools.yaml_source import YamlSource

YES = ("true", "是", "有", "1", "y", "yes", "√")
NO = ("false", "否", "无", "没有", "0", "n", "no", "×")


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(_Data):
    """A column that says a fact. Values and labels of `facts.yaml` are understood as they are."""

    fact: str
    values: dict[str, FactValue] = Field(default_factory=dict)
    """Further ways of writing a value: `{服刑: imprisoned}`."""


class Mapping(_Data):
    """How to read a register."""

    key: str
    """The column that names a row. It alone is copied to the result; best a number without meaning."""
    columns: dict[str, Column]
    received: dict[str, str] = Field(default_factory=dict)
    """Columns that say a benefit is paid already, by entry id: the result then names what a child misses."""

    @model_validator(mode="after")
    def _once(self) -> Self:
        facts = [column.fact for column in self.columns.values()]
        if len(set(facts)) != len(facts):
            raise ValueError("two columns say the same fact")
        return self

    @classmethod
    def load(cls, path: Path, catalogue: Catalogue) -> Mapping:
        """Read a mapping.

        Raises:
            CatalogueError: a fact, a value or an entry in it is not ours; names the line.
        """
        source = YamlSource(path)
        mapping = source.validate(cls)
        for name, column in mapping.columns.items():
            if column.fact not in catalogue.facts:
                raise source.error(f"no fact is called {column.fact!r}", ("columns", name, "fact"))
            for text, value in column.values.items():
                try:
                    catalogue.facts[column.fact].check(value)
                except Exception as error:
                    raise source.error(str(error), ("columns", name, "values", text)) from None
        for name, entry in mapping.received.items():
            if entry not in catalogue.benefits:
                raise source.error(f"no benefit is called {entry!r}", ("received", name))
        return mapping

    def check_header(self, header: Sequence[str], file: str) -> None:
        """Whether the register has every column.

        Raises:
            CatalogueError: names the ones that are not there.
        """
        gone = [name for name in (self.key, *self.columns, *self.received) if name not in header]
        if gone:
            raise CatalogueError(file, f"has no column {'、'.join(gone)}; it has: {'、'.join(header)}")


def reading(name: str, column: Column, fact: Fact) -> Any:
    """The fact of a column, null where it is empty or cannot be read."""
    pl = polars()
    text = pl.col(name).str.strip_chars()
    if fact.type is FactType.INT:
        number = text.str.extract(rf"^(\d{{1,5}})\s*(?:{fact.unit})?$", 1).cast(pl.Int32, strict=False)
        for written, value in column.values.items():
            number = pl.when(text == written).then(pl.lit(value, dtype=pl.Int32)).otherwise(number)
        inside = number.is_between(fact.min, fact.max)
        return pl.when(inside).then(number).otherwise(None).alias(fact.name)
    table: dict[str, Any] = {}
    if fact.type is FactType.BOOL:
        table |= dict.fromkeys(YES, True) | dict.fromkeys(NO, False)
        table |= {label: value == "true" for value, label in fact.choices}
    else:
        table |= {label: value for value, label in fact.choices} | {value: value for value, _ in fact.choices}
    table |= column.values
    return text.replace_strict(table, default=None, return_dtype=dtype(fact)).alias(fact.name)


def received(name: str) -> Any:
    """Whether a column says that a benefit is paid."""
    return polars().col(name).str.strip_chars().is_in(list(YES)).fill_null(False)
