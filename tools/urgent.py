"""The urgent lane: what can be had today and who to call now, before anything that takes weeks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from knowledge.types import Citation
from tools.benefit import Said
from tools.directory import Directory
from tools.facts import FactBook
from tools.types import Contact, Facts, FactValue
from tools.yaml_source import YamlSource

URGENT_FILE = Path(__file__).with_name("urgent.yaml")


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _When(_Data):
    fact: str
    equals: FactValue | tuple[FactValue, ...] = Field(alias="is")


class _Need(_Data):
    when: _When
    first: str
    benefit: str
    steps: tuple[Said, ...]
    call: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UrgentHelp:
    """What to do now for one need."""

    need: str
    first: str
    """The one thing to do first, in plain Chinese."""
    benefit: str
    """Entry that can be had at once."""
    steps: tuple[tuple[str, Citation], ...]
    call: tuple[Contact, ...]


class UrgentLane:
    """Needs that cannot wait, most pressing first as the file orders them."""

    def __init__(
        self, needs: dict[str, _Need], directory: Directory, cite: Callable[[str], Citation]
    ) -> None:
        self._needs = needs
        self._directory = directory
        self._cited = {step.source: cite(step.source) for need in needs.values() for step in need.steps}

    @classmethod
    def load(
        cls,
        directory: Directory,
        cite: Callable[[str], Citation],
        book: FactBook | None = None,
        path: Path = URGENT_FILE,
    ) -> UrgentLane:
        """Read and validate `urgent.yaml`; every fact, contact and reference is known.

        Raises:
            CatalogueError: names the need and what is wrong with it.
        """
        source = YamlSource(path)
        facts = book or FactBook.load()
        needs = {name: source.validate(_Need, raw) for name, raw in source.data.items()}
        for name, need in needs.items():
            if need.when.fact not in facts:
                raise source.error(f"no fact is called {need.when.fact}", (name, "when", "fact"))
            for contact in need.call:
                try:
                    directory.get(contact)
                except Exception as error:
                    raise source.error(str(error), (name, "call")) from None
        return cls(needs, directory, cite)

    def help(self, facts: Facts, now: dt.datetime | None = None) -> tuple[UrgentHelp, ...]:
        """What the facts call for right now; empty when nothing is urgent."""
        found = []
        for name, need in self._needs.items():
            wanted = need.when.equals if isinstance(need.when.equals, tuple) else (need.when.equals,)
            value = facts.get(need.when.fact)
            if value is not None and value in wanted:
                found.append(
                    UrgentHelp(
                        need=name,
                        first=need.first,
                        benefit=need.benefit,
                        steps=tuple((step.say, self._cited[step.source]) for step in need.steps),
                        call=tuple(self._directory.get(contact, now) for contact in need.call),
                    )
                )
        return tuple(found)
