"""The learned half of the detector: scores over the shared encoding, made signals by thresholds."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from guardrails.signals import lexical
from guardrails.signals.inputs import in_context
from guardrails.signals.normalise import Normalised, normalise
from guardrails.signals.rules import ROUTES, only_idioms
from guardrails.signals.thresholds import Thresholds
from guardrails.types import Category, Route, Severity, Signal, Utterance

if TYPE_CHECKING:
    from knowledge.encoder import Embedder

MODEL = Path(__file__).with_name("model")
CATEGORIES = tuple(Category)
VECTOR_CHARS = 240
"""The shared vector, which search uses, is of the beginning of the message."""
CLOSE_LOOKS = 4
"""Pieces of a long message that the model reads; the quick look chooses them, the rules read everything."""
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


@dataclass(frozen=True, slots=True)
class Found:
    """What the classifier says of a message."""

    signals: tuple[Signal, ...]
    """With triggers in offsets of the redacted text."""
    vector: NDArray[np.float32] | None
    """Sentence vector of the redacted text."""
    support: float
    """Highest probability of S2 or more over all readings: what a hint of the rules needs a little of."""


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
    def load(cls, encoder: Embedder | None, folder: Path = MODEL) -> Classifier:
        """The committed model over the shared encoder.

        Raises:
            OSError, ValueError, KeyError: when a model file is missing or damaged.
        """
        from guardrails.signals.shared import ENCODER, SharedPass
        from guardrails.signals.tuned import TunedTail

        return cls(
            TunedTail(SharedPass(ENCODER), folder, encoder), Thresholds.load(folder / "thresholds.json")
        )

    def find(self, redacted: str, window: Sequence[Utterance]) -> Found:
        """Signals of the message in its window."""
        message = normalise(redacted)
        texts, starts = _readings(redacted, message, window)
        scores, vector = self._scorer.score(texts)
        if not window and only_idioms(message.text):
            return Found((), vector, 0.0)
        signals = [
            signal
            for one, start in zip(scores, starts, strict=True)
            if (signal := self._signal(one, message, start)) is not None
        ]
        return Found(_strongest(signals), vector, max(float(one.severity[1]) for one in scores))

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


def _readings(
    redacted: str, message: Normalised, window: Sequence[Utterance]
) -> tuple[list[str], list[int | None]]:
    """The texts to score, the redacted message first, and where in the readable message each begins.

    None: the whole message stands for it. A message that is long or disguised is read in further pieces, and
    once more together with the turns before it.
    """
    texts, starts = [redacted[:VECTOR_CHARS]], [0 if message.text == redacted else None]
    if len(message.text) > PIECE_CHARS or _letters(message.text) != _letters(redacted):
        for start in pieces(message.text):
            texts.append(message.text[start : start + PIECE_CHARS])
            starts.append(start)
    if message.text.strip() and (context := in_context(message.text[-PIECE_CHARS:], window)):
        texts.append(context)
        starts.append(None)
    return texts, starts


def _letters(text: str) -> str:
    """What the tokenizer sees: compatibility forms, no case."""
    return unicodedata.normalize("NFKC", text).lower()


def pieces(text: str) -> list[int]:
    """Where to read closely: a short text everywhere; a long one at both ends and where it looks worst."""
    starts = list(range(0, max(1, len(text) - PIECE_CHARS + PIECE_STEP), PIECE_STEP))
    if len(starts) <= CLOSE_LOOKS:
        return starts
    ranked = sorted(
        starts[1:-1], key=lambda at: -lexical.score(text[at : at + PIECE_CHARS], MODEL / "lexical.npz")
    )
    return sorted([starts[0], starts[-1], *ranked[: CLOSE_LOOKS - 2]])


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
