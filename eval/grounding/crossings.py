"""Learns what each crossing of words says (`guardrails/output/crossing.py`), beside what the traits say."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.grounding.material import Block
from guardrails.output.check import OutputCheck
from guardrails.output.crossing import ROOM, SCALE

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
_EPOCHS, _BATCH, _RATE, _SEED = 4, 128, 0.05, 0


def rows(blocks: Sequence[Block]) -> list[Numbers]:
    """The crossings of every sentence, truths of a block before its lies."""
    check = OutputCheck(())
    return [check.crossed(said, [b.evidence]) for b in blocks for said in (*b.truths, *b.lies)]


def learn(crossed: Sequence[Numbers], summed: Floats, lie: Floats) -> Floats:
    """Weights (ROOM,), by AdaGrad in a fixed order; what the traits say (`summed`) stays as it is."""
    weight, seen = np.zeros(ROOM), np.zeros(ROOM)
    chance = np.random.default_rng(_SEED)
    for _ in range(_EPOCHS):
        order = chance.permutation(len(crossed))
        for start in range(0, len(order), _BATCH):
            some = order[start : start + _BATCH]
            parts = [crossed[i] for i in some]
            score = summed[some] + SCALE * np.array([weight[part].sum() for part in parts])
            slope = (1 / (1 + np.exp(-np.clip(score, -30, 30))) - lie[some]) * SCALE / len(some)
            whole = np.zeros(ROOM)
            for part, each in zip(parts, slope, strict=True):
                whole[part] += each
            seen += whole * whole
            weight -= _RATE * whole / (np.sqrt(seen) + 1e-10)
    return weight


def voices(crossed: Sequence[Numbers], weight: Floats) -> Floats:
    """What the crossings of each sentence come to."""
    return np.array([weight[part].sum() for part in crossed]) * SCALE


def write(folder: Path, weight: Floats, facts: dict[str, object]) -> None:
    """Write `crossing.npz` and `crossing.json`."""
    np.savez_compressed(folder / "crossing.npz", weights=weight.astype(np.float16))
    digest = hashlib.sha256((folder / "crossing.npz").read_bytes()).hexdigest()
    (folder / "crossing.json").write_text(
        json.dumps({"sha256": digest, **facts}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
