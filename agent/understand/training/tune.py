# mypy: disable-error-code="misc, import-not-found, untyped-decorator"
# Torch is not installed where Minxing is checked.
"""Tune layers 9 to 12 and the heads on precomputed states of layer 8."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from agent.understand.training.data import Targets
from agent.understand.training.tail import Tail, load_tail
from guardrails.signals.training.learning import Pace, judged, learn, seeded
from guardrails.signals.training.states import States
from guardrails.signals.training.tail import load_layers

_MEMORY = 0.99
"""The mean is over some hundred steps."""
_OF_FACTS = 0.5
"""How much the facts count beside the wishes."""
_OF_GUIDES = 1.0


@dataclass(frozen=True, slots=True)
class Course:
    """How the layers are tuned."""

    epochs: int = 5
    rate: float = 2e-4
    seed: int = 7
    earlier: Path | None = None
    """Folder of a model to learn on from; heads of another width begin anew."""


def tune(
    states: States,
    wanted: Targets,
    encoder: Path,
    course: Course,
    each_epoch: Callable[[int, Tail], None] | None = None,
) -> Tail:
    """Train and return the tail, in evaluation mode."""
    chance = seeded(course.seed)
    intents = wanted.lead.shape[1]
    tail = Tail(intents, wanted.facts.shape[1], wanted.about.shape[1])
    if course.earlier:
        load_tail(tail, course.earlier / "tail.onnx")
    else:
        load_layers(tail, encoder)
    arrays = (wanted.lead, wanted.wishes, wanted.wish_weight, wanted.facts, wanted.fact_weight)
    lead, wishes, wish_weight, facts, fact_weight = map(torch.from_numpy, arrays)
    about = torch.from_numpy(wanted.about)
    widths = [intents, intents, facts.shape[1], about.shape[1]]
    binary = nn.functional.binary_cross_entropy_with_logits

    def loss_of(logits: torch.Tensor, some: Sequence[int]) -> torch.Tensor:
        first, each, said, asked = logits.split(widths, 1)
        loss = -(lead[some] * first.log_softmax(1)).sum(1).mean()
        loss += (binary(each, wishes[some], reduction="none") * wish_weight[some]).sum(1).mean()
        told = binary(said, facts[some], reduction="none") * fact_weight[some]
        loss += -_OF_GUIDES * (about[some] * asked.log_softmax(1)).sum(1).mean()
        return loss + _OF_FACTS * told.sum(1).mean()

    pace = Pace(course.epochs, course.rate, _MEMORY)
    return learn(tail, tail.layers, states, wanted.chance, loss_of, pace, chance, each_epoch)


def predict(tail: Tail, states: States, intents: int) -> NDArray[np.float32]:
    """Shares and probabilities (n, 2 intents + facts + guides)."""
    guides = tail.about.out_features

    def finish(logits: torch.Tensor) -> torch.Tensor:
        parts = logits.split([intents, logits.shape[1] - intents - guides, guides], 1)
        return torch.cat([parts[0].softmax(1), torch.sigmoid(parts[1]), parts[2].softmax(1)], 1)

    return judged(tail, states, finish)
