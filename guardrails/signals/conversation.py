"""What earlier turns add to a message (CR-4): carried risk, signals over turns, the safety question."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

from guardrails.signals import rules
from guardrails.signals.normalise import Normalised, fold, normalise
from guardrails.types import Author, Category, Severity, Signal, Utterance

WINDOW_TURNS = 20
"""Ten turns of both speakers."""
_JOINED_TURNS = 2
_FOUND_AGAIN = re.compile("(?:找到|找着|接到|回来|回家|到家)了")
"""A child that is back is no denial: the danger is over."""
_SPANNING = frozenset({"absence_planned", "wish_to_die", "wish_to_die_in_passing", "take_child_along"})
_CARE = re.compile("补助|补贴|孤儿|低保|福利院|谁管|谁养|谁带|监护|抚养|怎么办")
_SAFETY_QUESTION = "你现在安全吗"
_NOT_SAFE = re.compile(r"不安全|不太安全|不怎么安全|没有?安全|危险|不[,。! ]*$")
_UNCLEAR = re.compile(r"说不清|不知道|不好说|不确定|算是|可能|也许|难说|不晓得")
_SAFE = re.compile(r"^(?:我|我们|孩子)?(?:现在|目前|暂时)?(?:是|很|挺|还|都)?安全")


def carried(
    window: Sequence[Utterance], stands: Callable[[Signal, str], bool] | None = None
) -> tuple[Signal, ...]:
    """Signals of earlier family messages that still hold; past and resolved ones do not.

    Args:
        window: earlier messages, oldest first.
        stands: whether a rule's signal counted in its own message, given as text; None: every one did.
    """
    found: dict[Category, Signal] = {}
    for turn in window[-WINDOW_TURNS:]:
        if turn.author is not Author.FAMILY:
            continue
        over, signals = _said_in(turn.text)
        if over:
            found.pop(Category.MISSING_RUNAWAY_TRAFFICKING, None)
        for signal in signals:
            before = found.get(signal.category)
            if (
                signal.past
                or signal.severity < Severity.S2
                or (before and before.severity >= signal.severity)
                or (stands is not None and not stands(signal, turn.text))
            ):
                continue
            found[signal.category] = replace(signal, triggers=(), found_by=f"window:{signal.found_by}")
    return tuple(found.values())


@lru_cache(maxsize=4_096)
def _said_in(redacted: str) -> tuple[bool, tuple[Signal, ...]]:
    """Whether a missing child is back, and the signals of an earlier message.

    Kept, because each message of a talk is an earlier one in all turns that follow; it is redacted already.
    """
    readable = normalise(redacted)
    return bool(_FOUND_AGAIN.search(readable.text)), tuple(rules.find(readable))


def across(message: Normalised, window: Sequence[Utterance]) -> tuple[Signal, ...]:
    """Signals that only the last turns together make: 「我要是不在了」 / 「孩子能领什么」."""
    earlier = [turn.text for turn in window[-WINDOW_TURNS:] if turn.author is Author.FAMILY][-_JOINED_TURNS:]
    if not earlier or len(message.text) > 200:
        return ()
    before = normalise(",".join(earlier)[-200:]).text
    joined = fold(f"{before},{message.text}")
    cut = len(before)
    found = []
    for signal in rules.find(joined):
        crosses = any(span.start < cut < span.end for span in signal.triggers)
        name = signal.found_by.partition(":")[2]
        spanning = name in _SPANNING and (name != "absence_planned" or _CARE.search(message.text))
        if crosses and spanning and signal.severity >= Severity.S3:
            found.append(replace(signal, triggers=(), found_by=f"window:{signal.found_by}"))
    return tuple(found)


def safety_answer(
    message: Normalised,
    window: Sequence[Utterance],
    standing: Sequence[Signal],
    sticky: Severity = Severity.S0,
) -> tuple[Signal, ...]:
    """Anything but 安全 to the fixed safety question escalates (CR-15).

    The question stands on a card, which is no message of the window: a bare 「不安全」 is its button, and in
    a conversation that already stands at S3 so is 「说不清」.
    """
    said = message.text.strip(" ,。.!")
    last = next((turn for turn in reversed(window) if turn.author is not Author.FAMILY), None)
    asked = last is not None and _SAFETY_QUESTION in last.text
    asked = asked or said == "不安全" or (said == "说不清" and sticky >= Severity.S3)
    if not asked or _SAFE.search(message.text):
        return ()
    severity = Severity.S4 if _NOT_SAFE.search(message.text) else Severity.S3
    if severity is Severity.S3 and not _UNCLEAR.search(message.text) and len(message.text) > 12:
        return ()
    category = max(standing, key=lambda one: one.severity).category if standing else Category.SUICIDE_SELF
    trigger = message.span(0, len(message.text))
    return (Signal(category, severity, rules.ROUTES[severity], (trigger,), "rule:safety_answer"),)
