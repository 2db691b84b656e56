"""What a recogniser reports, and what a recogniser is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from guardrails.pii.kinds import EntityType
from guardrails.pii.reading import Reading

CERTAIN = 1.0
"""Format and checksum both agree."""
LIKELY = 0.85
"""Format and the words around it agree."""
POSSIBLE = 0.6
"""Looks like it, and hiding it costs little: a mistyped number is still personal."""


@dataclass(frozen=True, slots=True)
class Found:
    """An identifier in offsets of the reading, end exclusive."""

    type: EntityType
    start: int
    end: int
    score: float


Recogniser = Callable[[Reading], Iterable[Found]]
"""Linear in the length of the text; knows nothing of other recognisers."""
