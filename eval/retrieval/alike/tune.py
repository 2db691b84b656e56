# mypy: disable-error-code="misc, import-not-found, untyped-decorator"
# Torch is not installed where Minxing is checked.
"""Layers 9 to 12 learn which questions ask for the same clause: of a batch each finds its own (InfoNCE)."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from eval.retrieval.alike.lines import Lines, batches
from guardrails.signals.training.learning import seeded
from guardrails.signals.training.states import States
from guardrails.signals.training.tail import LAYERS, Layer, load_layers, round_weights

_FREE = 0.6
"""Share of the steps before the weights are rounded to 4 bits while they learn."""
_LOST = 0.1
"""Share of the tokens that are hidden in each step."""
_MEMORY = 0.99


@dataclass(frozen=True, slots=True)
class Course:
    """How the layers are tuned."""

    epochs: int = 5
    rate: float = 3e-4
    pairs: int = 48
    """Of a batch."""
    beside: int = 12
    """Texts of a batch that are nobody's: nothing of ours is to come near them."""
    sharpness: float = 20.0
    """Cosines are multiplied by this before the softmax."""
    seed: int = 7


class Upper(nn.Module):
    """Layers 9 to 12, then the mean of the tokens, of unit length."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer() for _ in LAYERS)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Vectors (n, 384) of states (n, tokens, 384)."""
        for layer in self.layers:
            x = layer(x, mask)
        mean = (x * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return nn.functional.normalize(mean, dim=1)


def tune(
    states: States,
    lines: Lines,
    encoder: Path,
    course: Course,
    each_epoch: Callable[[int, Upper], None],
) -> Upper:
    """Train and return the running mean of the weights, rounded as they are exported."""
    seeded(course.seed)
    dice = random.Random(course.seed)
    upper = Upper()
    load_layers(upper, encoder)
    optimiser = torch.optim.AdamW(upper.parameters(), lr=course.rate, weight_decay=0.01)
    per_epoch = sum(1 for _ in batches(lines, course.pairs, course.beside, random.Random(0))) + 2
    steps = per_epoch * course.epochs
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, course.rate, total_steps=steps, pct_start=0.1, anneal_strategy="cos"
    )
    mean = AveragedModel(upper, multi_avg_fn=get_ema_multi_avg_fn(_MEMORY))
    settled: Upper = mean.module
    step, begun = 0, time.monotonic()
    for epoch in range(course.epochs):
        upper.train()
        for some in batches(lines, course.pairs, course.beside, dice):
            round_weights(upper, step >= steps * _FREE)
            step += 1
            loss = _loss(upper, states, lines, some, course.sharpness)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(upper.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            mean.update_parameters(upper)
            if step % 50 == 0:
                print(f"{step}/{steps} {loss.item():.3f} {time.monotonic() - begun:.0f} s", flush=True)  # noqa: T201
        settled.eval()
        round_weights(settled, True)
        each_epoch(epoch, settled)
    return settled


def _loss(upper: Upper, states: States, lines: Lines, some: Sequence[int], sharpness: float) -> torch.Tensor:
    x, mask = states.batch(some)
    hidden = torch.rand(mask.shape) < _LOST
    hidden[:, 0] = False
    with torch.autocast("cpu", dtype=torch.bfloat16):
        vectors = upper(x, mask & ~hidden)
    near = vectors.float() @ vectors.float().T * sharpness
    owner = torch.tensor([lines.clause[i] for i in some])
    itself = torch.eye(len(some), dtype=torch.bool)
    together = (owner[:, None] == owner[None]) & ~itself & (owner[:, None] >= 0)
    ours = together.any(1)
    chances = near.masked_fill(itself, -1e4).log_softmax(1)
    each = (chances * together).sum(1) / together.sum(1).clamp(min=1)
    return -each[ours].mean()


def vectors_of(upper: Upper, states: States) -> NDArray[np.float32]:
    """Vectors of every text, (n, 384)."""
    order = sorted(range(len(states.rows)), key=lambda i: len(states.rows[i]))
    out = np.zeros((len(order), states.rows[0].shape[1]), np.float32)
    upper.eval()
    with torch.no_grad():
        for start in range(0, len(order), 64):
            some = order[start : start + 64]
            out[some] = upper(*states.batch(some)).numpy()
    return out
