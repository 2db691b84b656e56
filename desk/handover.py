"""The handover note: what was asked, known, missing, answered, and why a person is needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from storage.types import Author, Event

_ASKED_LINES = 5
_ANSWERED_CHARS = 400


@dataclass(frozen=True, slots=True)
class HandoverNote:
    """The agent may hand one in with the ticket (`NewTicket.note`); the desk can make one from the events."""

    asked: tuple[str, ...] = ()
    """The family's last messages, redacted, oldest first."""
    known: tuple[str, ...] = ()
    """Facts in plain Chinese: `爸爸的情况：服刑`."""
    missing: tuple[str, ...] = ()
    """What would settle the open verdicts."""
    answered: tuple[str, ...] = ()
    """What the family has been told, one entry a turn."""
    why: str = ""

    def to_json(self) -> dict[str, Any]:
        """Ready for `NewTicket.note`."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> HandoverNote:
        """From `Ticket.note`; unknown keys are passed over, so that older notes still open."""
        lists = {
            key: tuple(str(line) for line in data.get(key) or ())
            for key in ("asked", "known", "missing", "answered")
        }
        return cls(**lists, why=str(data.get("why") or ""))


def from_events(events: Sequence[Event], why: str) -> HandoverNote:
    """The note as the talk stands now. Nothing in it is made up: every line is a stored event."""
    asked = [str(e.data.get("text", "")) for e in events if e.name == "message" and e.author is Author.FAMILY]
    facts = _last(events, "facts")
    verdicts = _last(events, "verdicts")
    return HandoverNote(
        asked=tuple(asked[-_ASKED_LINES:]),
        known=tuple(
            f"{f.get('label', f.get('name'))}：{f.get('value_label', f.get('value'))}" for f in facts
        ),
        missing=tuple(dict.fromkeys(str(m) for v in verdicts for m in v.get("missing") or ())),
        answered=_answered(events),
        why=why,
    )


def _last(events: Sequence[Event], name: str) -> list[dict[str, Any]]:
    for event in reversed(events):
        if event.name == name:
            items = event.data.get("items")
            return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return []


def _answered(events: Sequence[Event]) -> tuple[str, ...]:
    """What was said per turn, and the titles of cards shown."""
    turns: dict[str, str] = {}
    for event in events:
        if event.name == "text":
            key = str(event.turn or event.data.get("turn") or event.seq)
            turns[key] = turns.get(key, "") + str(event.data.get("text", ""))
        elif event.name == "card":
            turns[f"card:{event.seq}"] = f"〔卡片〕{event.data.get('title', '')}"
    return tuple(text[:_ANSWERED_CHARS] for text in turns.values())
