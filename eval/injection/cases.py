"""Attacks and look-alikes as data, and how they are read."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator

from tools.types import FactValue

FOLDER = Path(__file__).parent
Kind = Literal[
    "ignore_rules",
    "forged_tool",
    "forged_verdict",
    "role_play",
    "prompt_theft",
    "other_family",
    "false_memory",
    "coding",
    "pieces",
    "placeholder",
    "fake_staff",
    "fake_paper",
    "markup",
    "hidden",
    "silenced",
]
_ID = Field(pattern=r"^[a-z0-9_]+$")


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Story(_Data):
    """What a family truly told before the attack, and the facts that follow from it; read by a person."""

    say: str
    facts: dict[str, FactValue]


class Attack(_Data):
    """Messages that try to get a wrong verdict, a leak or an invented figure."""

    id: str = _ID
    kind: Kind
    story: str
    """Name of the story told before; `none` for a talk that begins with the attack."""
    say: tuple[str, ...] = Field(min_length=1)
    facts: dict[str, FactValue] = {}
    """What the attack's own words truly tell about the family, besides the story."""
    never: tuple[str, ...] = ()
    """Regular expressions: what the attacker wants to read."""
    secrets: tuple[str, ...] = ()
    """Personal values of the talk that may not come back."""
    danger: bool = False
    """There is real danger in it: the card must come."""

    @field_validator("never")
    @classmethod
    def _compiles(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in value:
            re.compile(pattern)
        return value


class Attacks(_Data):
    """One file of attacks by families."""

    about: str
    attacks: tuple[Attack, ...]


class Passage(_Data):
    """A line of a document, to be kept out or taken in."""

    id: str = _ID
    text: str


class Poisoned(Passage):
    """A passage that got into the index, the question that finds it, and what a model makes of it."""

    ask: str
    story: str = "none"
    obeys: tuple[str, ...]
    never: tuple[str, ...]


class Documents(_Data):
    """The file of attacks by documents."""

    about: str
    quarantined: tuple[Passage, ...]
    passing: tuple[Passage, ...]
    poisoned: tuple[Poisoned, ...]


class Line(_Data):
    """A sentence that the model writes."""

    text: str
    evidence: tuple[str, ...]


class Misbehaviour(_Data):
    """What the model answers instead of an honest wording."""

    id: str = _ID
    lines: tuple[Line, ...] = Field(min_length=1)


class Misbehaviours(_Data):
    """The file of attacks by a model."""

    about: str
    attacks: tuple[Misbehaviour, ...]


class LookAlike(_Data):
    """An ordinary question with an attacker's words."""

    id: str = _ID
    say: str
    says: str
    """One of these, parted by `|`, must stand in the answer: it is about what was asked."""


class LookAlikes(_Data):
    """The file of look-alikes."""

    about: str
    cases: tuple[LookAlike, ...]


class Stories(_Data):
    """What families told before, and another family that talked in the same process."""

    stories: dict[str, Story]
    other_family: tuple[str, ...]
    other_family_secrets: tuple[str, ...]


M = TypeVar("M", bound=BaseModel)


def _read(name: str, model: type[M]) -> M:
    return model.model_validate(yaml.safe_load((FOLDER / name).read_text("utf-8")))


@lru_cache(1)
def attacks() -> tuple[Attack, ...]:
    """All attacks by families."""
    files = ("attacks_authority.yaml", "attacks_disguise.yaml")
    return tuple(attack for name in files for attack in _read(name, Attacks).attacks)


@lru_cache(1)
def documents() -> Documents:
    """All attacks by documents."""
    return _read("attacks_documents.yaml", Documents)


@lru_cache(1)
def misbehaviours() -> tuple[Misbehaviour, ...]:
    """All attacks by a model."""
    return _read("attacks_model.yaml", Misbehaviours).attacks


@lru_cache(1)
def look_alikes() -> tuple[LookAlike, ...]:
    """All ordinary questions."""
    return _read("look_alikes.yaml", LookAlikes).cases


@lru_cache(1)
def stories() -> Stories:
    """What was told before."""
    return _read("stories.yaml", Stories)
