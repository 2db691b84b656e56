# mypy: disable-error-code="misc, import-not-found, untyped-decorator"
# Torch is not installed where Minxing is checked.
"""How layers 9 to 12 learn, whatever heads stand on them: the loop of danger signals and of understanding."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from guardrails.signals.training.states import BATCH, States
from guardrails.signals.training.tail import round_weights

_FREE = 0.6
"""Share of the steps before the weights are rounded while they learn."""
_LOST = 0.1
"""Share of the tokens that are hidden in each step: no single word is to decide."""

Net = TypeVar("Net", bound=nn.Module)
Loss = Callable[[torch.Tensor, Sequence[int]], torch.Tensor]
"""Of the logits of some examples, by their numbers."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long and how fast."""

    epochs: int
    rate: float
    memory: float
    """What is kept is a running mean of the weights: how much of it each step leaves."""


def seeded(seed: int) -> np.random.Generator:
    """Dice of our own; torch's are set, and its sums made repeatable."""
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # costs a tenth, and nothing is read unset
    return np.random.default_rng(seed)


def _batches(
    lengths: Sequence[int], chances: NDArray[np.floating[Any]], chance: np.random.Generator
) -> Iterator[list[int]]:
    """What one epoch reads, texts of similar length together: little padding."""
    some = np.flatnonzero(chance.random(len(lengths)) < chances)
    order = some[np.argsort(np.array(lengths)[some] + chance.uniform(0, 6, len(some)))]
    groups = [order[i : i + BATCH].tolist() for i in range(0, len(order), BATCH)]
    for group in chance.permutation(len(groups)):
        yield groups[group]


def learn(
    tail: Net,
    layers: nn.Module,
    states: States,
    chances: NDArray[np.floating[Any]],
    loss_of: Loss,
    pace: Pace,
    chance: np.random.Generator,
    each_epoch: Callable[[int, Net], None] | None = None,
) -> Net:
    """Tune `tail` and return the running mean of its weights, in evaluation mode.

    Args:
        tail: states and mask in, logits (n, outputs) out.
        layers: its part that was learned before; the heads learn five times as fast.
        states: of the texts, after layer 8.
        chances: (n,): how likely an epoch reads each.
        loss_of: of a batch.
        pace: how long and how fast.
        chance: from `seeded`, drawn before the tail was made.
        each_epoch: looks at the mean after each epoch.
    """
    body = [*layers.parameters()]
    known = {id(one) for one in body}
    heads = [one for one in tail.parameters() if id(one) not in known]
    rates = [pace.rate, pace.rate * 5]
    optimiser = torch.optim.AdamW(
        [{"params": part, "lr": rate} for part, rate in zip((body, heads), rates, strict=True)],
        weight_decay=0.01,
    )
    lengths = [len(row) for row in states.rows]
    read = int(float(chances.sum()) + 4 * len(lengths) ** 0.5)  # with room for chance
    steps = pace.epochs * (read // BATCH + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, rates, total_steps=steps, pct_start=0.1, anneal_strategy="cos"
    )
    mean = AveragedModel(tail, multi_avg_fn=get_ema_multi_avg_fn(pace.memory))
    settled: Net = mean.module
    step = 0
    for epoch in range(pace.epochs):
        tail.train()
        for some in _batches(lengths, chances, chance):
            round_weights(tail, step >= steps * _FREE)
            step += 1
            x, mask = states.batch(some)
            hidden = torch.rand(mask.shape) < _LOST
            hidden[:, 0] = False
            mask &= ~hidden
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = tail(x, mask)
            loss = loss_of(logits.float(), some)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(tail.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            mean.update_parameters(tail)
        settled.eval()
        round_weights(settled, True)
        if each_epoch:
            each_epoch(epoch, settled)
    return settled


def judged(
    tail: nn.Module, states: States, finish: Callable[[torch.Tensor], torch.Tensor]
) -> NDArray[np.float32]:
    """What `finish` makes of the logits of every text, in order, shape (n, outputs)."""
    order = sorted(range(len(states.rows)), key=lambda i: len(states.rows[i]))
    parts = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
    with torch.no_grad():
        found = np.concatenate([finish(tail(*states.batch(some))).numpy() for some in parts])
    out = np.empty_like(found)
    out[order] = found
    return out
