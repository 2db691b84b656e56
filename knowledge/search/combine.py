"""How what was measured adds up: one weight a measurement, learned offline by `eval/retrieval/train.py`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, model_validator

from knowledge.search.features import NAMES, Floats
from knowledge.yaml_files import load_yaml

WEIGHTS = Path(__file__).resolve().parent / "weights.yaml"


class Linear(BaseModel):
    """A sum with weights. What it says of a clause can be read off: each measurement times its weight."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bias: float
    weights: Mapping[str, float]

    def merit(self, values: Mapping[str, float]) -> float:
        """The sum for one thing, by name."""
        return self.bias + sum(weight * values[name] for name, weight in self.weights.items())


class Learned(BaseModel):
    """`weights.yaml`: the order of clauses, and whether they answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    trained_on: str
    ranking: Linear
    answering: Linear

    @model_validator(mode="after")
    def _all_measured(self) -> Learned:
        if set(self.ranking.weights) != set(NAMES):
            raise ValueError(
                f"ranking weighs {sorted(self.ranking.weights)}, but measured are {sorted(NAMES)}"
            )
        return self

    def merits(self, matrix: Floats) -> NDArray[np.float32]:
        """The merit of each row of `features.measure`, in log-odds."""
        weights = np.asarray([self.ranking.weights[name] for name in NAMES], np.float32)
        merits: NDArray[np.float32] = matrix @ weights + np.float32(self.ranking.bias)
        return merits


@cache
def learned() -> Learned:
    """The shipped weights, read once."""
    return Learned.model_validate(load_yaml(WEIGHTS.read_text("utf-8")))
