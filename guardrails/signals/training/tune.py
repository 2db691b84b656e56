# mypy: disable-error-code="misc, import-not-found, untyped-decorator"
# Torch and onnx are not installed where Minxing is checked.
"""Tune layers 9 to 12 and the heads on precomputed states of layer 8."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from guardrails.signals.material import Form, Line
from guardrails.signals.shared import SharedPass
from guardrails.signals.training.data import CATEGORIES, is_negative, targets
from guardrails.signals.training.tail import Tail, load_layers, load_tail, round_weights
from guardrails.signals.training.variants import Example

OUTPUTS = 4 + len(CATEGORIES) + 1
_BATCH = 48
_FREE = 0.6
"""Share of the steps before the weights are rounded while they learn."""
_LOST = 0.1
"""Share of the tokens that are hidden in each step: no single word is to decide."""
_DOUBT = 0.04
"""How far from certain the severities are taught, so that strangers are not judged with certainty."""
_MEMORY = 0.995
"""What is kept is the running mean of the weights over some two hundred steps."""


@dataclass(frozen=True, slots=True)
class States:
    """States of layer 8 of many texts, half precision, without padding."""

    rows: tuple[NDArray[np.float16], ...]

    @classmethod
    def of(cls, shared: SharedPass, texts: Sequence[str], keep: Path | None = None) -> States:
        """Run the lower layers over `texts`; `keep` is a file of states from earlier runs, extended."""
        known: dict[str, NDArray[np.float16]] = {}
        if keep and keep.exists():
            with np.load(keep) as saved:
                known = {name: saved[name] for name in saved.files}
        names = [hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:24] for text in texts]
        new = {name: text for name, text in zip(names, texts, strict=True) if name not in known}
        order = sorted(new, key=lambda name: len(new[name]))
        for start in range(0, len(order), _BATCH):
            some = order[start : start + _BATCH]
            done = shared.run([new[name] for name in some])
            for row, name in enumerate(some):
                known[name] = done.states[row, : int(done.mask[row].sum())].astype(np.float16)
        if keep and new:
            np.savez(keep, **known)  # type: ignore[arg-type]
        return cls(tuple(known[name] for name in names))

    def batch(self, some: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor]:
        """Padded states and mask of some texts."""
        width = max(len(self.rows[i]) for i in some)
        x = np.zeros((len(some), width, self.rows[some[0]].shape[1]), np.float32)
        mask = np.zeros((len(some), width), bool)
        for row, i in enumerate(some):
            x[row, : len(self.rows[i])] = self.rows[i]
            mask[row, : len(self.rows[i])] = True
        return torch.from_numpy(x), torch.from_numpy(mask)


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


def _batches(
    lengths: Sequence[int], chances: Sequence[float], chance: np.random.Generator
) -> Iterator[list[int]]:
    """What one epoch reads, texts of similar length together: little padding."""
    some = np.flatnonzero(chance.random(len(lengths)) < np.array(chances))
    order = some[np.argsort(np.array(lengths)[some] + chance.uniform(0, 6, len(some)))]
    groups = [order[i : i + _BATCH].tolist() for i in range(0, len(order), _BATCH)]
    for group in chance.permutation(len(groups)):
        yield groups[group]


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
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # costs a tenth, and nothing is read unset
    chance = np.random.default_rng(seed)
    tail = Tail(OUTPUTS)
    if earlier:
        load_tail(tail, earlier)
    else:
        load_layers(tail, encoder)
    y, weight = goals([example.line for example in examples])
    head = [*tail.look.parameters(), *tail.head.parameters()]
    body = [*tail.layers.parameters()]
    optimiser = torch.optim.AdamW(
        [{"params": body, "lr": rate}, {"params": head, "lr": rate * 5}], weight_decay=0.01
    )
    lengths = [len(row) for row in states.rows]
    chances = [example.chance for example in examples]
    steps = epochs * (int(sum(chances) + 4 * len(chances) ** 0.5) // _BATCH + 1)  # with room for chance
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [rate, rate * 5], total_steps=steps, pct_start=0.1, anneal_strategy="cos"
    )
    y[:, :4] = y[:, :4] * (1 - _DOUBT) + _DOUBT / 2
    mean = AveragedModel(tail, multi_avg_fn=get_ema_multi_avg_fn(_MEMORY))
    settled: Tail = mean.module
    step = 0
    for epoch in range(epochs):
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
            losses = nn.functional.binary_cross_entropy_with_logits(logits.float(), y[some], reduction="none")
            loss = (losses * weight[some]).sum(1).mean()
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
def predict(tail: Tail, states: States) -> NDArray[np.float32]:
    """Probabilities (n, outputs)."""
    out = np.empty((len(states.rows), OUTPUTS), np.float32)
    order = sorted(range(len(states.rows)), key=lambda i: len(states.rows[i]))
    for start in range(0, len(order), _BATCH):
        some = order[start : start + _BATCH]
        out[some] = torch.sigmoid(tail(*states.batch(some))).numpy()
    return out
