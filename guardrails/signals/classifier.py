"""The learned half of the detector: scores over the shared encoding, made signals by thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from guardrails.signals import lexical
from guardrails.signals.contexts import (
    in_want,
    in_want_by_disaster,
    is_call_made,
    is_plain_answer,
    is_plain_turn,
    long_absent,
    only_idioms,
    still_there,
    what_decides,
)
from guardrails.signals.inputs import in_context, letters
from guardrails.signals.normalise import Normalised, normalise
from guardrails.signals.rules import ROUTES
from guardrails.signals.second_look import SecondLook, features
from guardrails.signals.thresholds import Thresholds
from guardrails.types import Author, Category, Route, Severity, Signal, Span, Utterance

if TYPE_CHECKING:
    from knowledge.encoder import Embedder
    from knowledge.encoder.inner import Pass

MODEL = Path(__file__).with_name("model")
CATEGORIES = tuple(Category)
VECTOR_CHARS = 160
"""The shared vector, which search uses, is of the beginning of the message."""
CLOSE_LOOKS = 3
"""Pieces of a long message that the model reads; the quick look chooses them, the rules read everything."""
PIECE_CHARS = 160
PIECE_STEP = 120
"""A long message is read in pieces that overlap, so that no sentence falls between two of them."""
CALM_MESSAGE, CALM_WORDING = 0.0008, -1.0
"""Below both, a message is not read once more together with the turns before it: its probability of S2 or
more, and the characters' logit for it with those turns. A third of an ordinary turn's time hangs on it. With
0.003 and -0.75 two of some 300 dangerous messages in talks of the latest hands were passed over, now one.
"""

OVER, NOT_AGAIN = 0.5, 0.1
"""Probabilities of past and resolved, at least, and of S3, below, at which a rule's plain words are of then.

