"""Logistic heads on the frozen sentence vector: the baseline that the tuned layers are compared with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from guardrails.signals.classifier import CATEGORIES, Scores

if TYPE_CHECKING:
    from knowledge.encoder import Embedder


class FrozenHeads:
    """A `Scorer` over any embedder of 384 dimensions."""

    def __init__(self, encoder: Embedder, path: Path) -> None:
        self._encoder = encoder
        with np.load(path) as saved:
            self._mean, self._scale, self._w, self._b = (saved[name] for name in ("mean", "scale", "w", "b"))

    def score(self, texts: Sequence[str]) -> tuple[list[Scores], NDArray[np.float32]]:
        """Scores of every text, and the sentence vector of the first."""
        vectors = self._encoder.encode(texts)
        return self._scored(vectors), vectors[0]

    def scores(self, texts: Sequence[str]) -> list[Scores]:
        """Scores alone."""
        return self._scored(self._encoder.encode(texts))

    def _scored(self, vectors: NDArray[np.float32]) -> list[Scores]:
        z = (vectors - self._mean) / self._scale @ self._w + self._b
        p = (1.0 / (1.0 + np.exp(-z))).astype(np.float32)
        last = 4 + len(CATEGORIES)
        return [Scores(row[:4], row[4:last], float(row[last])) for row in p]

    def read(self, text: str) -> tuple[None, NDArray[np.float32]]:
        """No states, and the sentence vector."""
        return None, self._encoder.encode([text])[0]
