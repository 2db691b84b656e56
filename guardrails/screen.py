"""Step 1 of every turn: danger signals on the raw text, then redaction, then the shared vector.

Nothing here raises for any message. What breaks is reported by `Screener.health()`, the message is marked for
a person to look at, and the rules' result stands (CR-9).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from guardrails.signals import conversation, rules
from guardrails.signals.classifier import Found
from guardrails.signals.normalise import Normalised, normalise
from guardrails.signals.speakers import who_speaks
from guardrails.types import (
    Author,
    Category,
    Entity,
    Route,
    Screening,
    Severity,
    Signal,
    Span,
    Utterance,
)

if TYPE_CHECKING:
    from guardrails.pii import Vault
    from knowledge.encoder import Embedder

DETECTOR_TIMEOUT_SECONDS = 0.8
"""CR-9: a slower detector counts as a failed one."""
SUPPORT = 0.1
"""Least probability of S2 or more, in the classifier's eyes, for a hint of the rules to stand."""
EARLIER_KEPT = 1_024
"""Earlier messages with a rule's signal whose reading is kept: they return in every turn of a talk."""
NOTHING_LEARNED = Found((), None, support=1.0)
"""Without a classifier every hint stands (CR-9)."""
UNREDACTED = "（这条消息没有保存原文：隐藏个人信息的部件没有正常工作。）"
"""Stands in for a message that could not be redacted: nothing raw is stored (PR-5)."""
_URGENCY = (
    Category.CAREGIVER_HARM_RISK,
    Category.SUICIDE_SELF,
    Category.SUICIDE_OTHER,
    Category.MEDICAL_EMERGENCY,
    Category.SEXUAL_ABUSE,
    Category.ABUSE_PHYSICAL,
    Category.DOMESTIC_VIOLENCE,
    Category.MISSING_RUNAWAY_TRAFFICKING,
    Category.SELF_HARM,
)
"""Which category names a message when several are equally severe (docs/signals.md)."""


class Redacts(Protocol):
    """What screening needs of guardrails.pii."""

    def redact(self, text: str, vault: Vault) -> tuple[str, Sequence[Entity]]:
        """The text with placeholders, and what was found."""


class Classifies(Protocol):
    """What screening needs of a classifier. One instance serves all threads."""

    def find(self, redacted: str, window: Sequence[Utterance]) -> Found:
        """Signals of the message in its window, its vector, and how much it supports hints of the rules."""


@dataclass(frozen=True, slots=True)
class Health:
    """Whether each part of screening did its work the last time it was asked."""

    classifier: bool
    redactor: bool
    problems: tuple[str, ...]
    """One sentence each, without any text of a family; empty when all is well."""

    @property
    def green(self) -> bool:
        """Whether everything works."""
        return self.classifier and self.redactor


