"""Small linear models by gradient descent in numpy: no chance, no further dependency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
_STEPS = 300
_RATE = 0.05
FOLDS = 5
LISTWISE_SHRINK = 0.01
"""How strongly weights of standardised measurements are drawn to nothing."""
LOGISTIC_SHRINK = 0.01


@dataclass(frozen=True, slots=True)
class Ranks:
    """Rank of the first right candidate of each question; 999 where there is none."""

    ranks: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ranks)

    def __str__(self) -> str:
        at = [float((self.ranks <= depth).mean()) for depth in (1, 5, 10)]
        return f"R@1 {at[0]:.3f}  R@5 {at[1]:.3f}  R@10 {at[2]:.3f}  MRR {float((1 / self.ranks).mean()):.3f}"


def _descend(size: int, gradient: object) -> NDArray[np.float64]:
    """Adam from zero; always the same steps."""
    assert callable(gradient)
    weights, mean, square = np.zeros(size), np.zeros(size), np.zeros(size)
    for step in range(1, _STEPS + 1):
        slope = gradient(weights)
        mean = 0.9 * mean + 0.1 * slope
        square = 0.99 * square + 0.01 * slope**2
        weights = weights - _RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return weights


def listwise(
    matrices: Sequence[Array],
    fixed: Sequence[Array],
    right: Sequence[NDArray[np.bool_]],
    weight: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Weights under which right candidates have the greatest share of their question's softmax.

    Args:
        matrices: measurements of each question's candidates.
        fixed: what is added to each candidate and not learned.
        right: which candidates answer.
        weight: of each question.
    """
    kept = [k for k in range(len(matrices)) if right[k].any()]
    rows = np.concatenate([matrices[k] for k in kept]).astype(np.float64)
    offset = np.concatenate([fixed[k] for k in kept]).astype(np.float64)
    good = np.concatenate([right[k] for k in kept]).astype(np.float64)
    lengths = np.asarray([len(matrices[k]) for k in kept])
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    of = np.repeat(np.arange(len(kept)), lengths)
    each = weight[kept][of]
    middle = np.average(rows, axis=0, weights=each)
    spread = np.sqrt(np.average((rows - middle) ** 2, axis=0, weights=each)) + 1e-6
    standard = ((rows - middle) / spread).astype(np.float32)
    total = float(weight[kept].sum())

    def gradient(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        merit = standard @ weights.astype(np.float32) + offset
        share = np.exp(merit - np.maximum.reduceat(merit, starts)[of])
        share /= np.add.reduceat(share, starts)[of]
        wanted = share * good
        wanted /= (np.add.reduceat(wanted, starts) + 1e-12)[of]
        slope = standard.T @ ((share - wanted) * each).astype(np.float32)
        return np.asarray(slope / total + LISTWISE_SHRINK * weights, np.float64)

    return _descend(rows.shape[1], gradient) / spread


def cross_validated(
    matrices: Sequence[Array],
    fixed: Sequence[Array],
    right: Sequence[NDArray[np.bool_]],
    weight: NDArray[np.float64],
    asked: NDArray[np.bool_],
) -> Ranks:
    """Ranks of the questions in `asked` under weights that were learned without them."""
    fold = np.random.default_rng(0).permutation(len(matrices)) % FOLDS
    ranks = np.full(len(matrices), 999)
    for part in range(FOLDS):
        inside = np.flatnonzero(fold != part).tolist()
        weights = listwise(
            [matrices[k] for k in inside],
            [fixed[k] for k in inside],
            [right[k] for k in inside],
            weight[inside],
        )
        for k in np.flatnonzero((fold == part) & asked).tolist():
            order = np.argsort(-(matrices[k] @ weights + fixed[k]), kind="stable")
            hits = np.flatnonzero(right[k][order])
            ranks[k] = hits[0] + 1 if len(hits) else 999
    return Ranks(ranks[asked])


def logistic(
    matrix: NDArray[np.float64], labels: NDArray[np.bool_], weight: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64], float, float]:
    """Bias and weights of a yes or no; cross-validated, the shares of each that are told right."""
    fold = np.random.default_rng(0).permutation(len(matrix)) % FOLDS
    said = np.zeros(len(matrix))
    for part in range(FOLDS):
        inside = fold != part
        bias, weights = _logistic(matrix[inside], labels[inside], weight[inside])
        said[~inside] = matrix[~inside] @ weights + bias
    bias, weights = _logistic(matrix, labels, weight)
    whole = weight >= 1
    return (
        bias,
        weights,
        float((said > 0)[labels & whole].mean()),
        float((said <= 0)[~labels & whole].mean()),
    )


def _logistic(
    matrix: NDArray[np.float64], labels: NDArray[np.bool_], weight: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    middle, spread = matrix.mean(axis=0), matrix.std(axis=0) + 1e-6
    standard = np.column_stack([(matrix - middle) / spread, np.ones(len(matrix))])

    def gradient(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        said = 1 / (1 + np.exp(-standard @ weights))
        slope = standard.T @ ((said - labels) * weight) / weight.sum()
        slope[:-1] += LOGISTIC_SHRINK * weights[:-1]
        return np.asarray(slope, np.float64)

    found = _descend(standard.shape[1], gradient)
    weights = found[:-1] / spread
    return float(found[-1] - middle @ weights), weights
