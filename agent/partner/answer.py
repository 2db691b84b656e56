"""What of a partner's answer a family may read. Its words are material: shown as its own, never obeyed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.compose.model.guard import asks, is_chinese
from agent.partner.data import texts

SENTENCES_MOST = 8
SENTENCE_CHARS_MOST = 120
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?")
_BULLET = re.compile(r"^[\s\-*•·#>]*(?:\d{1,2}[.、)）]\s*)?")


@dataclass(frozen=True, slots=True)
class Fit:
    """A partner's answer, sorted."""

    sentences: tuple[str, ...]
    """That may be offered to the output check."""
    instead: tuple[str, ...]
    """Phrases that are said for what was left out, without repeats."""


def fit(answer: str) -> Fit:
    """Sort an answer sentence by sentence; what is too long, foreign or a question is left out."""
    kept: list[str] = []
    instead: list[str] = []
    for part in _SENTENCE.findall(answer):
        text = _BULLET.sub("", part).strip()
        if not text or text in kept:
            continue
        why = _against(text)
        if why is None and len(kept) < SENTENCES_MOST:
            kept.append(text)
        elif why is not None:
            instead.append(why)
    return Fit(tuple(kept), tuple(dict.fromkeys(instead)))


def _against(text: str) -> str | None:
    """The phrase that is said in place of a sentence; None where it may be shown."""
    if len(text) > SENTENCE_CHARS_MOST or not is_chinese(text) or asks(text):
        return "left_out"
    return next((rule.then for rule in texts().dropped if rule.pattern.search(text)), None)