class Screener:
    """Screens messages. Loads once, serves all threads."""

    def __init__(
        self,
        encoder: Embedder | None,
        *,
        redactor: Redacts | None = None,
        classifier: Classifies | None = None,
        timeout_seconds: float = DETECTOR_TIMEOUT_SECONDS,
    ) -> None:
        self._problems: dict[str, str] = {}
        self._lock = threading.Lock()
        self._earlier: dict[str, Found] = {}
        self._timeout = timeout_seconds
        self._pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="signals")
        rules.find(normalise("你好，ni hao"))  # tables are read now, not during the first message
        self._redactor = redactor or self._load_redactor()
        self._classifier = classifier or self._load_classifier(encoder)

    def screen(
        self,
        text: str,
        window: Sequence[Utterance] = (),
        vault: Vault | None = None,
        sticky: Severity = Severity.S0,
    ) -> Screening:
        """All that is known of a message before anything else happens to it.

        Args:
            text: the raw message, any string, scanned to its end.
            window: earlier messages of both sides, redacted, oldest first.
            vault: placeholders of this conversation; None: a fresh one.
            sticky: the conversation's standing severity, which never falls by itself (CR-4).
        """
        failed: list[str] = []
        message, own, settled = self._rules(text, window, sticky, failed)
        redacted, entities = self._redact(text, vault, failed)
        # Without redaction the raw text is still classified, in memory; its vector is not kept.
        unredacted = "redactor" in failed
        found = self._classify(text if unredacted else redacted, window, failed)
        learned = found.signals if unredacted else _located(found.signals, redacted, text, entities)
        weighed = (_weighed(one, found) for one in own if _counts(one, found))
        signals: tuple[Signal, ...] = (*weighed, *settled, *learned)
        signals = tuple(_impersonal(signal, text, entities) for signal in signals)
        severity = max([sticky, *(signal.severity for signal in signals)])
        category = _leading(signals, severity)
        route = rules.ROUTES[severity]
        if severity <= Severity.S1 and any(one.category is Category.COMPLAINT for one in signals):
            route = Route.COMPLAINT
        family = [message.text, *(turn.text for turn in reversed(window) if turn.author is Author.FAMILY)]
        return Screening(
            severity=severity,
            category=category,
            route=route,
            signals=signals,
            speaker=who_speaks(family, signals),
            redacted=redacted,
            entities=tuple(entities),
            needs_review=bool(failed),
            encoding=None if unredacted else found.vector,
            read=None if unredacted else found.read,
        )

    def health(self) -> Health:
        """What works now; red when the last use of a part failed."""
        with self._lock:
            problems = dict(self._problems)
        return Health("classifier" not in problems, "redactor" not in problems, tuple(problems.values()))

    def _rules(
        self, text: str, window: Sequence[Utterance], sticky: Severity, failed: list[str]
    ) -> tuple[Normalised, tuple[Signal, ...], tuple[Signal, ...]]:
        """The readable message, what the classifier has still to weigh, and what is settled without it."""
        try:
            message = normalise(text)
            own = rules.find(message)
            standing = conversation.carried(window, partial(self._stood, failed=failed))
            crossing = conversation.across(message, window)
            answer = conversation.safety_answer(message, window, (*own, *standing), sticky)
        except Exception as error:  # whatever breaks, the message still goes to a person
            self._broken("rules", f"The rules failed with {type(error).__name__}.")
            failed.append("rules")
            return Normalised(text, text, tuple(range(len(text))), tuple(range(1, len(text) + 1))), (), ()
        return message, (*own, *crossing), (*answer, *standing)

    def _stood(self, signal: Signal, redacted: str, *, failed: list[str]) -> bool:
        """Whether a rule's signal of an earlier message was one when that message was read by itself.

        Where the classifier fails it was (CR-9), and no further message waits for it.
        """
        with self._lock:
            found = self._earlier.get(redacted)
        if found is None:
            if "classifier" in failed:
                return True
            found = replace(self._classify(redacted, (), failed), vector=None, read=None)
            if "classifier" in failed:
                return True
            with self._lock:
                while len(self._earlier) >= EARLIER_KEPT:
                    self._earlier.pop(next(iter(self._earlier)))
                self._earlier[redacted] = found
        return _counts(signal, found) and not found.over

    def _redact(self, text: str, vault: Vault | None, failed: list[str]) -> tuple[str, Sequence[Entity]]:
        try:
            if self._redactor is None:
                raise RuntimeError("not loaded")
            if vault is None:
                from guardrails.pii import Vault as NewVault

                vault = NewVault()
            redacted, entities = self._redactor.redact(text, vault)
        except Exception as error:
            self._broken("redactor", f"Redaction failed with {type(error).__name__}: texts are not stored.")
            failed.append("redactor")
            return UNREDACTED, ()
        self._well("redactor")
        return redacted, entities

    def _classify(self, redacted: str, window: Sequence[Utterance], failed: list[str]) -> Found:
        if self._classifier is None:
            failed.append("classifier")
            return NOTHING_LEARNED
        future = self._pool.submit(self._classifier.find, redacted, window)
        try:
            found = future.result(timeout=self._timeout)
        except FutureTimeoutError:
            future.cancel()
            self._broken("classifier", f"The classifier took longer than {self._timeout:g} s.")
        except Exception as error:
            self._broken("classifier", f"The classifier failed with {type(error).__name__}.")
        else:
            self._well("classifier")
            return found
        failed.append("classifier")
        return NOTHING_LEARNED

    def _load_redactor(self) -> Redacts | None:
        try:
            from guardrails.pii import Redactor

            return Redactor()
        except Exception as error:
            self._broken("redactor", f"Redaction could not be loaded ({type(error).__name__}).")
            return None

    def _load_classifier(self, encoder: Embedder | None) -> Classifies | None:
        try:
            from guardrails.signals.classifier import Classifier

            return Classifier.load(encoder)
        except Exception as error:
            self._broken("classifier", f"The classifier could not be loaded ({type(error).__name__}).")
            return None

    def _broken(self, part: str, problem: str) -> None:
        with self._lock:
            self._problems[part] = problem

    def _well(self, part: str) -> None:
        with self._lock:
            self._problems.pop(part, None)


