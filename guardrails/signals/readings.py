"""Homophones, initials, number slang, emoji and pinyin turned into the words they stand for."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from guardrails.signals.normalise import Normalised

_STOP, _STOPS = "[，。！？]", "[,。!?.;、 ]"
"""Folding makes full-width marks half-width; the file writes the usual ones."""
READINGS = Path(__file__).with_name("readings.yaml")


class Reading(BaseModel):
    """A word and the ways it is disguised, as regular expressions over folded text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    word: str
    written: tuple[str, ...]


class Readings(BaseModel):
    """The file `readings.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    readings: tuple[Reading, ...]
    foreign: frozenset[str]
    """Latin words that are no pinyin."""
    emoji: dict[str, str]


@lru_cache(maxsize=1)
def _file() -> Readings:
    return Readings.model_validate(yaml.safe_load(READINGS.read_text(encoding="utf-8")))


def foreign() -> frozenset[str]:
    """Latin words that are no pinyin."""
    return _file().foreign


@lru_cache(maxsize=1)
def _table() -> tuple[re.Pattern[str], tuple[str, ...]]:
    data = _file()
    patterns = [(written, reading.word) for reading in data.readings for written in reading.written]
    patterns += [(re.escape(sign), f"[{word}]") for sign, word in data.emoji.items()]
    patterns = [(pattern.replace(_STOP, _STOPS), word) for pattern, word in patterns]
    joined = "|".join(f"(?P<r{i}>{pattern})" for i, (pattern, _) in enumerate(patterns))
    return re.compile(joined), tuple(word for _, word in patterns)


def read(message: Normalised) -> Normalised:
    """Steps 3 and 4: exchange what is disguised for the plain word, first pinyin, then the table."""
    from guardrails.signals import pinyin, sound

    message = pinyin.read(message)
    pattern, words = _table()
    pieces = []
    for match in pattern.finditer(message.text):
        if match.lastgroup and match.end() > match.start():
            pieces.append((match.start(), match.end(), words[int(match.lastgroup[1:])]))
    return sound.read(message.replace(pieces) if pieces else message)
