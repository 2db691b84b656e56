"""A second look at what the classifier alone would interrupt for in a talk.

In talks about hard lives the turns before a message outweigh it: 「那她还能去哪里读」, of a child whom a
school refused, got the card of a child gone missing. What weighs is less how alarming the worst reading
is than whether the message by itself agrees, and whether it asks for something that families ask offices
for. What the rules found is not looked at again, and nobody is sent away: what is taken for calm still
offers a person (S2), and the question is answered.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, model_validator

from guardrails.signals.contexts import asks_office, is_question
from guardrails.signals.thresholds import monotone

FILE = Path(__file__).with_name("model") / "second_look.json"
NAMES = (
    *(f"own_{level}" for level in ("S1", "S2", "S3", "S4")),
    *(f"worst_{level}" for level in ("S1", "S2", "S3", "S4")),
    *(f"wording_{level}" for level in ("S2", "S3", "S4")),
    "is_question", "asks_office",
)  # fmt: skip
_LEAST = 1e-4


def features(
    own: NDArray[np.float32],
    worst: NDArray[np.float32],
    wording: NDArray[np.float32],
    text: str,
) -> NDArray[np.float64]:
    """What is looked at, in the order of `NAMES`.

    Args:
        own: probabilities (4,) of at least S1 to S4, of the message by itself.
        worst: the same, each the highest of all its readings.
        wording: logits (3,) of the characters.
        text: the redacted message.
    """
    scale = np.clip(np.concatenate([monotone(own), monotone(worst)]).astype(np.float64), _LEAST, 1 - _LEAST)
    about = [is_question(text), asks_office(text)]
    return np.concatenate([np.log(scale / (1 - scale)), wording, np.array(about, np.float64)])


class SecondLook(BaseModel):
    """The file `model/second_look.json`, written by `guardrails.signals.training.second_look`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    learned_from: str
    weights: dict[str, float]
    """Per feature as it is measured, in the order of `NAMES`."""
    bias: float
    calm: float
    """Below it, what the classifier alone found grave is S2: a person is offered, the question answered."""

    @model_validator(mode="after")
    def _whole(self) -> SecondLook:
        if tuple(self.weights) != NAMES:
            raise ValueError("second_look.json does not fit second_look.py; train it again")
        return self

    @classmethod
    def load(cls, path: Path = FILE) -> SecondLook:
        """Read the file.

        Raises:
            OSError, ValueError: when it is missing or damaged.
        """
        return cls.model_validate_json(path.read_text(encoding="utf-8"))

    def score(self, measured: NDArray[np.float64]) -> float:
        """The logit of at least S3."""
        return float(measured @ np.array(list(self.weights.values())) + self.bias)
