"""What the classifier reads: the normalised message, alone and together with the turns before it."""

from __future__ import annotations

from collections.abc import Sequence

from guardrails.signals.normalise import normalise
from guardrails.types import Author, Utterance

_TURNS = 4
_TURN_CHARS = {Author.FAMILY: 32, Author.ASSISTANT: 12, Author.STAFF: 16}
"""The end of each turn: what the family said weighs, what they were answered only sets the scene."""
_CONTEXT_CHARS = 84
"""Each further character costs half a millisecond in every turn of every talk."""
_SAID = {Author.FAMILY: "说", Author.ASSISTANT: "答", Author.STAFF: "答"}


def alone(text: str) -> str:
    """The message as rules see it: no disguise, no invisible characters."""
    return normalise(text).text


def in_context(text: str, window: Sequence[Utterance]) -> str | None:
    """The readable message, then the last turns, newest first; None where there are none."""
    turns = [turn for turn in window if turn.text.strip()][-_TURNS:]
    if not turns:
        return None
    before = " ".join(
        f"{_SAID[turn.author]}:{normalise(turn.text[:200]).text[-_TURN_CHARS[turn.author] :]}"
        for turn in reversed(turns)
    )
    return f"{text} << {before[:_CONTEXT_CHARS]}"
