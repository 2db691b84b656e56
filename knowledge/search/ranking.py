"""From a question to its best clauses: candidates measured, weighed, then date, authority, topic and repeats.

Why a learned sum and not fixed shares or ranks: docs/adr/0007.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.index.tokens import tokens
from knowledge.search.combine import learned
from knowledge.search.features import Asked, Candidates, Floats, measure
from knowledge.search.places import applicable_regions
from knowledge.search.view import View

# In log-odds, beside the learned merits; they are set by hand because they are policy, not statistics.
_NEARER = 0.1
"""Gain for each step from nation to province to city on the same matter."""
_SUPERSEDED = -1.5
"""For a clause of a text over which a later one prevails."""
_TOPIC = 5.5
"""For the guide that the talk is about."""
_SAME = 0.75
"""Share of common character pairs from which two clauses say the same."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """What was found before the decision: units best first, and what the decision looks at."""

    units: Sequence[int]
    scores: Sequence[float]
    """In [0, 1], of `units`."""
    merit: float
    """Of the best unit, in log-odds."""
    meaning: float
    """Nearness of the nearest clause that applies, as a share of the scale."""
    ask_meaning: float
    """Nearness of the nearest ask of such a clause."""
    coverage: float
    """Share of the question's telling words that the best clauses contain."""


NOTHING = Ranked((), (), -9.0, -9.0, 0.0, 0.0)


def rank(
    view: View,
    asked: Asked,
    *,
    as_of: dt.date | None,
    place: str,
    topic: str | None,
    without: int | None = None,
) -> Ranked:
    """Units that apply in `place` on `as_of` (None: at any time), best first."""
    if not view.size:
        return NOTHING
    regions = applicable_regions(place)
    allowed = view.in_regions(regions)
    if as_of is not None:
        allowed &= view.in_force(as_of)
    found = measure(view, asked, allowed, without)
    if not len(found.units):
        return NOTHING
    merits = learned().merits(found.matrix) + policy(view, found.units, regions, as_of, topic)
    return _ordered(view, asked, found, merits)


def policy(
    view: View, units: NDArray[np.int64], regions: dict[str, int], as_of: dt.date | None, topic: str | None
) -> Floats:
    """What is added to the merits of units for whose text it is, whether it still prevails, and the topic."""
    added = np.asarray(_NEARER * view.authority(regions)[units], np.float32)
    if as_of is not None:
        added[view.superseded[units] <= as_of.toordinal()] += _SUPERSEDED
    if topic:
        added[view.guide[units] == topic] += _TOPIC
    return added


def _ordered(view: View, asked: Asked, found: Candidates, merits: Floats) -> Ranked:
    order = np.lexsort((found.units, -merits))
    score = dict(zip(found.units.tolist(), _share(merits).tolist(), strict=True))
    units = _without_repeats(view, found.units[order])
    return Ranked(
        units,
        [score[unit] for unit in units],
        float(merits[order[0]]),
        found.meaning,
        found.ask_meaning,
        _coverage(view, asked, units[:3]),
    )


def _share(merits: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(merits, -30, 30))), np.float32)


def _without_repeats(view: View, order: NDArray[np.int64], look: int = 30) -> list[int]:
    """`order` without clauses that say what a better one said already; only the first are compared."""
    kept: list[int] = []
    pairs: list[set[str]] = []
    for unit in order[:look]:
        text = view.entry(int(unit)).clause.text
        mine = {text[i : i + 2] for i in range(len(text) - 1)}
        if not any(_same(mine, other) for other in pairs):
            kept.append(int(unit))
            pairs.append(mine)
    return [*kept, *(int(unit) for unit in order[look:])]


def _same(one: set[str], other: set[str]) -> bool:
    """Whether two sets of character pairs have most in common; unlike lengths settle it at once."""
    fewer, more = len(one), len(other)
    if fewer > more:
        fewer, more = more, fewer
    if fewer < _SAME * more:
        return False
    common = len(one & other)
    return common >= _SAME * max(1, fewer + more - common)


def _coverage(view: View, asked: Asked, units: Sequence[int]) -> float:
    """Rarity-weighted share of the question's own words that the best of these units contains."""
    own = [token for token, weight in asked.own.items() if weight >= 1.0 and len(token) > 1]
    total = sum(view.lexical.rarity(token) for token in own)
    if not total or not units:
        return 0.0
    found: set[str] = set()
    for unit in units:
        found |= set(tokens(view.entry(unit).search_text))
    return sum(view.lexical.rarity(token) for token in own if token in found) / total
