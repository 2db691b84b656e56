"""What the store takes and gives, as values.

Severities are plain integers (0 to 4) and categories, routes and roles plain strings: the rooms above own
their enums. Every time is an aware `datetime`; the store holds UTC and never looks at a clock.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

URGENT = 3
"""From this severity on a message must have a ticket (CR-21), and erasure waits for staff (R-33)."""


class Author(StrEnum):
    """Who wrote what is stored."""

    FAMILY = "family"
    BOT = "bot"
    STAFF = "staff"


class TicketStatus(StrEnum):
    """Where a ticket stands."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to store."""

    name: str
    """One of the names in docs/architecture.md."""
    data: Mapping[str, Any]
    """JSON-ready. Stored as the exact text that is streamed, so that a replay is equal byte for byte."""
    unless_owned: bool = False
    """Left out when a person owns the conversation, such as the status `waiting_for_person`."""


@dataclass(frozen=True, slots=True)
class Event:
    """A stored event."""

    conversation_id: str
    seq: int
    """1, 2, 3 … without a gap within a conversation; the `id:` of the stream."""
    name: str
    json: str
    """The stored text. Stream this, not a re-encoded `data`."""
    author: Author
    turn: str | None = None

    @property
    def data(self) -> dict[str, Any]:
        """The data as a new dictionary."""
        loaded: dict[str, Any] = json.loads(self.json)
        return loaded


@dataclass(frozen=True, slots=True)
class NewSignal:
    """A danger signal of a message, with the words that set it off (CR-29)."""

    category: str
    severity: int
    route: str
    found_by: str
    triggers: tuple[str, ...] = ()
    """Words of the redacted text; others are not stored."""
    score: float = 1.0
    past: bool = False


@dataclass(frozen=True, slots=True)
class NewTicket:
    """A request for a person. With an open ticket it raises that one instead of making a second."""

    severity: int
    category: str | None
    reason: str
    """Short code, such as `signal`, `family_asked`, `nothing_found`, `needs_review`. Never message text."""
    speaker: str = "adult"
    note: Mapping[str, Any] = field(default_factory=dict)
    """Handover note (JSON-ready): what was asked, known, missing, answered, why. Stored encrypted."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation, without its texts."""

    id: str
    created_at: dt.datetime
    last_active_at: dt.datetime
    severity: int
    """Sticky: only a named staff member lowers it (CR-4)."""
    owner_id: str | None
    owner_name: str | None
    """The staff member the family talks with; None while the bot answers."""
    last_seq: int
    token_expires_at: dt.datetime
    vault_json: str | None = None
    """Stable placeholders of redaction, decrypted; None until the first message."""


@dataclass(frozen=True, slots=True)
class Message:
    """A stored message, decrypted."""

    id: str
    conversation_id: str
    author: Author
    text: str
    """Redacted where the family wrote it. Empty after retention deleted it."""
    at: dt.datetime
    seq: int
    answered: bool
    staff_name: str | None = None
    severity: int = 0


@dataclass(frozen=True, slots=True)
class WindowLine:
    """One earlier line of the talk: a message, or the sentences of one bot turn joined."""

    author: Author
    text: str


@dataclass(frozen=True, slots=True)
class Signal:
    """A stored signal, decrypted."""

    message_id: str
    category: str
    severity: int
    route: str
    found_by: str
    triggers: tuple[str, ...]
    score: float
    past: bool
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Accepted:
    """How a family message was taken in."""

    message_id: str
    seq: int
    duplicate: bool = False
    """Same key and body as before: this is the stored result, nothing was added."""
    conflict: bool = False
    """Same key, other body: nothing was stored. The API answers 409."""
    owned_by_person: bool = False
    """The bot stays silent."""
    ticket_id: str | None = None
    """The open ticket of the conversation, if any."""
    created_ticket: bool = False
    """True when this message opened (or reopened) the ticket."""
    severity: int = 0
    """Sticky severity of the conversation after this message."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to answer one message, held for some seconds."""

    token: str
    conversation_id: str
    message: Message
    until: dt.datetime
    state: str | None = None
    """What the conversation remembered when the turn began, as JSON text; None before it was first saved."""


class RefusedBecause(StrEnum):
    """Why events were not stored."""

    OWNED_BY_PERSON = "owned_by_person"
    TURN_LOST = "turn_lost"
    """Another turn, or an urgent message, took the conversation over."""
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was stored."""

    reason: RefusedBecause
    owner_name: str | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """A request for a person, as the desk sees it."""

    id: str
    conversation_id: str
    severity: int
    category: str | None
    reason: str
    speaker: str
    status: TicketStatus
    opened_at: dt.datetime
    waiting_since: dt.datetime
    """When it last began to wait: opened, released, reopened or raised. The timers count from here."""
    claimed_at: dt.datetime | None
    closed_at: dt.datetime | None
    owner_id: str | None
    owner_name: str | None
    outcome: str | None
    follow_up_on: dt.date | None
    reopened: int
    round: int
    """Counts the waits of this ticket; pages belong to a round."""
    note: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NotOwner:
    """The ticket is not in the state the action needs, or belongs to somebody else. The API answers 409."""

    status: TicketStatus | None
    """None: there is no such ticket."""
    owner_name: str | None = None


@dataclass(frozen=True, slots=True)
class Replied:
    """A staff reply was stored, now or before under the same key."""

    message_id: str
    seq: int
    duplicate: bool = False
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One call for help to staff. Stored with the ticket, delivered at least once, seen once (R-20)."""

    id: int
    ticket_id: str
    round: int
    step: str
    """`page`, `page_again`, `supervisor`, `phone_bridge` or `incident`."""
    created_at: dt.datetime
    delivered_at: dt.datetime | None
    attempts: int
    severity: int


@dataclass(frozen=True, slots=True)
class StaffMember:
    """An account of the desk."""

    id: str
    name: str
    role: str
    password_hash: str
    created_at: dt.datetime
    seen_at: dt.datetime | None = None
    """Last request of the desk page: who is on duty, and whose connection broke (R-25)."""
    disabled_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class StaffSession:
    """A server-side login."""

    staff: StaffMember
    csrf_token: str
    created_at: dt.datetime
    last_seen_at: dt.datetime
    expires_at: dt.datetime


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the audit log. Holds ids and codes only, never message text (SE-20)."""

    id: int
    at: dt.datetime
    actor: str
    action: str
    target: str
    detail: Mapping[str, Any]
    hash: str


@dataclass(frozen=True, slots=True)
class AuditCheck:
    """What the verifier found."""

    entries: int
    head: str
    """Hash of the last entry. Kept elsewhere, it proves that nobody cut the end off."""
    broken_at: int | None
    """Id of the first entry that does not fit; None when the chain is whole."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """What an erasure did."""

    done: bool
    refused_open_ticket: bool = False
    """An S3/S4 ticket is open; staff must close it first (R-33)."""
    case_record_kept: bool = False
    """A crisis case record stays for the years the law asks (LG-9); the talk itself is gone."""


@dataclass(frozen=True, slots=True)
class RetentionCount:
    """What one run of the retention job removed. A second run at the same time removes nothing."""

    conversations: int
    messages: int
    events: int
    case_records: int
    sessions: int
