"""What one fact says about another, whatever family it is: `implications.yaml`, each with its reason.

Only what holds for every household stands there. That a child is insured does not follow from anything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tools.errors import ToolsError
from tools.types import Facts, FactValue
from tools.yaml_source import YamlSource

if TYPE_CHECKING:
    from tools.facts import FactBook

IMPLICATIONS_FILE = Path(__file__).with_name("implications.yaml")
_PARENTS = ("father", "mother")


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Premise(_Data):
    """A fact with some of its values."""

    fact: str
    values: tuple[FactValue, ...] = Field(default=(), alias="is")
    at_least: int | None = None
    below: int | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.values and self.at_least is None and self.below is None:
            raise ValueError("a premise needs one of: is, at_least, below")
        return self

    def holds(self, value: FactValue) -> bool:
        """Whether a value of the fact fulfils it."""
        if self.values and value not in self.values:
            return False
        low, high = self.at_least, self.below
        return (low is None or value >= low) and (high is None or value < high)  # type: ignore[operator]


class Conclusion(_Data):
    """The fact that follows, with the values that remain: one is an answer, several rule out the rest."""

    fact: str
    values: tuple[FactValue, ...] = Field(alias="is", min_length=1)


class _Written(_Data):
    when: tuple[Premise, ...] = Field(min_length=1)
    then: Conclusion
    because: str
    source: str = ""
    """The clause, where a law makes it so; empty where the words alone do."""


@dataclass(frozen=True, slots=True)
class Implication:
    """If the premises hold, the fact has one of the values."""

    premises: tuple[tuple[str, frozenset[FactValue]], ...]
    fact: str
    values: frozenset[FactValue]
    because: str
    source: str

    @property
    def value(self) -> FactValue | None:
        """The answer, if only one value remains."""
        return next(iter(self.values)) if len(self.values) == 1 else None

    def holds(self, facts: Facts) -> bool:
        """Whether every premise is among the facts."""
        return all(facts.get(name) in values for name, values in self.premises)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Another fact that leaves only some values of this one."""

    premise: str
    possible: Mapping[FactValue, frozenset[FactValue]]
    """The values that remain, by the value of the premise; a value that narrows nothing is absent."""


def load_implications(book: FactBook, path: Path = IMPLICATIONS_FILE) -> tuple[Implication, ...]:
    """Read and validate the file; one that holds `{parent}` comes out once for each parent.

    Raises:
        CatalogueError: names the line and the mend.
    """
    source = YamlSource(path)
    found: list[Implication] = []
    for index, raw in enumerate(source.data or []):
        for one in _for_parents(raw):
            written = source.validate(_Written, one, (index,))
            _known(source, (index,), book, written.then.fact, written.then.values)
            for premise in written.when:
                _known(source, (index,), book, premise.fact, premise.values)
            found.append(
                Implication(
                    tuple(
                        (p.fact, frozenset(v for v in book[p.fact].domain() if p.holds(v)))
                        for p in written.when
                    ),
                    written.then.fact,
                    frozenset(written.then.values),
                    written.because,
                    written.source,
                )
            )
    turned = (turned for one in found if (turned := _turned_round(one, book)) is not None)
    return (*found, *turned)


def _turned_round(one: Implication, book: FactBook) -> Implication | None:
    """The same the other way: without a certificate there is no level. Only where that leaves one value:
    ruling out a few more would make every rule look at more facts, and settle next to nothing.
    """
    if len(one.premises) != 1:
        return None
    premise, values = one.premises[0]
    rest = frozenset(book[one.fact].domain()) - one.values
    possible = frozenset(book[premise].domain()) - values
    if not rest or len(possible) != 1:
        return None
    return Implication(((one.fact, rest),), premise, possible, one.because, one.source)


def _known(
    source: YamlSource, where: tuple[int, ...], book: FactBook, fact: str, values: Collection[FactValue]
) -> None:
    try:
        for value in values:
            book[fact].check(value)
        _ = book[fact]
    except ToolsError as error:
        raise source.error(str(error), where) from None


def _for_parents(raw: dict[str, Any]) -> Iterator[dict[str, Any]]:
    def filled(data: Any, parent: str) -> Any:
        if isinstance(data, dict):
            return {key: filled(value, parent) for key, value in data.items()}
        if isinstance(data, list):
            return [filled(value, parent) for value in data]
        return data.replace("{parent}", parent) if isinstance(data, str) else data

    whole = str(raw)
    yield from (filled(raw, parent) for parent in (_PARENTS if "{parent}" in whole else ("",)))


def narrowings(implications: Collection[Implication], fact: str) -> tuple[Narrowing, ...]:
    """What rules out values of a fact, one for each other fact that does."""
    found: dict[str, dict[FactValue, frozenset[FactValue]]] = {}
    for one in implications:
        if one.fact != fact or one.value is not None or len(one.premises) != 1:
            continue
        name, values = one.premises[0]
        table = found.setdefault(name, {})
        for value in values:
            table[value] = table.get(value, one.values) & one.values
    return tuple(Narrowing(name, table) for name, table in found.items())


def contradicted(implications: Collection[Implication], facts: Facts) -> tuple[Implication, ...]:
    """Those that the facts go against: somebody misspoke, or was misheard."""
    return tuple(
        one
        for one in implications
        if one.fact in facts and facts[one.fact] not in one.values and one.holds(facts)
    )
