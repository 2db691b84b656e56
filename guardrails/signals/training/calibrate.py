"""Choose thresholds on lines that the model never read: recall first, within a budget of false alarms.

Each category gets the threshold that pays best for it, as in a household with one purse: a false alarm costs
the same everywhere, and the price is set so that the whole stays within the budget.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from guardrails.signals.material import Form, Line
from guardrails.signals.thresholds import Levels, Thresholds, monotone
from guardrails.signals.training.data import CATEGORIES, is_negative
from guardrails.types import Category, Severity

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]
BUDGET = {Severity.S1: (0.15, 0.05), Severity.S2: (0.10, 0.015), Severity.S3: (0.05, 0.005)}
"""Largest share of hard negatives, and of ordinary lines, that may reach each level.

The hard negatives of the material are harder than the day: half of them differ from a danger by one word.
"""
OVERSTATED = 0.1
"""An S4 that is shown the lesser card weighs as much as ten S3 that are shown the greater one."""
BORROWED = 0.15
"""How much lines of other categories count for a category's threshold: few lines must not decide alone."""
GRAVE = 3.0
"""How much more a missed life counts than any other missed signal."""
_LIVES = (
    Category.SUICIDE_SELF,
    Category.SUICIDE_OTHER,
    Category.CAREGIVER_HARM_RISK,
    Category.MEDICAL_EMERGENCY,
)
_GRID = np.concatenate([np.arange(0.02, 0.2, 0.01), np.arange(0.2, 0.9, 0.02), np.arange(0.9, 0.995, 0.01)])
_PRICES = np.geomspace(0.02, 200, 60)
_HIGHEST = 0.99


def calibrate(lines: Sequence[Line], probabilities: Array) -> Thresholds:
    """Thresholds for every level and category; `probabilities`: (n, outputs), as `Held.gather` gives them."""
    severity = monotone(probabilities[:, :4])
    level = np.array([int(line.level) for line in lines])
    guessed = probabilities[:, 4 : 4 + len(CATEGORIES)].argmax(1)
    hard = np.array([is_negative(line) and line.form is not Form.ORDINARY for line in lines])
    plain = np.array([line.level is Severity.S0 and line.form is Form.ORDINARY for line in lines])
    first = max(
        _least(severity[(level == 0) & side, 0], share)
        for side, share in zip((hard, plain), BUDGET[Severity.S1], strict=True)
    )
    second = _shared(severity[:, 1], guessed, level >= Severity.S2, (hard, plain), BUDGET[Severity.S2])
    third = _shared(severity[:, 2], guessed, level >= Severity.S3, (hard, plain), BUDGET[Severity.S3])
    stopped = severity[:, 2] >= third[guessed]
    right, wrong = stopped & (level == Severity.S4), stopped & (level < Severity.S4)
    fourth = _priced(severity[:, 3], guessed, right.astype(np.float64), wrong, OVERSTATED)
    everywhere = len(CATEGORIES)
    by_category: dict[Category, Levels] = {
        category: _levels(first, second[number], third[number], fourth[number])
        for number, category in enumerate(CATEGORIES)
        if category is not Category.COMPLAINT
    }
    return Thresholds(
        levels=_levels(first, second[everywhere], third[everywhere], fourth[everywhere]),
        by_category=by_category,
        complaint=_complaint(lines, probabilities),
        past=_past(lines, probabilities),
    )


def _levels(first: float, second: float, third: float, fourth: float) -> Levels:
    return tuple(round(float(value), 3) for value in (first, second, third, fourth))  # type: ignore[return-value]


def _shared(
    score: Array,
    guessed: NDArray[np.int64],
    right: Mask,
    wrong: tuple[Mask, Mask],
    budget: tuple[float, float],
) -> Array:
    """Thresholds per category, and for all at the end, with hard and ordinary lines each within budget."""
    counts = np.bincount(guessed[right], minlength=len(CATEGORIES)).astype(np.float64)
    lives = np.array([GRAVE if category in _LIVES else 1.0 for category in CATEGORIES])
    # A small category is not to be left behind.
    worth = right * (lives / np.sqrt(np.maximum(counts, 5)))[guessed]
    worth *= right.sum() / max(worth.sum(), 1e-9)
    chosen: Array | None = None
    for price in _PRICES[::-1]:
        found = _priced(score, guessed, worth, wrong[0] | wrong[1], float(price))
        reached = score >= found[guessed]
        if any(
            reached[side].sum() > max(1.0, share * side.sum())  # one line says little of a share
            for side, share in zip(wrong, budget, strict=True)
        ):
            if chosen is not None:
                break
            continue
        chosen = found
    return np.full(len(CATEGORIES) + 1, _HIGHEST, np.float32) if chosen is None else chosen


def _priced(
    score: Array, guessed: NDArray[np.int64], worth: NDArray[np.float64], wrong: Mask, price: float
) -> Array:
    """The threshold of each category, and of all, where gain less price is greatest."""
    above = score[:, None] >= _GRID[None, :]
    balance = above * (worth - price * wrong)[:, None]
    whole = balance.sum(0)
    own = np.zeros((len(CATEGORIES), len(_GRID)))
    np.add.at(own, guessed, balance)
    shares = own * (1 - BORROWED) + whole * BORROWED
    best = np.concatenate([shares, whole[None]]).argmax(1)
    found: Array = _GRID[best].astype(np.float32)
    return found


def _least(wrong: Array, budget: float) -> float:
    """The lowest threshold that keeps false alarms within the budget."""
    fitting = [t for t in _GRID if (wrong >= t).mean() <= budget] if len(wrong) else [0.5]
    return round(float(min(fitting, default=_HIGHEST)), 3)


def _complaint(lines: Sequence[Line], probabilities: Array) -> float:
    at = 4 + CATEGORIES.index(Category.COMPLAINT)
    other = np.array([line.category is not Category.COMPLAINT for line in lines])
    return _least(probabilities[other, at], 0.005)


def _past(lines: Sequence[Line], probabilities: Array) -> float:
    now = np.array([line.level >= Severity.S2 and line.form is not Form.ORDINARY for line in lines])
    return max(0.5, _least(probabilities[now, -1], 0.005))