Of 533 messages of unread hands in which a rule fired 26 are told so, all of them rightly:
那几年不想活，现在都带孙子了.
"""
ALARMED_WORDING = -0.5
"""From here on the wording of a talk hints at danger (the characters' logit): 她九岁了 after 我撑不下去了 is
at 1.4, after 药都买好了 at -0.05, after a prison sentence at -3.8. Then even a plain turn is read with it.
"""


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
    read: Pass | None = None
    """The states after layer 8, from which other heads continue."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the classifier says of a message."""

    signals: tuple[Signal, ...]
    """With triggers in offsets of the redacted text."""
    vector: NDArray[np.float32] | None
    """Sentence vector of the redacted text."""
    support: float
    """Highest probability of S2 or more over all readings: what a hint of the rules needs a little of."""
    read: Pass | None = None
    """What the shared layers made of the redacted text, as far as the vector reads it."""
    over: bool = False
    """Whether all of the message was read, and every reading finds it past and resolved (CR-8)."""


_OFTEN_WANT = (
    Category.NEGLECT_ABANDONMENT,
    Category.CHILD_SPEAKING,
    Category.CAREGIVER_BURNOUT,
    Category.MISSING_RUNAWAY_TRAFFICKING,
)
"""What a family's plain want of shelter, food or money is mistaken for."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One text to score, and where it stands in the message."""

    text: str
    message: Normalised | None
    """The piece with its offsets; None where they are those of the text itself, or where turns were added."""
    start: int
    """Where the piece begins in the redacted message."""
    piece: str
    """The piece as it was typed."""
    in_talk: bool = False
    """Whether the turns before the message are part of the text."""

    def trigger(self, focus: tuple[int, int] | None) -> Span:
        """The words of the redacted message that weighed most; the whole piece where that cannot be said."""
        left, right = 0, len(self.piece)
        if focus and focus[1] > focus[0]:
            if self.message is not None:
                span = self.message.span(focus[0], min(focus[1], len(self.message.text)))
                left, right = span.start, span.end
            elif self.text == self.piece:
                left, right = focus
        return Span(self.start + left, self.start + right, self.piece[left:right])


class Scorer(Protocol):
    """Scores texts; keeps no state between calls."""

    def score(self, texts: Sequence[str]) -> tuple[list[Scores], NDArray[np.float32]]:
        """Scores of every text, and the sentence vector (384,) of the first."""

    def scores(self, texts: Sequence[str]) -> list[Scores]:
        """Scores alone: of what is no message by itself nobody wants a vector."""

    def read(self, text: str) -> tuple[Pass | None, NDArray[np.float32]]:
        """The states of a text that needs no scores, if there are any, and its sentence vector (384,)."""


class Classifier:
    """Finds signals in a message and its window."""

    def __init__(self, scorer: Scorer, thresholds: Thresholds, second: SecondLook | None = None) -> None:
        self._scorer = scorer
        self._thresholds = thresholds
        self._second = second

    @classmethod
    def load(cls, encoder: Embedder | None, folder: Path = MODEL) -> Classifier:
        """The committed model over the shared encoder.

        Raises:
            OSError, ValueError, KeyError: when a model file is missing or damaged.
        """
        from guardrails.signals.shared import SharedPass
        from guardrails.signals.tuned import TunedTail

        tail = TunedTail(SharedPass(encoder), folder)
        thresholds = Thresholds.load(folder / "thresholds.json")
        return cls(tail, thresholds, SecondLook.load(folder / "second_look.json"))

    def find(self, redacted: str, window: Sequence[Utterance]) -> Found:
        """Signals of the message in its window."""
        found = readings(redacted, window)
        if len(redacted) <= PIECE_CHARS and _says_no_more(_readable(redacted).text, found, window):
            read, own = self._scorer.read(redacted[:VECTOR_CHARS])
            return Found((), own, 0.0, read)
        by_itself = [reading.text for reading in found if not reading.in_talk]
        scores, vector = self._scorer.score(by_itself)
        if len(by_itself) < len(found):
            likely = max(float(one.severity[1]) for one in scores)
            wording = lexical.score(found[-1].text, MODEL / "lexical.npz")
            if likely < CALM_MESSAGE and wording < CALM_WORDING:
                found = found[: len(by_itself)]
            else:
                scores += self._scorer.scores([reading.text for reading in found[len(by_itself) :]])
        signals = [
            signal
            for one, reading in zip(scores, found, strict=True)
            if (signal := self._signal(one, reading)) is not None
        ]
        signals = self._looked_again(signals, scores, found, redacted)
        support = max(float(one.severity[1]) for one in scores)
        over = len(redacted) <= PIECE_CHARS and all(_is_over(one) for one in scores)
        over = over and not still_there(_readable(redacted).text)
        calm = what_decides(redacted)
        if signals and calm != redacted:
            # A fire of last month is heavy by itself, 心里有个数 says nothing: what else is said decides.
            rest = self.find(calm, window)
            whole = (Span(0, len(redacted), redacted),)
            left = tuple(replace(signal, triggers=whole) for signal in rest.signals)
            return Found(left, vector, rest.support, scores[0].read)
        return Found(_strongest(signals), vector, support, scores[0].read, over)

    def _looked_again(
        self, signals: list[Signal], scores: Sequence[Scores], found: Sequence[Reading], redacted: str
    ) -> list[Signal]:
        """The signals, none of them grave any more where a second look finds the message of a talk calm."""
        grave = [signal for signal in signals if signal.severity >= Severity.S3]
        if self._second is None or not grave or not any(one.in_talk for one in found):
            return signals
        severities = np.array([one.severity for one in scores])
        wording = lexical.scores(redacted, MODEL / "lexical.npz")
        measured = features(severities[0], severities.max(0), wording, redacted)
        if self._second.score(measured) >= self._second.calm:
            return signals
        return [
            replace(one, severity=Severity.S2, route=ROUTES[Severity.S2]) if one in grave else one
            for one in signals
        ]

    def _signal(self, scores: Scores, reading: Reading) -> Signal | None:
        best = int(scores.category.argmax())
        category = CATEGORIES[best]
        severity = self._thresholds.severity(scores.severity, category, in_talk=reading.in_talk)
        complaint = category is Category.COMPLAINT and scores.category[best] >= self._thresholds.complaint
        if severity is Severity.S0 and not complaint:
            return None
        told = _readable(reading.piece).text
        by_disaster = category is Category.DOMESTIC_VIOLENCE and in_want_by_disaster(told)
        if by_disaster or (category in _OFTEN_WANT and in_want(told)):
            severity = min(severity, Severity.S1)
        if category is Category.MISSING_RUNAWAY_TRAFFICKING and long_absent(told):
            severity = min(severity, Severity.S1)
        if category is Category.CAREGIVER_BURNOUT and severity is Severity.S4:
            category = Category.CAREGIVER_HARM_RISK  # exhaustion itself ends at S3 (docs/signals.md)
        past = scores.past >= self._thresholds.past and severity < Severity.S4 and not still_there(told)
        if past:
            severity = Severity.S1
        route = ROUTES[severity]
        if category is Category.COMPLAINT:
            if severity >= Severity.S2:
                category = Category.ANGER_THREAT
            else:
                severity, route = Severity.S0, Route.COMPLAINT
        trigger = reading.trigger(scores.focus)
        score = float(scores.severity[max(int(severity), 1) - 1])
        return Signal(category, severity, route, (trigger,), "classifier", score=score, past=past)


def _is_over(scores: Scores) -> bool:
    return scores.past >= OVER and float(scores.severity[2]) < NOT_AGAIN


def _says_no_more(message: str, found: Sequence[Reading], window: Sequence[Utterance]) -> bool:
    """Whether the whole message is an exaggeration, a call made or, in a calm talk, a plain answer or turn.

    Then nothing is left to be read between the lines: 要带什么材料 means that in every such talk. A person
    at the desk may have asked what we never ask: their talks are read as a whole. 对 is an answer, too, to
    「是被打的吗」: in a talk that hints at danger even that is read with it.
    """
    by_staff = any(turn.author is Author.STAFF for turn in window)
    if is_call_made(message):
        return True  # what it was called for was heard before, and stands
    answer = is_plain_answer(message)
    if answer or (is_plain_turn(message) and not by_staff):
        talk, alarmed = found[-1], CALM_WORDING if answer else ALARMED_WORDING
        return not talk.in_talk or lexical.score(talk.text, MODEL / "lexical.npz") < alarmed
    return not window and only_idioms(message)


@lru_cache(maxsize=64)
def _readable(redacted: str) -> Normalised:
    """A message or a piece of it as rules see it; kept while it is looked at from several sides."""
    return normalise(redacted)


def readings(redacted: str, window: Sequence[Utterance]) -> list[Reading]:
    """The texts to score, the redacted message first: its vector is shared.

    A message that is long or disguised is read in further pieces; last stands the message together with the
    turns before it.
    """
    first = Reading(redacted[:VECTOR_CHARS], None, 0, redacted[:VECTOR_CHARS])
    if len(redacted) <= PIECE_CHARS:
        message = _readable(redacted)
        disguised = letters(message.text) != letters(redacted)
        found = [first, Reading(message.text, message, 0, redacted)] if disguised else [first]
    else:
        cut = [(start, redacted[start : start + PIECE_CHARS]) for start in pieces(redacted)]
        found = [first, *(Reading((one := _readable(text)).text, one, start, text) for start, text in cut)]
    spoke = any(turn.author is Author.FAMILY for turn in window)  # a greeting alone is no context
    if (
        spoke
        and redacted.strip()
        and (context := in_context(_readable(redacted[-PIECE_CHARS:]).text, window))
    ):
        found.append(Reading(context, None, 0, redacted, in_talk=True))
    return found


def pieces(text: str) -> list[int]:
    """Where to read closely: a short text everywhere; a long one at both ends and where it looks worst."""
    starts = list(range(0, max(1, len(text) - PIECE_CHARS + PIECE_STEP), PIECE_STEP))
    if len(starts) <= CLOSE_LOOKS:
        return starts
    ranked = sorted(
        starts[1:-1], key=lambda at: -lexical.score(text[at : at + PIECE_CHARS], MODEL / "lexical.npz")
    )
    return sorted([starts[0], starts[-1], *ranked[: CLOSE_LOOKS - 2]])


def _strongest(signals: Sequence[Signal]) -> tuple[Signal, ...]:
    """One signal per category, the most severe."""
    kept: dict[Category, Signal] = {}
    for signal in signals:
        before = kept.get(signal.category)
        if before is None or (signal.severity, signal.score) > (before.severity, before.score):
            kept[signal.category] = signal
    return tuple(kept.values())
