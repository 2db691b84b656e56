# mypy: disable-error-code="misc, import-not-found, untyped-decorator"
# Torch and onnx are not installed where Minxing is checked.
"""Tune layers 9 to 12 and the heads on precomputed states of layer 8."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from guardrails.signals.material import Form, Line
from guardrails.signals.training.data import CATEGORIES, is_negative, targets
from guardrails.signals.training.learning import Pace, judged, learn, seeded
from guardrails.signals.training.states import States
from guardrails.signals.training.tail import Tail, load_layers, load_tail
from guardrails.signals.training.variants import Example

OUTPUTS = 4 + len(CATEGORIES) + 1
_DOUBT = 0.04
"""How far from certain the severities are taught, so that strangers are not judged with certainty."""
_MEMORY = 0.995
"""The mean is over some two hundred steps."""


def goals(lines: Sequence[Line]) -> tuple[torch.Tensor, torch.Tensor]:
    """Targets (n, outputs), and how much each of them counts."""
    wanted = targets(lines)
    y = np.concatenate([wanted.severity, wanted.category, wanted.past[:, None]], 1)
    weight = np.ones_like(y)
    weight[:, :4] += 0.5 * y[:, :4]  # a missed signal costs more than a false alarm
    weight[:, 4:-1] += 3.0 * y[:, 4:-1]
    weight[:, :4] *= 2.0
    false_alarm = np.array([is_negative(line) for line in lines])
    weight[false_alarm, 1:4] *= 1.5
    ordinary = np.array([line.form is Form.ORDINARY for line in lines])
    weight[ordinary, 1:4] *= 1.5
    return torch.from_numpy(y), torch.from_numpy(weight)


def tune(
    states: States,
    examples: Sequence[Example],
    encoder: Path,
    *,
    epochs: int = 6,
    rate: float = 2e-4,
    seed: int = 7,
    earlier: Path | None = None,
    each_epoch: Callable[[int, Tail], None] | None = None,
) -> Tail:
    """Train and return the tail, in evaluation mode; `earlier`: an exported tail to learn on from."""
    chance = seeded(seed)
    tail = Tail(OUTPUTS)
    if earlier:
        load_tail(tail, earlier)
    else:
        load_layers(tail, encoder)
    y, weight = goals([example.line for example in examples])
    y[:, :4] = y[:, :4] * (1 - _DOUBT) + _DOUBT / 2

    def loss_of(logits: torch.Tensor, some: Sequence[int]) -> torch.Tensor:
        losses = nn.functional.binary_cross_entropy_with_logits(logits, y[some], reduction="none")
        return (losses * weight[some]).sum(1).mean()

    chances = np.array([example.chance for example in examples])
    pace = Pace(epochs, rate, _MEMORY)
    return learn(tail, tail.layers, states, chances, loss_of, pace, chance, each_epoch)


def predict(tail: Tail, states: States) -> NDArray[np.float32]:
    """Probabilities (n, outputs)."""
    return judged(tail, states, torch.sigmoid)
