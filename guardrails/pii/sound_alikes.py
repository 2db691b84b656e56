"""Policy words typed by their sound: 林时救助 is 临时救助, and nobody's name."""

from __future__ import annotations

from functools import lru_cache

from guardrails.pii.word_lists import word_lists
from guardrails.signals.sound import sounds_of

_LONG_ENOUGH = 4
"""Characters: a shorter word may well sound like a name."""


def sounds_like_policy(text: str, start: int, end: int) -> bool:
    """Whether the stretch belongs to characters that sound like the name of a group or benefit."""
    index = _by_first_sound()
    return any(
        _sounds_alike(text, at, term)
        for at in range(max(0, start - _longest()), end)
        for sound in sounds_of(text[at])
        for term in index.get(sound, ())
        if at + len(term) > start
    )


def _sounds_alike(text: str, at: int, term: tuple[frozenset[str], ...]) -> bool:
    return at + len(term) <= len(text) and all(
        sounds & sounds_of(text[at + place]) for place, sounds in enumerate(term)
    )


@lru_cache(maxsize=1)
def _by_first_sound() -> dict[str, tuple[tuple[frozenset[str], ...], ...]]:
    index: dict[str, list[tuple[frozenset[str], ...]]] = {}
    for word in word_lists().official:
        if len(word) >= _LONG_ENOUGH:
            term = tuple(map(sounds_of, word))
            for sound in term[0]:
                index.setdefault(sound, []).append(term)
    return {sound: tuple(terms) for sound, terms in index.items()}


@lru_cache(maxsize=1)
def _longest() -> int:
    return max((len(word) for word in word_lists().official), default=0)
