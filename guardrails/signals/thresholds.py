"""Where a probability becomes a severity, per category; chosen on the development split, recall first."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from guardrails.types import Category, Severity


class Thresholds(BaseModel):
    """The file `model/thresholds.json`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    levels: tuple[float, float, float, float]
    """Least probability of at least S1, S2, S3, S4."""
    by_category: dict[Category, tuple[float, float, float, float]] = Field(default_factory=dict)
    """Where a category needs thresholds of its own."""
    complaint: float
    past: float

    @classmethod
    def load(cls, path: Path) -> Thresholds:
        """Read the file."""
        return cls.model_validate_json(path.read_text(encoding="utf-8"))

    def severity(self, probabilities: NDArray[np.float32], category: Category) -> Severity:
        """The highest level whose probability reaches its threshold."""
        levels = self.by_category.get(category, self.levels)
        reached = [k for k in range(4) if float(probabilities[k]) >= levels[k]]
        return Severity(reached[-1] + 1) if reached else Severity.S0
