"""The roads not taken, on the same split: heads on vectors, token pooling, neighbours, characters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from guardrails.signals.lexical import features
from guardrails.signals.material import Form, Line
from guardrails.signals.shared import SharedPass
from guardrails.signals.training import data, heads, lexical
from guardrails.types import Severity

Array = NDArray[np.float32]
_BATCH = 32
_NEIGHBOURS = 15


def pooled(shared: SharedPass, texts: Sequence[str]) -> tuple[Array, Array]:
    """Sentence vectors (n, 384), and mean and maximum of the layer-8 states (n, 768)."""
    sentences = np.empty((len(texts), 384), np.float32)
    tokens = np.empty((len(texts), 768), np.float32)
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    for start in range(0, len(order), _BATCH):
        some = order[start : start + _BATCH]
        done = shared.run([texts[i] for i in some])
        keep = done.mask[..., None].astype(np.float32)
        mean = (done.states * keep).sum(1) / keep.sum(1)
        highest = np.where(keep > 0, done.states, -1e9).max(1)
        sentences[some], tokens[some] = shared.vectors(done), np.concatenate([mean, highest], 1)
    return sentences, tokens


def recall_at(score: Array, lines: Sequence[Line], level: Severity, false_alarms: float = 0.03) -> float:
    """Share of lines of at least `level` found when this share of hard negatives is hit."""
    hard = np.array([line.form is Form.HARD_NEGATIVE and line.level <= Severity.S1 for line in lines])
    wanted = np.array([line.level >= level for line in lines])
    return float((score[wanted] > np.quantile(score[hard], 1 - false_alarms)).mean())


def _logistic(x: Array, y: Array, train: list[int], dev: list[int]) -> Array:
    mean, scale = x[train].mean(0), x[train].std(0) * 4 + 1e-6
    w, b = heads.fit((x[train] - mean) / scale, y[train, None])
    score: Array = ((x[dev] - mean) / scale @ w + b)[:, 0]
    return score


def _neighbours(x: Array, y: Array, train: list[int], dev: list[int]) -> Array:
    near = x[dev] @ x[train].T
    nearest = np.argpartition(-near, _NEIGHBOURS, axis=1)[:, :_NEIGHBOURS]
    weight = np.exp((np.take_along_axis(near, nearest, 1) - 1) * 40)
    score: Array = (weight * y[train][nearest]).sum(1) / weight.sum(1)
    return score.astype(np.float32)


def compare(lines: Sequence[Line], shared: SharedPass) -> dict[str, float]:
    """Recall of S3 and S4 together at 3 % false alarms on hard negatives, by method."""
    train, dev = data.split(lines)
    texts = [data.text_of(line) for line in lines]
    y = np.array([line.level >= Severity.S3 for line in lines], np.float32)
    sentences, tokens = pooled(shared, texts)
    weights, bias = lexical.fit([texts[i] for i in train], y[train])
    rows = [features(texts[i]) for i in dev]
    characters = np.array([weights[r].sum() / np.sqrt(max(1, len(r))) + bias for r in rows], np.float32)
    scores = {
        "logistic head on the sentence vector": _logistic(sentences, y, train, dev),
        "logistic head on pooled tokens of layer 8": _logistic(tokens, y, train, dev),
        "nearest neighbours of the sentence vector": _neighbours(sentences, y, train, dev),
        "runs of characters": characters,
    }
    held = [lines[i] for i in dev]
    return {name: round(recall_at(score, held, Severity.S3), 3) for name, score in scores.items()}
