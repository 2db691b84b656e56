"""Ticket rows as values."""

from __future__ import annotations

from sqlalchemy import select

from storage.engine import AnyRow, AnySelect, Database
from storage.tables import Staff, Tickets
from storage.types import NotOwner, Ticket, TicketStatus


def select_tickets() -> AnySelect:
    """Tickets with the name of their owner."""
    return select(Tickets, Staff.name.label("owner_name")).join(
        Staff, Staff.id == Tickets.owner_id, isouter=True
    )


def to_ticket(database: Database, row: AnyRow) -> Ticket:
    """A row of `select_tickets`, its note decrypted."""
    return Ticket(
        id=row.id,
        conversation_id=row.conversation_id,
        severity=row.severity,
        category=row.category,
        reason=row.reason,
        speaker=row.speaker,
        status=TicketStatus(row.status),
        opened_at=row.opened_at,
        waiting_since=row.waiting_since,
        claimed_at=row.claimed_at,
        closed_at=row.closed_at,
        owner_id=row.owner_id,
        owner_name=row.owner_name,
        outcome=row.outcome,
        follow_up_on=row.follow_up_on,
        reopened=row.reopened,
        round=row.round,
        note=database.ring.unseal_json(row.note, f"ticket:{row.id}"),
    )


def not_owner(row: AnyRow | None) -> NotOwner:
    """Why a step is refused."""
    return NotOwner(None) if row is None else NotOwner(TicketStatus(row.status), row.owner_name)
