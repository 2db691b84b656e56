"""The YAML files of this room, read once, checked and compiled."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

_HERE = Path(__file__).resolve().parent


class _Forbidden(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    why: str
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """What is never said, and where links may lead."""

    forbidden: tuple[tuple[str, str, re.Pattern[str]], ...]
    """(name, why, pattern)."""
    transferred: re.Pattern[str]
    link_hosts: tuple[str, ...]
    markup: re.Pattern[str]
    standing: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words by sense, by group. `pattern` finds any of a group's words, the longest first."""

    name: str
    sense_of: dict[str, str]
    pattern: re.Pattern[str]
    implied: dict[str, str]
    """Words that bear a sense in the evidence, but are too vague to be checked in a sentence (`~`)."""


def _read(name: str) -> dict[str, Any]:
    loaded = yaml.safe_load((_HERE / name).read_text("utf-8"))
    return TypeAdapter(dict[str, Any]).validate_python(loaded)


def any_of(patterns: list[str] | tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for several."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


@lru_cache(maxsize=1)
def wording() -> Wording:
    """`wording.yaml`."""
    content = _read("wording.yaml")
    transferred, hosts = content.pop("transferred"), content.pop("link_hosts")
    markup, standing = content.pop("markup"), content.pop("standing")
    entries = TypeAdapter(dict[str, _Forbidden]).validate_python(content)
    return Wording(
        forbidden=tuple((name, entry.why, any_of(entry.patterns)) for name, entry in entries.items()),
        transferred=any_of(transferred),
        link_hosts=tuple(hosts),
        markup=any_of(markup),
        standing=any_of(standing),
    )


def _lexicon(name: str, senses: Any) -> Lexicon:
    senses = TypeAdapter(dict[str, list[str]]).validate_python(senses, strict=True)
    every = {word: sense for sense, words in senses.items() for word in words}
    implied = {word.removeprefix("~"): sense for word, sense in every.items() if word.startswith("~")}
    sense_of = {word: sense for word, sense in every.items() if not word.startswith("~")}
    words = sorted(sense_of, key=len, reverse=True)
    return Lexicon(name, sense_of, re.compile("|".join(re.escape(word) for word in words)), implied)


@lru_cache(maxsize=1)
def contrasts() -> tuple[tuple[Lexicon, ...], ...]:
    """`contrasts.yaml`: the exclusive, the named and the clausewise groups."""
    content = _read("contrasts.yaml")
    return tuple(
        tuple(_lexicon(name, senses) for name, senses in content[part].items())
        for part in ("exclusive", "named", "clausewise")
    )


@lru_cache(maxsize=1)
def predicates() -> Lexicon:
    """`predicates.yaml`."""
    return _lexicon("predicates", _read("predicates.yaml"))


@lru_cache(maxsize=1)
def slots() -> tuple[Lexicon, ...]:
    """`slots.yaml`."""
    return tuple(_lexicon(name, senses) for name, senses in _read("slots.yaml").items())
