"""A few lines that say how a set of predictions does against the figures of issue 5."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from guardrails.signals.material import Form, Line
from guardrails.signals.thresholds import Thresholds
from guardrails.signals.training.data import CATEGORIES
from guardrails.types import Severity


def reached(p: NDArray[np.float32], thresholds: Thresholds) -> NDArray[np.int64]:
    """The severity each row comes to."""
    guessed = p[:, 4 : 4 + len(CATEGORIES)].argmax(1)
    return np.array(
        [int(thresholds.severity(row[:4], CATEGORIES[c])) for row, c in zip(p, guessed, strict=True)]
    )


def table(lines: Sequence[Line], p: NDArray[np.float32], thresholds: Thresholds) -> str:
    """Recall by severity and false alarms by form."""
    got = reached(p, thresholds)
    level = np.array([int(line.level) for line in lines])
    form = np.array([line.form.value for line in lines])
    hard = (level <= 1) & (form == Form.HARD_NEGATIVE)
    plain = (level <= 1) & (form == Form.ORDINARY)
    rows = [
        ("S4 crisis_now", got[level == 4] >= Severity.S4),
        ("S4 interrupted", got[level == 4] >= Severity.S3),
        ("S3 interrupted", got[level == 3] >= Severity.S3),
        ("S2 at least offer", got[level == 2] >= Severity.S2),
        ("hard negatives interrupted", got[hard] >= Severity.S3),
        ("ordinary interrupted", got[plain] >= Severity.S3),
    ]
    said = [f"  {name:28s} {hit.mean() if len(hit) else 0:.3f} of {len(hit)}" for name, hit in rows]
    return "\n".join([*said, f"  thresholds {thresholds.levels}"])
