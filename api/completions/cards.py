"""A stored card as lines of text: title, words, when to call which number, choices."""

from __future__ import annotations

from typing import Any


def card_text(card: dict[str, Any]) -> str:
    """What a family reads on a card, line by line; the numbers to call stand in the labels."""
    lines = [str(card.get("title", ""))]
    for block in card.get("blocks", ()):
        if block["kind"] == "text":
            lines.append(block["text"])
        elif block["kind"] == "call":
            lines.append(block["label"])
        elif block["kind"] == "buttons":
            lines.append(" / ".join(button["label"] for button in block["items"]))
    return "\n".join(line for line in lines if line)
