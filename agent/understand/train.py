"""`python -m agent.understand.train` fits both heads to the examples and writes `intents.npz` and `said.npz`.

Said values by ridge regression, one column each, solved at once. Intents by softmax regression: as many full
steps as it takes, from zero, so that the same examples give the same head.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agent.types import Intent
from agent.understand import material
from agent.understand.features import features
from agent.understand.intents import HEAD_FILE, IntentFile, load_intents
from agent.understand.respell import in_plain_words
from agent.understand.said import SAID_FILE
from knowledge.encoder import Embedder, load_encoder

RIDGE = 0.5
TOLD_WEIGHT = 0.6
"""Of a sentence that tells a fact, among the examples of intents."""
EVERY = 3
"""So few of the questions suffice as sentences that tell no fact."""


STEPS, PACE, DECAY = 400, 0.05, 3e-5


def fit_wishes(
    texts: Sequence[str], target: NDArray[np.float64], weight: NDArray[np.float64], encoder: Embedder
) -> dict[str, NDArray[np.float32]]:
    """Weights, bias and centre like `fit`, of probabilities (Adam on all examples at once)."""
    vectors = encoder.encode(list(texts))
    centre = vectors.mean(axis=0)
    x = _seen(texts, vectors, centre).astype(np.float32)
    y = (target / np.maximum(target.sum(axis=1, keepdims=True), 1.0)).astype(np.float32)
    share = (weight / weight.sum()).astype(np.float32)[:, None]
    weights, bias = np.zeros((x.shape[1], y.shape[1]), np.float32), np.zeros(y.shape[1], np.float32)
    moments = [np.zeros_like(a) for a in (weights, weights, bias, bias)]
    for step in range(1, STEPS + 1):
        logits = x @ weights + bias
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        off = (shares / shares.sum(axis=1, keepdims=True) - y) * share
        for value, slope, (m, v) in (
            (weights, x.T @ off + DECAY * weights, (moments[0], moments[1])),
            (bias, off.sum(axis=0), (moments[2], moments[3])),
        ):
            m += 0.1 * (slope - m)
            v += 0.001 * (slope * slope - v)
            value -= PACE * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
    return {"weights": weights, "bias": bias, "centre": centre}


def _seen(
    texts: Sequence[str], vectors: NDArray[np.float32], centre: NDArray[np.float32]
) -> NDArray[np.float32]:
    read = [in_plain_words(text) for text in texts]
    return np.stack([features(text, vector, centre) for text, vector in zip(read, vectors, strict=True)])


def fit(
    texts: Sequence[str], target: NDArray[np.float64], weight: NDArray[np.float64], encoder: Embedder
) -> dict[str, NDArray[np.float32]]:
    """Weights (features, columns), bias (columns,) and the centre of the examples (384,)."""
    vectors = encoder.encode(list(texts))
    centre = vectors.mean(axis=0)
    x = _seen(texts, vectors, centre).astype(np.float64)
    alpha = np.linalg.solve(x @ x.T + 1.0 + RIDGE * np.diag(1 / weight), target)
    return {"weights": x.T @ alpha, "bias": alpha.sum(axis=0), "centre": centre}


def intent_examples(file: IntentFile) -> tuple[list[str], NDArray[np.float64], NDArray[np.float64]]:
    """Texts, their intents as rows of ones and zeros, and how much each counts."""
    names = list(file.intents)
    rows: list[tuple[str, tuple[Intent, ...], float]]
    rows = [(text, (name,), 1.0) for name in names for text in file.intents[name].examples]
    rows += [(wish.text, wish.intents, 1.0) for wish in material.wishes()]
    rows += [(s.text, (_told(s),), TOLD_WEIGHT) for s in material.sayings() if s.fact is not None]
    target = np.zeros((len(rows), len(names)))
    for row, (_, intents, _) in enumerate(rows):
        for intent in intents:
            target[row, names.index(intent)] = 1.0
    return [text for text, _, _ in rows], target, np.array([weight for _, _, weight in rows])


def _told(saying: material.Saying) -> Intent:
    urgent = saying.fact is not None and saying.fact[0] == "urgent_need" and saying.fact[1] != "none"
    return Intent.URGENT_NEED if urgent else Intent.TELL_FACTS


def said_examples(
    file: IntentFile,
) -> tuple[list[str], NDArray[np.float64], list[tuple[str, bool | str]]]:
    """Texts, the value each says, and what the columns are; questions and small talk say nothing."""
    sayings = material.sayings()
    labels = list(dict.fromkeys(s.fact for s in sayings if s.fact is not None))
    rows = [(s.text, s.fact) for s in sayings]
    silent = [text for spec in file.intents.values() for text in spec.examples]
    silent += [w.text for w in material.wishes() if Intent.TELL_FACTS not in w.intents]
    rows += [(text, None) for text in silent[::EVERY]]
    target = np.zeros((len(rows), len(labels)))
    for row, (_, fact) in enumerate(rows):
        if fact is not None:
            target[row, labels.index(fact)] = 1.0
    return [text for text, _ in rows], target, labels


def write(head: Path = HEAD_FILE, said: Path = SAID_FILE) -> None:
    """Fit and save both, with the hash of the examples and the fingerprint of the encoder."""
    file, digest = load_intents()
    encoder = load_encoder()
    texts, target, weight = intent_examples(file)
    _save(head, fit_wishes(texts, target, weight, encoder), list(file.intents), digest, encoder)
    texts, target, labels = said_examples(file)
    names = [f"{name}={str(value).lower() if isinstance(value, bool) else value}" for name, value in labels]
    _save(said, fit(texts, target, np.ones(len(texts)), encoder), names, digest, encoder)


def _save(
    path: Path, head: dict[str, NDArray[np.float32]], names: Sequence[str], digest: str, encoder: Embedder
) -> None:
    np.savez_compressed(
        path,
        weights=head["weights"].astype(np.float16),
        bias=head["bias"].astype(np.float16),
        centre=head["centre"].astype(np.float16),
        names=np.array(list(names)),
        examples=np.array(digest),
        encoder=np.array(encoder.fingerprint),
    )


if __name__ == "__main__":
    write()
    sys.stdout.write(f"wrote {HEAD_FILE.name} and {SAID_FILE.name}\n")
