"""Learn the second look (`guardrails.signals.second_look`) from the held-back hands, in numpy.

    python -m guardrails.signals.training.second_look        # three minutes

The classifier has read none of these hands, so its scores of them are what it will give to families. The
threshold is chosen on scores of hands that the regression was not fitted on.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from guardrails.signals import lexical
from guardrails.signals.classifier import CATEGORIES, MODEL, readings
from guardrails.signals.material import Line, load
from guardrails.signals.second_look import FILE, NAMES, features
from guardrails.signals.shared import SharedPass
from guardrails.signals.thresholds import Thresholds
from guardrails.signals.train import say
from guardrails.signals.tuned import TunedTail
from guardrails.types import Author, Severity, Utterance

FOLDER = Path(__file__).resolve().parents[1] / "held_back"
PENALTY = 20.0
"""Of the squared weights of standardised features."""
LOST = 0.01
"""Share of the dangers, interrupted so far, that may be offered a person instead."""

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


def collect(lines: Sequence[Line]) -> tuple[Array, Flags]:
    """Features (n, len(NAMES)) of the lines, and whether the classifier interrupts for each."""
    tail, thresholds = TunedTail(SharedPass(), MODEL), Thresholds.load(MODEL / "thresholds.json")
    measured, stopped = [], []
    for number, line in enumerate(lines):
        found = readings(line.text, tuple(Utterance(turn.author, turn.text) for turn in line.window))
        scores = tail.scores([one.text for one in found])
        levels = [
            thresholds.severity(
                score.severity, CATEGORIES[int(score.category.argmax())], in_talk=reading.in_talk
            )
            for score, reading in zip(scores, found, strict=True)
        ]
        worst = np.max([score.severity for score in scores], axis=0)
        wording = lexical.scores(line.text, MODEL / "lexical.npz")
        measured.append(features(scores[0].severity, worst, wording, line.text))
        stopped.append(max(levels) >= Severity.S3)
        if number % 500 == 0:
            say(f"{number} of {len(lines)} lines read")
    return np.array(measured), np.array(stopped)


def fit(x: Array, y: Flags) -> Array:
    """Weights of standardised features, the bias last: Newton's method on the penalised likelihood."""
    x = np.concatenate([x, np.ones((len(x), 1))], 1)
    weights, penalty = np.zeros(x.shape[1]), np.diag([PENALTY] * (x.shape[1] - 1) + [0.0])
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ weights))
        curve = (x * (p * (1 - p))[:, None]).T @ x + penalty
        step = np.linalg.solve(curve, x.T @ (p - y) + penalty @ weights)
        weights -= step
        if np.abs(step).max() < 1e-8:
            break
    return weights


def unread(x: Array, y: Flags, hands: NDArray[np.str_]) -> Array:
    """The score of each line by a fit on the other hands."""
    scores = np.zeros(len(x))
    for hand in np.unique(hands):
        other = hands != hand
        weights = fit(x[other], y[other])
        scores[~other] = x[~other] @ weights[:-1] + weights[-1]
    return scores


def main() -> None:
    """Read, fit, choose, show, write."""
    lines = [line for line in load(FOLDER) if any(turn.author is Author.FAMILY for turn in line.window)]
    measured, stopped = collect(lines)
    level = np.array([line.level for line in lines])
    danger, calm = level >= Severity.S3, level <= Severity.S1
    mean, scale = measured.mean(0), measured.std(0) + 1e-6
    x = (measured - mean) / scale
    scores = unread(x, danger, np.array([line.by for line in lines]))
    low = float(np.quantile(scores[danger & stopped], LOST))
    after = stopped & (scores >= low)
    for name, rows in (("S4", level == Severity.S4), ("S3 and S4", danger), ("S0 and S1", calm)):
        say(f"{name}: {stopped[rows].mean():.4f} interrupted before, {after[rows].mean():.4f} after")
    weights = fit(x, danger)
    plain = weights[:-1] / scale
    learned = {
        "learned_from": f"{len(lines)} messages in talks of {', '.join(sorted({line.by for line in lines}))}",
        "weights": dict(zip(NAMES, plain.round(4).tolist(), strict=True)),
        "bias": round(float(weights[-1] - mean @ plain), 4),
        "calm": round(low, 3),
    }
    FILE.write_text(json.dumps(learned, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
