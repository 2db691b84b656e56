"""How near is near: encoders spread their cosines differently, so limits lie between two measured means."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from knowledge.encoder import Embedder
from knowledge.yaml_files import load_yaml

_ANCHORS = Path(__file__).resolve().parent / "anchors.yaml"


class Scale(BaseModel):
    """The mean best cosine of questions that have nothing to do with our matter, and of ours."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    off: float
    on: float

    def at(self, share: float) -> float:
        """The cosine that lies this share of the way from `off` to `on`."""
        return self.off + share * (self.on - self.off)

    def share(self, cosine: float) -> float:
        """How far a cosine lies on the way from `off` to `on`."""
        return (cosine - self.off) / (self.on - self.off)

    def part(self, share: float) -> float:
        """This share of the distance between the two."""
        return share * (self.on - self.off)


KNOWN = {"multilingual-e5-small-q4": Scale(off=0.861, on=0.928)}
"""Scales of encoders that ship, by the start of their fingerprint: a first start encodes nothing."""


KNOWN_ASKS = {"asks-": Scale(off=0.575, on=0.839)}
"""The same where questions are compared with questions."""


def of_asks(asker: Embedder, clauses: Scale) -> Scale:
    """The scale of what compares questions; an engine that compares both has one for both."""
    return next((s for start, s in KNOWN_ASKS.items() if asker.fingerprint.startswith(start)), clauses)


class _Anchors(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    ours: tuple[str, ...] = Field(min_length=10)
    others: tuple[str, ...] = Field(min_length=10)


def measure(encoder: Embedder, vectors: NDArray[np.float32]) -> Scale:
    """The scale of an encoder over the passages `vectors`, shape (n, dimensions)."""
    for start, scale in KNOWN.items():
        if encoder.fingerprint.startswith(start):
            return scale
    anchors = _Anchors.model_validate(load_yaml(_ANCHORS.read_text("utf-8")))
    if not len(vectors):
        return Scale(off=0.0, on=1.0)
    best = {name: _mean_best(encoder, texts, vectors) for name, texts in anchors}
    return Scale(off=best["others"], on=max(best["ours"], best["others"] + 0.01))


def _mean_best(encoder: Embedder, texts: tuple[str, ...], vectors: NDArray[np.float32]) -> float:
    return float((encoder.encode(texts, "query") @ vectors.T).max(axis=1).mean())
