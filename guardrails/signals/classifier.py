"""The learned half of the detector: scores over the shared encoding, made signals by thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from guardrails.signals.inputs import in_context
from guardrails.signals.normalise import Normalised, normalise
from guardrails.signals.rules import ROUTES, only_idioms
from guardrails.signals.thresholds import Thresholds
from guardrails.types import Category, Route, Severity, Signal, Utterance

if TYPE_CHECKING:
    from knowledge.encoder import Embedder

MODEL = Path(__file__).with_name("model")
CATEGORIES = tuple(Category)
PIECE_CHARS = 160
PIECE_STEP = 120
"""A long message is read in pieces that overlap, so that no sentence falls between two of them."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What the model makes of one text."""

    severity: NDArray[np.float32]
    """(4,): probability of at least S1, S2, S3, S4."""
    category: NDArray[np.float32]
    """(17,): probability of each category, in the order of `Category`."""
    past: float
    focus: tuple[int, int] | None = None
    """Characters of the text that weighed most, end exclusive."""


class Scorer(Protocol):
    """Scores texts; keeps no state between calls."""

    def score(self, texts: Sequence[str]) -> tuple[list[Scores], NDArray[np.float32]]:
        """Scores of every text, and the sentence vector (384,) of the first."""


class Classifier:
    """Finds signals in a message and its window."""

    def __init__(self, scorer: Scorer, thresholds: Thresholds) -> None:
        self._scorer = scorer
        self._thresholds = thresholds

    @classmethod
    def load(cls, encoder: Embedder | None) -> Classifier:
        """The committed model over the shared encoder.

        Raises:
            OSError, ValueError, KeyError: when a model file is missing or damaged.
        """
        from guardrails.signals.frozen import FrozenHeads

        if encoder is None:
            from knowledge.encoder import load_encoder

            encoder = load_encoder()
        return cls(FrozenHeads(encoder, MODEL / "heads.npz"), Thresholds.load(MODEL / "thresholds.json"))

    def find(
        self, redacted: str, window: Sequence[Utterance]
    ) -> tuple[tuple[Signal, ...], NDArray[np.float32] | None]:
        """Signals of the message, with triggers in offsets of `redacted`, and its sentence vector."""
        message = normalise(redacted)
        texts = [redacted[:PIECE_CHARS]]
        starts: list[int | None] = [None]
        for start in range(0, max(1, len(message.text) - PIECE_CHARS + PIECE_STEP), PIECE_STEP):
            piece = message.text[start : start + PIECE_CHARS]
            if piece.strip() and piece != texts[0]:
                texts.append(piece)
                starts.append(start)
        starts[0] = 0 if len(texts) == 1 or message.text == redacted else None
        context = in_context(message.text[-PIECE_CHARS:], window) if message.text.strip() else None
        if context:
            texts.append(context)
            starts.append(None)
        scores, vector = self._scorer.score(texts)
        if not window and only_idioms(message.text):
            return (), vector
        signals = [
            signal
            for one, start in zip(scores, starts, strict=True)
            if (signal := self._signal(one, message, start)) is not None
        ]
        return _strongest(signals), vector

    def _signal(self, scores: Scores, message: Normalised, start: int | None) -> Signal | None:
        best = int(scores.category.argmax())
        category = CATEGORIES[best]
        severity = self._thresholds.severity(scores.severity, category)
        complaint = category is Category.COMPLAINT and scores.category[best] >= self._thresholds.complaint
        if severity is Severity.S0 and not complaint:
            return None
        past = scores.past >= self._thresholds.past and severity < Severity.S4
        if past:
            severity = Severity.S1
        route = ROUTES[severity]
        if category is Category.COMPLAINT:
            if severity >= Severity.S2:
                category = Category.ANGER_THREAT
            else:
                severity, route = Severity.S0, Route.COMPLAINT
        left, right = (
            (0, len(message.text)) if start is None else _clip(scores.focus, start, len(message.text))
        )
        trigger = message.span(left, right)
        score = float(scores.severity[max(int(severity), 1) - 1])
        return Signal(category, severity, route, (trigger,), "classifier", score=score, past=past)


def _clip(focus: tuple[int, int] | None, start: int, end: int) -> tuple[int, int]:
    if focus is None:
        return start, min(end, start + PIECE_CHARS)
    return min(end, start + focus[0]), min(end, start + focus[1])


def _strongest(signals: Sequence[Signal]) -> tuple[Signal, ...]:
    """One signal per category, the most severe."""
    kept: dict[Category, Signal] = {}
    for signal in signals:
        before = kept.get(signal.category)
        if before is None or (signal.severity, signal.score) > (before.severity, before.score):
            kept[signal.category] = signal
    return tuple(kept.values())
