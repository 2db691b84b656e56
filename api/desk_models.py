"""What the desk page sends and receives."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Short = Annotated[str, Field(max_length=200)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LoginIn(_In):
    """Name and password, as typed."""

    name: Short
    password: Annotated[str, Field(max_length=1000)]


class OpenIn(_In):
    """Why somebody reads a closed or foreign transcript; empty otherwise."""

    reason: Short = ""


class ReplyIn(_In):
    """What staff write to the family."""

    text: Annotated[str, Field(max_length=20_000)]


class CloseIn(_In):
    """How a case ended."""

    outcome: Short = ""
    follow_up_on: dt.date | None = None
    severity_after: int | None = None
    remark: Annotated[str, Field(max_length=2000)] = ""


class HandOverIn(_In):
    """To whom."""

    to: Short


class AccountIn(_In):
    """A new account."""

    name: Short
    role: Short
    password: Annotated[str, Field(max_length=1000)]


class MeOut(BaseModel):
    """Who is logged in, and what their page may show."""

    name: str
    role: str
    csrf_token: str
    may: list[str]
    failures_before: int = 0
    expires_at: dt.datetime
    labels: dict[str, Any]
    """Codes in plain Chinese."""
    outcomes: list[str]


class TicketOut(BaseModel):
    """One line of the queue."""

    id: str
    severity: int
    severity_label: str
    category_label: str
    reason_label: str
    speaker_label: str
    status: str
    opened_at: dt.datetime
    waiting_since: dt.datetime
    claimed_at: dt.datetime | None
    closed_at: dt.datetime | None
    owner: str | None
    mine: bool
    urgent: bool
    reopened: int
    outcome: str | None
    follow_up_on: dt.date | None


class PresenceOut(BaseModel):
    """Who is there."""

    on_duty: int
    free: int
    waiting: int
    longest_wait_seconds: int


class QueueOut(BaseModel):
    """The queue, worst first, then oldest."""

    version: str
    """Hand it back as `after` to wait for the next change."""
    now: dt.datetime
    presence: PresenceOut
    tickets: list[TicketOut]


class EventOut(BaseModel):
    """One event of the talk, as the family got it."""

    seq: int
    name: str
    author: str
    data: dict[str, Any]


class EventsOut(BaseModel):
    """Events after a sequence."""

    ticket: TicketOut
    events: list[EventOut]


class SignalOut(BaseModel):
    """A danger signal and the exact words that set it off (CR-29)."""

    message_id: str
    category_label: str
    severity: int
    severity_label: str
    triggers: list[str]
    found_by: str
    past: bool
    at: dt.datetime


class SourceOut(BaseModel):
    """A clause that a condition or a verdict stands on; opens at `/api/clauses/{clause_id}`."""

    clause_id: str
    document: str
    number: str | None
    clause: str
    confidence: str


class TraceOut(BaseModel):
    """One condition of a rule and how it came out."""

    condition: str
    truth: str
    depth: int
    missing: list[str]
    source: SourceOut


class VerdictOut(BaseModel):
    """A benefit, as the rules see it with the facts told so far."""

    benefit: str
    name: str
    outcome: str
    told: bool
    """Whether the family has read it."""
    failed: list[str]
    missing: list[str]
    notes: list[str]
    sources: list[SourceOut]
    trace: list[TraceOut]


class CheckOut(BaseModel):
    """A line of the mandatory-report checklist."""

    id: str
    text: str
    source: str
    suggested: bool


class DutyOut(BaseModel):
    """A sentence of law that binds staff."""

    text: str
    source: str


class PageOut(BaseModel):
    """A call for help that went out."""

    label: str
    at: dt.datetime
    delivered: bool


class NoteOut(BaseModel):
    """The handover note."""

    asked: list[str]
    known: list[str]
    missing: list[str]
    answered: list[str]
    why: str
    closing: str = ""
    """What staff wrote when they closed the case."""


class CaseOut(BaseModel):
    """All that a person needs to take over."""

    ticket: TicketOut
    severity: int
    """Sticky severity of the conversation."""
    events: list[EventOut]
    facts: list[dict[str, Any]]
    verdicts: list[VerdictOut]
    signals: list[SignalOut]
    note: NoteOut
    duty: list[DutyOut]
    checklist: list[CheckOut]
    pages: list[PageOut]
    colleagues: list[str]


class ClosedOut(BaseModel):
    """Closed tickets, latest first; their transcripts need a reason."""

    tickets: list[TicketOut]


class HiddenItem(BaseModel):
    """One placeholder, such as <手机1>."""

    placeholder: str
    value: str


class HiddenOut(BaseModel):
    """What stands behind the placeholders of a case."""

    items: list[HiddenItem]


class RepliedOut(BaseModel):
    """The stored reply."""

    message_id: str
    seq: int
    replayed: bool


class AccountOut(BaseModel):
    """An account."""

    name: str
    role: str
    created_at: dt.datetime
    disabled_at: dt.datetime | None
    seen_at: dt.datetime | None


class AccountsOut(BaseModel):
    """All accounts."""

    accounts: list[AccountOut]


class AuditLineOut(BaseModel):
    """A line of the log."""

    id: int
    at: dt.datetime
    actor: str
    action: str
    target: str
    detail: dict[str, Any]
    hash: str


class AuditOut(BaseModel):
    """The log, newest first, and whether its chain is whole."""

    whole: bool
    broken_at: int | None
    count: int
    head: str
    entries: list[AuditLineOut]


class ChecklistNoteOut(BaseModel):
    """A checklist with how the verdict came about, as plain text."""

    note: str
