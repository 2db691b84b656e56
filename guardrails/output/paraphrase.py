"""Words that may stand for each other, from `paraphrases.yaml`, and texts as rows of such words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

_FILE = Path(__file__).with_name("paraphrases.yaml")
_HAN = re.compile(r"[\u4e00-\u9fff]")


class _Content(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    empty: list[str]
    same: dict[str, list[list[str]]]
    borne: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Paraphrases:
    """The file, ready for looking up."""

    empty: frozenset[str]
    groups_of: dict[str, tuple[int, ...]]
    """Numbers of the groups that hold a word."""
    groups: tuple[frozenset[str], ...]
    kind: tuple[str, ...]
    """The kind of each group: persons, bodies, money …"""
    borne: dict[str, tuple[str, ...]]
    words: frozenset[str]
    longest: int

    def borne_by(self, word: str, evidence: str) -> bool:
        """Whether an evidence holds a word, or another that bears it."""
        if word in evidence or any(other in evidence for other in self.borne.get(word, ())):
            return True
        return any(
            other in evidence for number in self.groups_of.get(word, ()) for other in self.groups[number]
        )


@dataclass(frozen=True, slots=True)
class Token:
    """A word or character of a text. `keys` are what it counts as when texts are compared."""

    start: int
    end: int
    keys: tuple[str, ...]


@lru_cache(maxsize=1)
def paraphrases() -> Paraphrases:
    """Read and check the file once."""
    content = TypeAdapter(_Content).validate_python(yaml.safe_load(_FILE.read_text("utf-8")))
    groups: list[frozenset[str]] = []
    kinds: list[str] = []
    numbers: dict[str, list[int]] = {}
    for kind, rows in content.same.items():
        for row in rows:
            for word in row:
                numbers.setdefault(word, []).append(len(groups))
            groups.append(frozenset(row))
            kinds.append(kind)
    words = frozenset(numbers) | frozenset(content.empty) | frozenset(content.borne)
    return Paraphrases(
        empty=frozenset(content.empty),
        groups_of={word: tuple(dict.fromkeys(found)) for word, found in numbers.items()},
        groups=tuple(groups),
        kind=tuple(kinds),
        borne={word: tuple(others) for word, others in content.borne.items()},
        words=words,
        longest=max(map(len, words)),
    )


@lru_cache(maxsize=4_096)
def tokens(text: str) -> tuple[Token, ...]:
    """The words of a text that carry meaning, the longest first; other characters one by one."""
    known, found, at, before = paraphrases(), [], 0, ""
    while at < len(text):
        word = next(
            (
                text[at : at + length]
                for length in range(min(known.longest, len(text) - at), 0, -1)
                if text[at : at + length] in known.words
            ),
            "",
        )
        numbers = known.groups_of.get(word, ())
        if numbers:
            found.append(Token(at, at + len(word), tuple(f"#{number}" for number in numbers)))
        elif not word and _HAN.match(text[at]):
            keys = (text[at], before + text[at]) if before else (text[at],)
            found.append(Token(at, at + 1, keys))
        before = text[at] if not word and _HAN.match(text[at]) else ""
        at += len(word) or 1
    return tuple(found)
