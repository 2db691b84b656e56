# mypy: disable-error-code="misc, import-not-found, untyped-decorator"
# Torch is not installed where Minxing is checked.
"""Tune the reader: rows in, a reader that tells lies from truths out."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from eval.grounding.training.pair import PairReader, round_weights
from eval.grounding.training.rows import Batch, Example, Lower, batch, groups, row

_TOKENS = 2_400
"""Of a step, padding included."""
_LOST = 0.05
"""Share of the words of a sentence that are hidden in each step."""
_DOUBT = 0.06
_EACH = 5
"""Steps between two looks at the weights for their running mean."""
_POINTED = 0.5
"""How much finding the very words of a lie counts beside finding the lie."""


@dataclass(frozen=True, slots=True)
class Course:
    """How the layers are tuned."""

    epochs: int
    rate: float = 1e-4
    free: float = 0.6
    """Share of the steps before the weights are rounded while they learn."""
    memory: float = 0.97
    seed: int = 7


def _loss(
    reader: PairReader, b: Batch, lie: torch.Tensor, weight: torch.Tensor, lower: torch.Tensor
) -> torch.Tensor:
    x = reader.states(lower, b.at)
    logits = reader.judge(x, b.at)
    wanted = lie * (1 - _DOUBT) + _DOUBT / 2
    each = nn.functional.binary_cross_entropy_with_logits(logits.float(), wanted, reduction="none")
    loss = (each * weight).sum() / weight.sum()
    known = b.wrong >= 0
    if known.any():
        pointed = reader.token(x[known])[:, 0].float()
        loss = loss + _POINTED * nn.functional.binary_cross_entropy_with_logits(pointed, b.wrong[known])
    return loss


def tune(
    reader: PairReader,
    epoch_of: Callable[[int], Sequence[Example]],
    course: Course,
    each_epoch: Callable[[int, PairReader], None] | None = None,
) -> PairReader:
    """Train, and return the running mean of the weights, in evaluation mode."""
    torch.manual_seed(course.seed)
    chance = np.random.default_rng(course.seed)
    head = [p for m in (reader.look, reader.head, reader.token) for p in m.parameters()] + [reader.side]
    body = [p for layer in reader.layers[reader.apart :] for p in layer.parameters()]
    optimiser = torch.optim.AdamW(
        [{"params": body, "lr": course.rate}, {"params": head, "lr": course.rate * 5}],
        weight_decay=0.01,
        fused=True,
    )
    settled = copy.deepcopy(reader)
    learned = [p for p in reader.parameters() if p.requires_grad]
    means = [m for m, p in zip(settled.parameters(), reader.parameters(), strict=True) if p.requires_grad]
    lower = Lower(reader)
    steps = step = 0
    schedule: torch.optim.lr_scheduler.OneCycleLR | None = None
    for epoch in range(course.epochs):
        examples = epoch_of(epoch)
        rows = [row(example) for example in examples]
        order = list(groups([r.length for r in rows], _TOKENS, chance))
        if schedule is None:
            steps = int(course.epochs * len(order) * 1.1) + 8
            schedule = torch.optim.lr_scheduler.OneCycleLR(
                optimiser, [course.rate, course.rate * 5], total_steps=steps, pct_start=0.1
            )
        reader.train()
        for some in order:
            round_weights(reader, step >= steps * course.free)
            step += 1
            b = batch([rows[i] for i in some])
            hidden = torch.rand(b.at.said_mask.shape) < _LOST
            hidden[:, 0] = False
            b.at.said_mask[hidden & b.at.said_mask] = False
            said = [s for i in some for s in examples[i].said]
            lie = torch.tensor([s.lie for s in said])
            weight = torch.tensor([s.weight for s in said])
            known = lower.states(b.texts)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = _loss(reader, b, lie, weight, known)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(body + head, 1.0, foreach=True)
            optimiser.step()
            if step < steps:
                schedule.step()
            if step % _EACH == 0:
                with torch.no_grad():
                    torch._foreach_lerp_(means, learned, max(1 - course.memory, 1 / (step / _EACH + 1)))
        settled.eval()
        round_weights(settled, True)
        if each_epoch:
            each_epoch(epoch, settled)
    return settled


@torch.no_grad()
def logits(
    reader: PairReader, examples: Sequence[Example], lower: Lower | None = None
) -> NDArray[np.float32]:
    """One logit a sentence, in order."""
    rows = [row(example) for example in examples]
    starts = np.cumsum([0, *(len(e.said) for e in examples)])
    out = np.empty(int(starts[-1]), np.float32)
    reader.eval()
    lower = lower or Lower(reader)
    for some in groups([r.length for r in rows], 4 * _TOKENS, None):
        b = batch([rows[i] for i in some])
        known = lower.states(b.texts)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            judged = reader.judge(reader.states(known, b.at), b.at).float().numpy()
        at = np.concatenate([np.arange(starts[i], starts[i + 1]) for i in some])
        out[at] = judged
    return out
