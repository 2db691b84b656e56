"""Fit what runs of characters say (guardrails.signals.lexical), in numpy."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from guardrails.signals.lexical import BUCKETS, features


def fit(
    texts: Sequence[str], wanted: NDArray[np.float32], *, epochs: int = 12, seed: int = 7
) -> tuple[NDArray[np.float32], float]:
    """Weights (buckets,) and bias, by plain stochastic descent with a decaying rate (AdaGrad)."""
    rows = [features(text) for text in texts]
    weights, seen = np.zeros(BUCKETS, np.float32), np.full(BUCKETS, 1e-6, np.float32)
    bias, chance = 0.0, np.random.default_rng(seed)
    for _ in range(epochs):
        for i in chance.permutation(len(rows)):
            row = rows[i]
            if not len(row):
                continue
            norm = np.sqrt(len(row))
            p = 1.0 / (1.0 + np.exp(-(weights[row].sum() / norm + bias)))
            error = (p - wanted[i]) / norm
            gradient = error + 1e-4 * weights[row]
            seen[row] += gradient**2
            weights[row] -= 0.3 * gradient / np.sqrt(seen[row])
            bias -= 0.02 * float(p - wanted[i])
    return weights, float(bias)


def write(path: Path, fitted: Sequence[tuple[NDArray[np.float32], float]]) -> None:
    """Store weights and bias of each level, the weights in a byte each."""
    weights = np.stack([one for one, _ in fitted])
    scale = np.maximum(np.abs(weights).max(1) / 127, 1e-9).astype(np.float32)
    rounded = np.rint(weights / scale[:, None]).astype(np.int8)
    np.savez_compressed(
        path, weights=rounded, scale=scale, bias=np.array([bias for _, bias in fitted], np.float32)
    )
