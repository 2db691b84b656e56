"""What the classifier reads: the normalised message, alone and together with the turns before it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from guardrails.signals.normalise import normalise
from guardrails.types import Author, Utterance

_TURNS = 4
_TURN_CHARS = {Author.FAMILY: 32, Author.ASSISTANT: 12, Author.STAFF: 16}
"""The end of each turn: what the family said weighs, what they were answered only sets the scene."""
_CONTEXT_CHARS = 84
"""Each further character costs half a millisecond in every turn of every talk."""
_BRACKETS = str.maketrans("", "", "<>")
_SAID = {Author.FAMILY: "说", Author.ASSISTANT: "答", Author.STAFF: "答"}


def alone(text: str) -> str:
    """The message as rules see it: no disguise, no invisible characters."""
    return normalise(text).text


def letters(text: str) -> str:
    """What the tokenizer sees: compatibility forms, no case; brackets of placeholders are no disguise."""
    return unicodedata.normalize("NFKC", text).lower().translate(_BRACKETS)


def in_context(text: str, window: Sequence[Utterance]) -> str | None:
    """The readable message, then the last turns, newest first; None where there are none."""
    turns = _turns(window)[-_TURNS:]
    if not turns:
        return None
    before = " ".join(
        f"{_SAID[turn.author]}:{_end_of(turn.text, _TURN_CHARS[turn.author])}" for turn in reversed(turns)
    )
    return f"{text} << {before[:_CONTEXT_CHARS]}"


@lru_cache(maxsize=4_096)
def _end_of(redacted: str, size: int) -> str:
    """The readable end of an earlier turn; pinyin shrinks to a quarter when it is read."""
    return normalise(redacted[-6 * size :]).text[-size:]


def _turns(window: Sequence[Utterance]) -> list[Utterance]:
    """What was said, an answer of many lines as one turn: four lines of ours would crowd out the family."""
    turns: list[Utterance] = []
    for line in window:
        if not line.text.strip():
            continue
        ours = line.author is not Author.FAMILY and turns and turns[-1].author is line.author
        if ours:
            line = replace(line, text=turns.pop().text + line.text)
        turns.append(line)
    return turns
