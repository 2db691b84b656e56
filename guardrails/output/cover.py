"""What of a sentence the evidence accounts for: copied, said in other words, or nowhere to be found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from guardrails.output.paraphrase import paraphrases

_HAN = re.compile(r"[\u4e00-\u9fff]")
_LONGEST_COPY = 12


class How(StrEnum):
    """How a piece of a sentence is accounted for."""

    COPIED = "copied"
    SAID = "said"
    """In other words: `paraphrases.yaml`."""
    EMPTY = "empty"
    WEAK = "weak"
    """A single character that also stands in the evidence."""
    MISSING = "missing"
    """A word of the lexicon, and nothing in the evidence bears it."""
    NEW = "new"
    """A character that neither the lexicon nor the evidence knows."""


_COST = {How.COPIED: 0.05, How.SAID: 0.08, How.EMPTY: 0.1, How.WEAK: 0.45, How.MISSING: 0.8, How.NEW: 0.8}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence."""

    start: int
    end: int
    how: How
    text: str


def _options(word: str, evidence: str, borne: dict[str, bool]) -> Iterator[How]:
    known = paraphrases()
    if len(word) > 1 and word in evidence:
        yield How.COPIED
    if word in known.words:
        if word not in borne:
            borne[word] = known.borne_by(word, evidence)
        if word in known.empty:
            yield How.EMPTY
        if borne[word]:
            yield How.SAID
        elif word not in known.empty:
            yield How.MISSING


def pieces(sentence: str, evidence: str) -> tuple[Piece, ...]:
    """The cheapest way to account for a sentence, piece by piece; marks and figures are left out.

    Args:
        sentence: half-width text with its figures blanked.
        evidence: half-width text.
    """
    size = len(sentence)
    best: list[tuple[float, int, How | None]] = [(0.0, 0, None)] * (size + 1)
    borne: dict[str, bool] = {}
    for at in range(size - 1, -1, -1):
        if not _HAN.match(sentence[at]):
            best[at] = (best[at + 1][0], 1, None)
            continue
        how = How.WEAK if sentence[at] in evidence else How.NEW
        found = (_COST[how] + best[at + 1][0], 1, how)
        for length in range(1, min(_LONGEST_COPY, size - at) + 1):
            for option in _options(sentence[at : at + length], evidence, borne):
                cost = _COST[option] + best[at + length][0]
                if cost < found[0]:
                    found = (cost, length, option)
        best[at] = found
    result, at = [], 0
    while at < size:
        _, length, how_ = best[at]
        if how_ is not None:
            result.append(Piece(at, at + length, how_, sentence[at : at + length]))
        at += length
    return tuple(result)
