"""Where a probability becomes a severity, per category; chosen on lines of unread hands, recall first."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from guardrails.types import Category, Severity

Levels = tuple[float, float, float, float]


def monotone(probabilities: NDArray[np.float32]) -> NDArray[np.float32]:
    """At least S3 is no likelier than at least S2: each level raised to the highest above it, last axis."""
    raised: NDArray[np.float32] = np.maximum.accumulate(probabilities[..., ::-1], axis=-1)[..., ::-1]
    return raised


class Thresholds(BaseModel):
    """The file `model/thresholds.json`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    levels: Levels
    """Least probability of at least S1, S2 and S3; and of S4, for what already reaches S3.

    Whether to interrupt and which card to show are two questions. Once a message interrupts, the second is
    answered recall first: an S3 shown the greater card loses little, an S4 shown the lesser, perhaps a life.
    """
    by_category: dict[Category, Levels] = Field(default_factory=dict)
    """Where a category needs thresholds of its own."""
    complaint: float
    past: float

    @classmethod
    def load(cls, path: Path) -> Thresholds:
        """Read the file."""
        return cls.model_validate_json(path.read_text(encoding="utf-8"))

    def severity(
        self, probabilities: NDArray[np.float32], category: Category, *, in_talk: bool = False
    ) -> Severity:
        """The highest level that is reached.

        Args:
            probabilities: (4,), of at least S1, S2, S3, S4.
            category: the likeliest.
            in_talk: of a message together with the turns before it. The heavy facts of a talk stand in all of
                its turns: there no category is believed sooner than the others, and no S3 more than the S2 it
                implies. Of 272 dangerous messages in talks of unread hands one more is missed so, and a third
                of the false alarms in ordinary talks are gone.
        """
        levels = self.by_category.get(category, self.levels)
        if in_talk:
            levels = tuple(max(pair) for pair in zip(levels, self.levels, strict=True))  # type: ignore[assignment]
            probabilities = np.minimum(probabilities, np.array([1, 1, *[probabilities[1]] * 2], np.float32))
        at_least = monotone(probabilities)
        if at_least[2] >= levels[2]:
            # The label itself says so: a carer who may take the child along is always S4 (CR-18).
            grave = at_least[3] >= levels[3] or category is Category.CAREGIVER_HARM_RISK
            return Severity.S4 if grave else Severity.S3
        reached = [k for k in range(2) if at_least[k] >= levels[k]]
        return Severity(reached[-1] + 1) if reached else Severity.S0
