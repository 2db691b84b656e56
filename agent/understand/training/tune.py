# mypy: disable-error-code="misc, import-not-found, untyped-decorator"
# Torch is not installed where Minxing is checked.
"""Tune layers 9 to 12 and the heads on precomputed states of layer 8."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from agent.understand.training.data import Targets
from agent.understand.training.tail import Tail
from guardrails.signals.training.tail import load_layers, round_weights
from guardrails.signals.training.tune import States

_BATCH = 48
_FREE = 0.6
"""Share of the steps before the weights are rounded while they learn."""
_LOST = 0.1
"""Share of the tokens that are hidden in each step: no single word is to decide."""
_MEMORY = 0.99
_OF_FACTS = 0.5
"""How much the facts count beside the wishes."""


@dataclass(frozen=True, slots=True)
class Course:
    """How the layers are tuned."""

    epochs: int = 5
    rate: float = 2e-4
    seed: int = 7
    earlier: Path | None = None
    """Weights of a shorter run to learn on from; heads of another width begin anew."""


def _batches(
    lengths: list[int], chances: NDArray[np.float32], chance: np.random.Generator
) -> Iterator[list[int]]:
    """What one epoch reads, texts of similar length together: little padding."""
    some = np.flatnonzero(chance.random(len(lengths)) < chances)
    order = some[np.argsort(np.array(lengths)[some] + chance.uniform(0, 6, len(some)))]
    groups = [order[i : i + _BATCH].tolist() for i in range(0, len(order), _BATCH)]
    for group in chance.permutation(len(groups)):
        yield groups[group]


def tune(
    states: States,
    wanted: Targets,
    encoder: Path,
    course: Course,
    each_epoch: Callable[[int, Tail], None] | None = None,
) -> Tail:
    """Train and return the tail, in evaluation mode."""
    torch.manual_seed(course.seed)
    torch.use_deterministic_algorithms(True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # costs a tenth, and nothing is read unset
    chance = np.random.default_rng(course.seed)
    intents = wanted.lead.shape[1]
    tail = Tail(intents, wanted.facts.shape[1])
    if course.earlier:
        before, own = torch.load(course.earlier), tail.state_dict()
        fitting = {name: one for name, one in before.items() if own[name].shape == one.shape}
        tail.load_state_dict(fitting, strict=False)
    else:
        load_layers(tail, encoder)
    body = [*tail.layers.parameters()]
    known = {id(one) for one in body}
    heads = [one for one in tail.parameters() if id(one) not in known]
    optimiser = torch.optim.AdamW(
        [{"params": body, "lr": course.rate}, {"params": heads, "lr": course.rate * 5}], weight_decay=0.01
    )
    lengths = [len(row) for row in states.rows]
    often = float(wanted.chance.sum())
    steps = course.epochs * (int(often + 4 * len(lengths) ** 0.5) // _BATCH + 1)  # with room for chance
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [course.rate, course.rate * 5], total_steps=steps, pct_start=0.1, anneal_strategy="cos"
    )
    arrays = (wanted.lead, wanted.wishes, wanted.wish_weight, wanted.facts, wanted.fact_weight)
    lead, wishes, wish_weight, facts, fact_weight = map(torch.from_numpy, arrays)
    mean = AveragedModel(tail, multi_avg_fn=get_ema_multi_avg_fn(_MEMORY))
    settled: Tail = mean.module
    step = 0
    binary = nn.functional.binary_cross_entropy_with_logits
    for epoch in range(course.epochs):
        tail.train()
        for some in _batches(lengths, wanted.chance, chance):
            round_weights(tail, step >= steps * _FREE)
            step += 1
            x, mask = states.batch(some)
            hidden = torch.rand(mask.shape) < _LOST
            hidden[:, 0] = False
            mask &= ~hidden
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = tail(x, mask).float()
            first, each, said = logits.split([intents, intents, facts.shape[1]], 1)
            loss = -(lead[some] * first.log_softmax(1)).sum(1).mean()
            loss += (binary(each, wishes[some], reduction="none") * wish_weight[some]).sum(1).mean()
            told = binary(said, facts[some], reduction="none") * fact_weight[some]
            loss += _OF_FACTS * told.sum(1).mean()
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


@torch.no_grad()
def predict(tail: Tail, states: States, intents: int) -> NDArray[np.float32]:
    """Shares and probabilities (n, 2 intents + facts)."""
    rows: NDArray[np.float32] | None = None
    order = sorted(range(len(states.rows)), key=lambda i: len(states.rows[i]))
    for start in range(0, len(order), _BATCH):
        some = order[start : start + _BATCH]
        logits = tail(*states.batch(some))
        found = torch.cat([logits[:, :intents].softmax(1), torch.sigmoid(logits[:, intents:])], 1).numpy()
        rows = np.empty((len(order), found.shape[1]), np.float32) if rows is None else rows
        rows[some] = found
    assert rows is not None
    return rows
