"""Logistic heads over frozen vectors, in numpy, deterministic."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


def sigmoid(z: Array) -> Array:
    """The logistic function, safe for large values."""
    out: Array = (1.0 / (1.0 + np.exp(-np.clip(z, -30, 30)))).astype(np.float32)
    return out


def fit(
    x: Array, y: Array, *, decay: float = 1e-3, steps: int = 600, positive: float = 1.0
) -> tuple[Array, Array]:
    """Weights (d, k) and biases (k,) of k logistic regressions, by full-batch Adam.

    Args:
        x: features (n, d).
        y: targets (n, k) of 0 and 1.
        decay: L2 penalty on the weights.
        steps: number of steps.
        positive: how much more a missed positive costs than a false alarm.
    """
    w = np.zeros((x.shape[1], y.shape[1]), np.float32)
    b = np.zeros(y.shape[1], np.float32)
    moments = [np.zeros_like(w), np.zeros_like(w), np.zeros_like(b), np.zeros_like(b)]
    weight = 1.0 + (positive - 1.0) * y
    for step in range(1, steps + 1):
        error = weight * (sigmoid(x @ w + b) - y) / len(x)
        for value, gradient, (m, v) in (
            (w, x.T @ error + decay * w, moments[:2]),
            (b, error.sum(0), moments[2:]),
        ):
            m += 0.1 * (gradient - m)
            v += 0.01 * (gradient**2 - v)
            rate = 0.05 * (1 - step / (steps + 1))
            value -= rate * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.99**step)) + 1e-8)
    return w, b