def _impersonal(signal: Signal, text: str, entities: Sequence[Entity]) -> Signal:
    """The signal with each trigger cut to its longest stretch without personal data: staff may read it."""

    def cut(span: Span) -> Span:
        inside = sorted((e.start, e.end) for e in entities if e.start < span.end and span.start < e.end)
        if not inside:
            return span
        edges = [span.start, *(at for pair in inside for at in pair), span.end]
        start, end = max(zip(edges[::2], edges[1::2], strict=True), key=lambda part: part[1] - part[0])
        return Span(start, max(start, end), text[start : max(start, end)])

    return replace(signal, triggers=tuple(map(cut, signal.triggers)))


def _counts(signal: Signal, found: Found) -> bool:
    """A rule counts; a hint, of this message or of several together, needs a little support."""
    return found.support >= SUPPORT or "hint:" not in signal.found_by


def _weighed(signal: Signal, found: Found) -> Signal:
    """The signal; of a rule's plain words only care is left where all of the message is of then (CR-8)."""
    if not found.over or not signal.found_by.startswith(("rule:", "hint:")) or signal.severity <= Severity.S1:
        return signal
    return replace(signal, severity=Severity.S1, route=Route.NORMAL_WITH_CARE, past=True)


def _located(
    signals: Sequence[Signal], redacted: str, original: str, entities: Sequence[Entity]
) -> tuple[Signal, ...]:
    """The same signals with triggers in the original message instead of the redacted one."""
    at = _alignment(redacted, original, entities)

    def move(span: Span) -> Span:
        start, end = at[span.start], at[span.end] if span.end < len(at) else len(original)
        return Span(start, max(start, end), original[start : max(start, end)])

    return tuple(replace(signal, triggers=tuple(map(move, signal.triggers))) for signal in signals)


def _alignment(redacted: str, original: str, entities: Sequence[Entity]) -> list[int]:
    """For every position of the redacted text, and one past its end, the position in the original."""
    at: list[int] = []
    position = 0
    for entity in sorted(entities, key=lambda one: one.start):
        gap = max(0, entity.start - position)
        at.extend(range(position, position + gap))
        closing = redacted.find(">", len(at))
        if closing < 0:
            break
        at.extend([entity.start] * (closing + 1 - len(at)))
        position = entity.end
    at.extend(range(position, position + max(0, len(redacted) - len(at))))
    return [min(place, len(original)) for place in [*at[: len(redacted)], len(original)]]


def _leading(signals: Sequence[Signal], severity: Severity) -> Category | None:
    """The category that names the message: most severe first, then what needs action first."""
    if not signals:
        return None
    order = {category: rank for rank, category in enumerate(_URGENCY)}
    best = min(signals, key=lambda one: (-one.severity, order.get(one.category, len(order))))
    if best.category is Category.COMPLAINT and severity > Severity.S1:
        return None
    return best.category
