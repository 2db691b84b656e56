"""Values of the rooms as the desk page reads them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from api import desk_models as models
from desk.checklist import checklist, reports
from desk.handover import HandoverNote
from desk.texts import texts
from desk.types import Presence
from knowledge.types import Citation
from storage.types import URGENT, Event, Page, Signal, StaffMember, Ticket, TicketStatus
from tools.types import Verdict


def ticket(value: Ticket, viewer: StaffMember) -> models.TicketOut:
    """A line of the queue for one viewer."""
    labels = texts().labels
    return models.TicketOut(
        id=value.id,
        severity=value.severity,
        severity_label=labels.severity[value.severity],
        category_label=labels.category.get(value.category or "", value.category or ""),
        reason_label=labels.reason.get(value.reason, value.reason),
        speaker_label=labels.speaker.get(value.speaker, value.speaker),
        status=value.status.value,
        opened_at=value.opened_at,
        waiting_since=value.waiting_since,
        claimed_at=value.claimed_at,
        closed_at=value.closed_at,
        owner=value.owner_name,
        mine=value.owner_id == viewer.id and value.status is TicketStatus.CLAIMED,
        urgent=value.severity >= URGENT,
        reopened=value.reopened,
        outcome=value.outcome,
        follow_up_on=value.follow_up_on,
    )


def version(tickets: Sequence[Ticket], presence: Presence) -> str:
    """Changes when anything changes that the queue shows; waiting times are counted by the page itself."""
    parts: list[object] = [presence.on_duty, presence.free]
    parts += [(t.id, t.severity, t.status.value, t.owner_id, t.round, t.reopened) for t in tickets]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def presence(value: Presence) -> models.PresenceOut:
    """Who is there."""
    seconds = int(value.longest_wait.total_seconds())
    return models.PresenceOut(
        on_duty=value.on_duty, free=value.free, waiting=value.waiting, longest_wait_seconds=seconds
    )


def event(value: Event) -> models.EventOut:
    """An event of the talk."""
    return models.EventOut(seq=value.seq, name=value.name, author=value.author.value, data=value.data)


def signal(value: Signal) -> models.SignalOut:
    """A signal with its trigger words."""
    labels = texts().labels
    return models.SignalOut(
        message_id=value.message_id,
        category_label=labels.category.get(value.category, value.category),
        severity=value.severity,
        severity_label=labels.severity.get(value.severity, ""),
        triggers=list(value.triggers),
        found_by=value.found_by,
        past=value.past,
        at=value.at,
    )


def source(value: Citation) -> models.SourceOut:
    """A clause to open."""
    return models.SourceOut(
        clause_id=value.clause_id,
        document=value.document,
        number=value.number,
        clause=value.clause,
        confidence=value.confidence.value,
    )


def verdict(value: Verdict, fact_labels: Mapping[str, str], *, told: bool) -> models.VerdictOut:
    """A verdict with its trace; missing facts by their Chinese names."""

    def named(names: Sequence[str]) -> list[str]:
        return [fact_labels.get(name, name) for name in names]

    return models.VerdictOut(
        benefit=value.benefit,
        name=value.name,
        outcome=value.outcome.value,
        told=told,
        failed=list(value.failed),
        missing=named(value.missing),
        notes=list(value.notes),
        sources=[source(each) for each in value.sources],
        trace=[
            models.TraceOut(
                condition=step.condition,
                truth=step.truth.value,
                depth=step.depth,
                missing=named(step.missing),
                source=source(step.source),
            )
            for step in value.trace
        ],
    )


def note(value: HandoverNote, closing: str) -> models.NoteOut:
    """The handover note, and what was written at the close."""
    return models.NoteOut(
        asked=list(value.asked),
        known=list(value.known),
        missing=list(value.missing),
        answered=list(value.answered),
        why=value.why,
        closing=closing,
    )


def page(value: Page) -> models.PageOut:
    """A call for help."""
    label = texts().labels.step.get(value.step, value.step)
    return models.PageOut(label=label, at=value.created_at, delivered=value.delivered_at is not None)


def duty() -> list[models.DutyOut]:
    """What the law asks of staff."""
    return [models.DutyOut(text=each.text, source=each.source) for each in reports().duty]


def checks(categories: Sequence[str]) -> list[models.CheckOut]:
    """The checklist of one case."""
    return [
        models.CheckOut(
            id=line.item.id, text=line.item.text, source=line.item.source, suggested=line.suggested
        )
        for line in checklist(categories)
    ]


def labels() -> dict[str, Any]:
    """Codes in plain Chinese."""
    return texts().labels.model_dump()
