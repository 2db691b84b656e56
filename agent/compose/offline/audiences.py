"""Whom a paragraph is for: a girl of eight reads nothing of 高中, nobody unasked of schools for offenders."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from agent.compose.offline.draft import Writer
from agent.understand.respell import in_plain_words
from knowledge.types import Clause
from tools.types import FactValue, Outcome

_OLDEST = 200
_IS_ONE = frozenset({Outcome.LIKELY, Outcome.CHOICE})
AUDIENCES_FILE = Path(__file__).with_name("audiences.yaml")


class Audience(BaseModel):
    """Children whom some paragraphs are for, and how one knows that another child is none of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    of: re.Pattern[str]
    """Words of a paragraph that is for them."""
    but_not: re.Pattern[str] | None = None
    """Words that say that it is for others as well."""
    guides: tuple[str, ...] = ()
    """Guides all of whose paragraphs are for them."""
    against: dict[str, tuple[FactValue, ...]] = {}
    """Values of facts by which the child is none of them."""
    against_likely: str | None = None
    """A benefit that says so, where it is likely."""
    against_named: tuple[str, ...] = ()
    """Entries that say so where the message names one: 孤儿 reads nothing of 孤儿以外的人."""
    below: int | None = None
    """Younger than this, in full years, it is none of them …"""
    from_: int | None = Field(default=None, alias="from")
    """… nor from this age on."""
    asked: re.Pattern[str]
    """Words of the family that speak of them, whatever is known of the child."""
    only_asked: bool = False
    """Whether nobody reads it who did not speak of it."""
    told: dict[str, tuple[FactValue, ...]] = {}
    """Values of facts that speak of them."""

    def are_meant(self, clause: Clause) -> bool:
        """Whether a paragraph is for these children alone."""
        for_others = self.but_not is not None and self.but_not.search(clause.text)
        return clause.guide in self.guides or (bool(self.of.search(clause.text)) and not for_others)


class Kind(BaseModel):
    """Words that speak of children of a kind, and what says that a child is one of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    of: re.Pattern[str]
    likely: str | None = None
    """Benefit whose verdict says so."""
    told: dict[str, tuple[FactValue, ...]] = {}
    """Values of facts that say so."""


class Audiences(BaseModel):
    """`audiences.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    audiences: dict[str, Audience]
    kinds: tuple[Kind, ...]


@cache
def load_audiences() -> Audiences:
    """Read once a process."""
    return Audiences.model_validate(yaml.safe_load(AUDIENCES_FILE.read_text(encoding="utf-8")))


def for_others(writer: Writer, clause: Clause) -> bool:
    """Whether a paragraph is for children of whom this one is known not to be, or of whom nobody spoke."""
    return any(_excluded(writer, one) for one in load_audiences().audiences.values() if one.are_meant(clause))


def of_own_kind(writer: Writer, clause: Clause) -> bool:
    """Whether a paragraph speaks of children such as this one: an orphan's family reads what orphans get."""
    fits, told = _likely(writer), writer.brief.state.values
    return any(
        kind.likely in fits
        or (kind.told and all(told.get(name) in values for name, values in kind.told.items()))
        for kind in load_audiences().kinds
        if kind.of.search(clause.text)
    )


def _likely(writer: Writer) -> set[str]:
    precheck = writer.brief.work.precheck
    return {v.benefit for v in precheck.verdicts if v.outcome in _IS_ONE} if precheck is not None else set()


def _told(writer: Writer) -> dict[str, FactValue]:
    """What the family said for sure: a guess leaves nothing out."""
    return {fact.name: fact.value for fact in writer.brief.state.facts if fact.certain}


def _excluded(writer: Writer, audience: Audience) -> bool:
    told = _told(writer)
    if any(told.get(name) in values for name, values in audience.told.items()):
        return False
    if audience.asked.search(_talk(writer) if audience.only_asked else f"{writer.before}\n{writer.text}"):
        return False
    if audience.only_asked or any(told.get(name) in values for name, values in audience.against.items()):
        return True
    age = told.get("child_age")
    if isinstance(age, int) and (age < (audience.below or 0) or age >= (audience.from_ or _OLDEST)):
        return True
    if not {*audience.against_named}.isdisjoint(writer.brief.understanding.topics):
        return True
    return audience.against_likely is not None and audience.against_likely in _likely(writer)


def _talk(writer: Writer) -> str:
    """All that the family said in this talk, in words that our patterns know."""
    return "\n".join((*(_plain(text) for text in writer.told_before), writer.text))


@lru_cache(maxsize=1_024)
def _plain(redacted: str) -> str:
    """Kept: each message of a talk is an earlier one for every paragraph of all answers that follow."""
    return in_plain_words(redacted)
