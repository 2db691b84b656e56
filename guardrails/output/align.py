"""Which part of the evidence a sentence speaks of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

_UNIT = re.compile(r"[^。；;！!？?\n]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_EMPTY = frozenset("的了是在有和与及或您你我他她它这那就也都还请把被给到对为从向由以于之其个呢吗吧啊呀")
_CLOSE = 0.8
_MOST = 3
_PER_SHARED_CHARACTER = 0.05
"""A long shared stretch, such as the whole name of a benefit, says more than many scattered characters."""


def units(texts: Sequence[str]) -> tuple[str, ...]:
    """Sentences of the evidence."""
    return tuple(
        match.group().strip() for text in texts for match in _UNIT.finditer(text) if match.group().strip()
    )


@lru_cache(maxsize=1_024)
def features(text: str) -> frozenset[str]:
    """Characters and character pairs that carry meaning; kept, for the same clauses bear answers all day."""
    kept = [c for c in text if _HAN.match(c)]
    pairs = {left + right for left, right in pairwise(kept)}
    return frozenset(pairs | {c for c in kept if c not in _EMPTY})


def likeness(of: frozenset[str], to: frozenset[str]) -> float:
    """How much of the first is in the second, in [0, 1]."""
    return len(of & to) / len(of) if of else 0.0


def longest_shared(sentence: str, other: str) -> int:
    """Length of the longest stretch that two texts share."""
    best, start = 0, 0
    while start + best < len(sentence):
        if sentence[start : start + best + 1] in other:
            best += 1
        else:
            start += 1
    return best


def aligned(
    sentence: str, evidence: Sequence[str], close: float = _CLOSE, most: int = _MOST
) -> tuple[str, ...]:
    """The sentences of the evidence that are closest to a sentence: the best and those nearly as good.

    Args:
        sentence: what is to be said.
        evidence: sentences to choose from.
        close: how good, as a part of the best.
        most: how many at the most.
    """
    wanted = features(sentence)
    scored = sorted(
        (
            (likeness(wanted, features(unit)) + _PER_SHARED_CHARACTER * longest_shared(sentence, unit), unit)
            for unit in evidence
        ),
        key=lambda pair: -pair[0],
    )
    if not scored or scored[0][0] == 0:
        return tuple(evidence)
    return tuple(unit for score, unit in scored[:most] if score >= close * scored[0][0])
