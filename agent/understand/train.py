"""`python -m agent.understand.train` fits the intent head to `intents.yaml` and writes `intents.npz`.

A softmax over all intents, a few hundred examples, plain gradient descent: the same bytes every time.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agent.understand.features import features
from agent.understand.intents import HEAD_FILE, IntentFile, load_intents
from knowledge.encoder import Embedder, load_encoder

STEPS = 400
RATE = 6.0
DECAY = 2e-4


def fit(file: IntentFile, encoder: Embedder) -> dict[str, NDArray[np.float32]]:
    """Weights (features, intents), bias (intents,) and the centre of the examples (384,)."""
    names = list(file.intents)
    pairs = [(text, index) for index, name in enumerate(names) for text in file.intents[name].examples]
    vectors = encoder.encode([text for text, _ in pairs])
    centre = vectors.mean(axis=0)
    x = np.stack([features(text, vector, centre) for (text, _), vector in zip(pairs, vectors, strict=True)])
    labels = np.array([index for _, index in pairs])
    target = np.eye(len(names), dtype=np.float32)[labels]
    share = target.sum(axis=0)
    weight = (len(labels) / len(names) / share)[labels][:, None]
    w = np.zeros((x.shape[1], len(names)), np.float32)
    b = np.zeros(len(names), np.float32)
    for _ in range(STEPS):
        logits = x @ w + b
        logits -= logits.max(axis=1, keepdims=True)
        p = np.exp(logits)
        p /= p.sum(axis=1, keepdims=True)
        gradient = (p - target) * weight / len(labels)
        w -= RATE * (x.T @ gradient + DECAY * w)
        b -= RATE * gradient.sum(axis=0)
    return {"weights": w, "bias": b, "centre": centre}


def write(path: Path = HEAD_FILE) -> None:
    """Fit and save, with the hash of the examples and the fingerprint of the encoder."""
    file, digest = load_intents()
    encoder = load_encoder()
    head = fit(file, encoder)
    np.savez_compressed(
        path,
        weights=head["weights"].astype(np.float16),
        bias=head["bias"].astype(np.float16),
        centre=head["centre"].astype(np.float16),
        names=np.array(list(file.intents)),
        examples=np.array(digest),
        encoder=np.array(encoder.fingerprint),
    )


if __name__ == "__main__":
    write()
    sys.stdout.write(f"wrote {HEAD_FILE.name}\n")
