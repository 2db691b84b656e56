"""The tuned layers at run time: one shared pass of the encoder, then layers 9 to 12 and the heads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from guardrails.signals import lexical
from guardrails.signals.classifier import CATEGORIES, Scores
from guardrails.signals.shared import SharedPass
from guardrails.signals.voices import joined
from knowledge.encoder.heads import Heads
from knowledge.encoder.heads import ModelError as ModelError
from knowledge.encoder.inner import Pass

_CLAUSE = re.compile(r"[^,。!?;:、\n<]+")


class TunedTail:
    """A `Scorer` over the bundled encoder. Thread-safe."""

    def __init__(self, shared: SharedPass, folder: Path) -> None:
        self._heads = Heads(folder)
        self._shared = shared
        self._characters = folder / "lexical.npz"
        lexical.score("", self._characters)  # a missing file is found now

    def score(self, texts: Sequence[str]) -> tuple[list[Scores], NDArray[np.float32]]:
        """Scores of every text, and the sentence vector of the first."""
        if not texts:
            raise ValueError("nothing to score")
        first = self._shared.run(texts[:1])
        return [self._scored(texts[0], first), *self.scores(texts[1:])], self._vector(texts[0], first)

    def scores(self, texts: Sequence[str]) -> list[Scores]:
        """Scores alone; one by one: in a batch the short message would cost as much as the longest."""
        return [self._scored(text, self._shared.run([text])) for text in texts]

    def read(self, text: str) -> tuple[Pass, NDArray[np.float32]]:
        """The states of a text and its sentence vector: half of what a score costs."""
        done = self._shared.run([text])
        return done, self._vector(text, done)

    def _scored(self, text: str, done: Pass) -> Scores:
        probabilities, shares = self._heads.run(done, ["probabilities", "shares"])
        p, last = probabilities[0], 4 + len(CATEGORIES)
        wording = lexical.scores(text, self._characters)
        severity = joined(p[None, :4], wording[None])[0]
        return Scores(severity, p[4:last], float(p[last]), _focus(text, shares[0], done), done)

    def _vector(self, text: str, done: Pass) -> NDArray[np.float32]:
        """The vector that search compares: that of its own engine, where it has another."""
        other = self._shared.other
        vectors = self._shared.vectors(done) if other is None else other.encode([text])
        first: NDArray[np.float32] = vectors[0]
        return first


def _focus(text: str, shares: NDArray[np.float32], done: Pass) -> tuple[int, int]:
    """The clause whose tokens weighed most for an interruption."""
    clauses = [match.span() for match in _CLAUSE.finditer(text)] or [(0, len(text))]
    totals = [0.0] * len(clauses)
    for (start, end), share in zip(done.offsets[0], shares, strict=False):
        if end <= start:
            continue
        for number, (left, right) in enumerate(clauses):
            if left < end and start < right:
                totals[number] += float(share)
                break
    return clauses[int(np.argmax(totals))]
