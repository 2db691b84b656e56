"""Choose thresholds on the development split: as many signals as possible within a budget of false alarms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from guardrails.signals.material import Form, Line
from guardrails.signals.thresholds import Thresholds
from guardrails.signals.training.data import CATEGORIES, is_negative
from guardrails.types import Category, Severity

Array = NDArray[np.float32]
Levels = tuple[float, float, float, float]
BUDGET = {
    Severity.S1: (0.15, 0.05),
    Severity.S2: (0.08, 0.03),
    Severity.S3: (0.045, 0.02),
    Severity.S4: (0.015, 0.01),
}
"""Largest share of hard negatives, and of ordinary lines, that may reach each level.

Looser than T-4: a few hundred ordinary lines are held back, and one odd one must not move a threshold.
"""
_GRID = np.concatenate([np.arange(0.2, 0.9, 0.01), np.arange(0.9, 0.99, 0.005)])
_HIGHEST = 0.99
_FEW = 12
"""With fewer development lines of a category there is nothing to choose by."""


def calibrate(lines: Sequence[Line], probabilities: Array) -> Thresholds:
    """Thresholds for every level, and for categories that would fall behind with the common ones."""
    negative = np.array([is_negative(line) for line in lines])
    level = np.array([int(line.level) for line in lines])
    common: list[float] = []
    hard = np.array([line.form is not Form.ORDINARY for line in lines])
    for k, (severity, (tricky, plain)) in enumerate(BUDGET.items()):
        wrong = negative & (level < int(severity))
        common.append(
            max(
                _least(probabilities[wrong & hard, k], tricky),
                _least(probabilities[wrong & ~hard, k], plain),
            )
        )
    levels = (common[0], common[1], common[2], common[3])
    by_category: dict[Category, Levels] = {}
    guessed = probabilities[:, 4 : 4 + len(CATEGORIES)].argmax(1)
    for number, category in enumerate(CATEGORIES):
        if category is Category.COMPLAINT:
            continue
        mine = (guessed == number) & ~negative
        if mine.sum() >= _FEW:
            own = _lowered(
                levels, level[mine], probabilities[mine], probabilities[negative & (guessed == number)]
            )
            if own != levels:
                by_category[category] = own
    complaint = _complaint(lines, probabilities)
    return Thresholds(
        levels=levels, by_category=by_category, complaint=complaint, past=_past(lines, probabilities)
    )


def _least(wrong: Array, budget: float) -> float:
    """The lowest threshold that keeps false alarms within the budget."""
    fitting = [t for t in _GRID if (wrong >= t).mean() <= budget] if len(wrong) else [0.5]
    return round(float(min(fitting, default=_HIGHEST)), 3)


def _lowered(common: Levels, level: NDArray[np.int64], p: Array, wrong: Array) -> Levels:
    """Lower thresholds for a category that falls behind, while no further false alarm comes of it."""
    own = list(common)
    for k in range(4):
        right = p[level > k, k]
        if len(right) < 4 or (right >= common[k]).mean() >= 0.97:
            continue
        for t in _GRID[::-1]:
            if t >= common[k] or (len(wrong) and (wrong[:, k] >= t).sum() > (wrong[:, k] >= common[k]).sum()):
                if t < common[k]:
                    break
                continue
            own[k] = round(float(t), 3)
            if (right >= t).mean() >= 0.97:
                break
    return (own[0], own[1], own[2], own[3])


def _complaint(lines: Sequence[Line], probabilities: Array) -> float:
    at = 4 + CATEGORIES.index(Category.COMPLAINT)
    other = np.array([line.category is not Category.COMPLAINT for line in lines])
    return _least(probabilities[other, at], 0.005)


def _past(lines: Sequence[Line], probabilities: Array) -> float:
    now = np.array([line.level >= Severity.S2 and line.form is not Form.ORDINARY for line in lines])
    return max(0.5, _least(probabilities[now, -1], 0.005))
