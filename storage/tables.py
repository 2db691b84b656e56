"""All tables. Both databases get them from the same migrations; a test compares the two with this file."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from storage.columns import UtcDateTime

Id = String(22)
BigId = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only for INTEGER."""


class Base(DeclarativeBase):
    """Mapping of Python types to columns."""

    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as a plain dictionary
        dt.datetime: UtcDateTime,
        dt.date: Date,
        bytes: LargeBinary,
        str: String(255),
        bool: Boolean,
        float: Float,
        int: Integer,
    }


class KeyUse(Base):
    """Keys that sealed something here: a lost key file is noticed at start, not at the first message."""

    __tablename__ = "key_uses"
    key_id: Mapped[str] = mapped_column(String(16), primary_key=True)


class Conversations(Base):
    """One row a conversation; also the lock that orders its events."""

    __tablename__ = "conversations"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    token_expires_at: Mapped[dt.datetime]
    old_token_hash: Mapped[str | None] = mapped_column(String(64))
    old_token_expires_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]
    last_active_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)
    severity: Mapped[int] = mapped_column(server_default="0")
    last_seq: Mapped[int] = mapped_column(server_default="0")
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    state: Mapped[bytes | None]
    vault: Mapped[bytes | None]
    turn_token: Mapped[str | None] = mapped_column(String(43))
    turn_until: Mapped[dt.datetime | None]
    erased_at: Mapped[dt.datetime | None]


class Messages(Base):
    """What families and staff wrote. The text goes after retention; the row stays and is counted."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "key", name="uq_messages_conversation_key"),
        Index("ix_messages_unanswered", "conversation_id", "seq", sqlite_where=text("NOT answered"),
              postgresql_where=text("NOT answered")),
    )  # fmt: skip
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    key: Mapped[str] = mapped_column(String(300))
    body_hash: Mapped[str] = mapped_column(String(64))
    author: Mapped[str] = mapped_column(String(16))
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    text: Mapped[bytes | None]
    severity: Mapped[int]
    seq: Mapped[int]
    at: Mapped[dt.datetime]
    answered: Mapped[bool]
    ticket_id: Mapped[str | None] = mapped_column(Id)
    created_ticket: Mapped[bool]


class Events(Base):
    """What was streamed, in order, as the exact JSON text."""

    __tablename__ = "events"
    __table_args__ = (UniqueConstraint("conversation_id", "seq", name="uq_events_conversation_seq"),)
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    seq: Mapped[int]
    name: Mapped[str] = mapped_column(String(32))
    author: Mapped[str] = mapped_column(String(16))
    turn: Mapped[str | None] = mapped_column(String(43))
    data: Mapped[bytes]


class Signals(Base):
    """Danger signals with their trigger words (sealed)."""

    __tablename__ = "signals"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"))
    category: Mapped[str] = mapped_column(String(64))
    severity: Mapped[int]
    route: Mapped[str] = mapped_column(String(32))
    found_by: Mapped[str]
    score: Mapped[float]
    past: Mapped[bool]
    at: Mapped[dt.datetime]
    triggers: Mapped[bytes]


class Tickets(Base):
    """Requests for a person: at most one that is not closed per conversation (CR-21)."""

    __tablename__ = "tickets"
    __table_args__ = (
        Index("uq_tickets_one_open", "conversation_id", unique=True, sqlite_where=text("status <> 'closed'"),
              postgresql_where=text("status <> 'closed'")),
        Index("ix_tickets_queue", "status", "severity", "opened_at"),
    )  # fmt: skip
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    severity: Mapped[int]
    category: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(64))
    speaker: Mapped[str] = mapped_column(String(32))
    status: Mapped[str] = mapped_column(String(16))
    opened_at: Mapped[dt.datetime]
    waiting_since: Mapped[dt.datetime]
    claimed_at: Mapped[dt.datetime | None]
    closed_at: Mapped[dt.datetime | None]
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    outcome: Mapped[str | None] = mapped_column(String(32))
    follow_up_on: Mapped[dt.date | None]
    reopened: Mapped[int] = mapped_column(server_default="0")
    round: Mapped[int] = mapped_column(server_default="1")
    note: Mapped[bytes]


class Pages(Base):
    """Outbox of calls for help: stored with the ticket, delivered afterwards (R-20)."""

    __tablename__ = "pages"
    __table_args__ = (UniqueConstraint("ticket_id", "round", "step", name="uq_pages_step"),)
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id"))
    round: Mapped[int]
    step: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[dt.datetime]
    delivered_at: Mapped[dt.datetime | None]
    attempts: Mapped[int] = mapped_column(server_default="0")


class Staff(Base):
    """Accounts. Names are kept for the audit log; a leaver is disabled, not deleted."""

    __tablename__ = "staff"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str]
    created_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime | None]
    disabled_at: Mapped[dt.datetime | None]


class StaffSessions(Base):
    """Server-side logins, found by the hash of their token."""

    __tablename__ = "staff_sessions"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    csrf_token: Mapped[str] = mapped_column(String(43))
    created_at: Mapped[dt.datetime]
    last_seen_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]


class LoginAttempts(Base):
    """Failed logins of the last minutes, by fingerprint of the address (SE-18, PR-9)."""

    __tablename__ = "login_attempts"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    address: Mapped[str] = mapped_column(String(32), index=True)
    account: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)


class Audit(Base):
    """Append-only, each line chained to the one before (SE-20); triggers refuse UPDATE and DELETE."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    at: Mapped[dt.datetime]
    actor: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(64))
    target: Mapped[str]
    detail: Mapped[str] = mapped_column(String(2000))
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class ApiKeys(Base):
    """Keys of programs that call the doors. The secret is stored as a hash only; a revoked key stays."""

    __tablename__ = "api_keys"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(64))
    scopes: Mapped[str]
    per_minute: Mapped[int]
    per_day: Mapped[int]
    created_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None]


class ApiKeyUses(Base):
    """How much of its quota a key has used, one row a day: counts, never what was asked."""

    __tablename__ = "api_key_uses"
    key_id: Mapped[str] = mapped_column(ForeignKey("api_keys.id"), primary_key=True)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    requests: Mapped[int] = mapped_column(server_default="0")
    refused: Mapped[int] = mapped_column(server_default="0")
    minute: Mapped[dt.datetime | None]
    minute_requests: Mapped[int] = mapped_column(server_default="0")


class ApiTalks(Base):
    """Which conversation belongs to which key, and where it stands: keyed hashes of what was said so far."""

    __tablename__ = "api_talks"
    __table_args__ = (
        Index("ix_api_talks_head", "key_id", "head"),
        Index("ix_api_talks_request", "key_id", "request"),
    )
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    key_id: Mapped[str] = mapped_column(ForeignKey("api_keys.id"))
    head: Mapped[str | None] = mapped_column(String(32))
    request: Mapped[str | None] = mapped_column(String(32))
    delivered_seq: Mapped[int] = mapped_column(server_default="0")
