"""What is kept for how long: ordinary talk 30 days, crisis case records three years (PR-6, LG-9).

The two are separate steps over separate tables, so that one can never delete what the other must keep. Each
conversation is its own transaction: killed half-way, the next run finishes (R-69).
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select

from storage.audit import append_audit
from storage.conversations import erase_texts, lock_conversation
from storage.engine import Database
from storage.tables import Conversations, LoginAttempts, Pages, Signals, StaffSessions, Tickets
from storage.tickets import SYSTEM
from storage.types import URGENT, RetentionCount, TicketStatus

_FAILED_LOGINS_KEPT = dt.timedelta(days=1)


class RetentionStore:
    """The job that forgets."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def run(self, now: dt.datetime, chat_days: int, crisis_days: int) -> RetentionCount:
        """Delete what is past its time; idempotent. Conversations with an open ticket are left alone."""
        conversations = messages = events = 0
        for conversation_id in await self._old_talks(now - dt.timedelta(days=chat_days)):
            removed = await self._forget(conversation_id, now)
            if removed is not None:
                conversations, messages, events = (
                    conversations + 1,
                    messages + removed[0],
                    events + removed[1],
                )
        case_records, sessions = await self._old_records(now, now - dt.timedelta(days=crisis_days))
        count = RetentionCount(conversations, messages, events, case_records, sessions)
        if conversations or case_records:
            detail = {"conversations": conversations, "messages": messages, "case_records": case_records}
            async with self._db.write() as transaction:
                await append_audit(self._db, transaction, SYSTEM, "retention.run", "", now, detail)
        return count

    async def _old_talks(self, before: dt.datetime) -> tuple[str, ...]:
        open_ticket = (
            select(Tickets.id)
            .where(Tickets.conversation_id == Conversations.id, Tickets.status != TicketStatus.CLOSED.value)
            .exists()
        )
        statement = select(Conversations.id).where(
            Conversations.last_active_at < before, Conversations.erased_at.is_(None), ~open_ticket
        )
        async with self._db.read() as connection:
            return tuple((await connection.execute(statement)).scalars())

    async def _forget(self, conversation_id: str, now: dt.datetime) -> tuple[int, int] | None:
        async with self._db.write() as transaction:
            if await lock_conversation(transaction, conversation_id) is None:
                return None
            rows = await transaction.connection.execute(
                select(Tickets.severity, Tickets.status).where(Tickets.conversation_id == conversation_id)
            )
            tickets = rows.all()
            if any(ticket.status != TicketStatus.CLOSED for ticket in tickets):
                return None
            crisis = any(ticket.severity >= URGENT for ticket in tickets)
            return await erase_texts(transaction, conversation_id, now, keep_signals=crisis)

    async def _old_records(self, now: dt.datetime, before: dt.datetime) -> tuple[int, int]:
        async with self._db.write() as transaction:
            connection = transaction.connection
            old = select(Tickets.id).where(
                Tickets.status == TicketStatus.CLOSED.value, Tickets.closed_at < before
            )
            talks = select(Tickets.conversation_id).where(Tickets.id.in_(old))
            await connection.execute(delete(Pages).where(Pages.ticket_id.in_(old)))
            await connection.execute(
                delete(Signals).where(Signals.conversation_id.in_(talks), Signals.at < before)
            )
            records = await connection.execute(delete(Tickets).where(Tickets.id.in_(old)))
            sessions = await connection.execute(delete(StaffSessions).where(StaffSessions.expires_at < now))
            await connection.execute(
                delete(LoginAttempts).where(LoginAttempts.at < now - _FAILED_LOGINS_KEPT)
            )
        return records.rowcount, sessions.rowcount
