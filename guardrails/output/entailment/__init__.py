"""Whether an evidence bears a sentence, as a tuned encoder reads the two together."""

from __future__ import annotations

EVIDENCE_TOKENS, SENTENCE_TOKENS = 160, 48
"""What is read of each; a sentence of an answer has 40 characters."""


def evidence_text(text: str) -> str:
    """An evidence as the encoder wants it."""
    return f"passage: {text}"


def sentence_text(text: str) -> str:
    """A sentence as the encoder wants it."""
    return f"query: {text}"
