"""From a stream of text to sentences: flat JSON objects as they close, or plain prose in the loose mode."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from agent.types import Role

_ROLES = {role.value: role for role in (Role.ANSWER, Role.WHY, Role.ITEM, Role.NOTE, Role.REFERRAL)}
_PROSE = re.compile(r"[^。！？!?\n]+[。！？!?]?")
_THINKING = re.compile(r"<think>.*?(?:</think>|$)", re.S)
CHARS_MOST = 4_000
"""An endless answer is cut here: 1,200 tokens of Chinese are less (SE-8)."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence as the model gave it, unchecked."""

    text: str
    evidence: tuple[str, ...]
    role: Role


class SentenceStream:
    """Feed it pieces; it gives back each sentence object as soon as its closing brace arrives."""

    def __init__(self) -> None:
        self._text = ""
        self._read = 0
        self.objects = 0

    @property
    def full(self) -> bool:
        """Whether the model has written more than anybody needs."""
        return len(self._text) >= CHARS_MOST

    def feed(self, piece: str) -> Iterator[Said]:
        """Sentences that this piece completes."""
        self._text += piece
        while (said := self._next()) is not None:
            yield said

    def _next(self) -> Said | None:
        """The next flat object; one that is no sentence is passed over."""
        while True:
            begin = self._innermost()
            if begin is None:
                return None
            end = _closing(self._text, begin)
            if end is None:
                return None
            self._read = end + 1
            said = _said(self._text[begin : end + 1])
            if said is not None:
                self.objects += 1
                return said

    def _innermost(self) -> int | None:
        """Where the next object with a `text` begins; an enclosing {"sentences": [ is stepped into."""
        begin = self._text.find("{", self._read)
        while begin >= 0:
            inner = re.match(r'\{\s*"(?!text|evidence|role)\w+"\s*:\s*\[?\s*', self._text[begin:])
            if inner is None:
                return begin
            begin = self._text.find("{", begin + 1)
        return None

    def prose(self) -> Iterator[Said]:
        """What was written, as plain sentences without evidence; for servers that cannot keep to a form."""
        for part in _PROSE.findall(_THINKING.sub("", self._text)):
            clean = re.sub(r"^[\s\-*•·\d.、]+", "", part).strip()
            if clean:
                yield Said(clean, (), Role.ANSWER)


def _closing(text: str, begin: int) -> int | None:
    """Index of the brace that closes the one at `begin`, strings skipped; None while it is still open."""
    depth, quoted, escaped = 0, False, False
    for index in range(begin, len(text)):
        char = text[index]
        if quoted:
            quoted, escaped = (char != '"' or escaped), (char == "\\" and not escaped)
        elif char == '"':
            quoted = True
        elif char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
            if depth == 0:
                return index
    return None


def _said(text: str) -> Said | None:
    try:
        data = json.loads(text)
    except ValueError:
        return None
    words = data.get("text") if isinstance(data, dict) else None
    ids = data.get("evidence") if isinstance(data, dict) else None
    if not isinstance(words, str) or not words.strip():
        return None
    named = tuple(str(id_) for id_ in ids[:8]) if isinstance(ids, list) else ()
    return Said(words.strip(), named, _ROLES.get(str(data.get("role")), Role.ANSWER))
