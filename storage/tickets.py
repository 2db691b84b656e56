"""Tickets: the queue, and the actions that move a conversation between the bot and people.

Every action locks the conversation, checks that the ticket is in the right hands, changes ticket and
ownership, stores the status events the family sees and the audit line, all in one transaction. The server
refuses, not the page (CR-24).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select, update

from storage.accept import add_page
from storage.audit import append_audit
from storage.conversations import lock_conversation
from storage.engine import AnyRow, AnySelect, Database, Transaction
from storage.events import append_events
from storage.ids import new_id
from storage.messages import insert_message
from storage.tables import Conversations, Messages, Pages, Tickets
from storage.ticket_rows import not_owner, select_tickets, to_ticket
from storage.types import URGENT, Author, NewEvent, NotOwner, Replied, StaffMember, Ticket, TicketStatus

SYSTEM = "system"
"""Actor of what no person did, such as giving a ticket back when a connection broke."""
_OPEN = select_tickets().where(
    Tickets.conversation_id == bindparam("conversation"), Tickets.status != TicketStatus.CLOSED.value
)


class TicketStore:
    """All tickets."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def queue(self, limit: int = 500) -> tuple[Ticket, ...]:
        """Open tickets, worst first, then oldest first (R-31)."""
        statement = select_tickets().where(Tickets.status != TicketStatus.CLOSED.value)
        return await self._read(
            statement.order_by(Tickets.severity.desc(), Tickets.opened_at, Tickets.id).limit(limit)
        )

    async def closed(self, limit: int = 100) -> tuple[Ticket, ...]:
        """Closed tickets, latest first."""
        statement = select_tickets().where(Tickets.status == TicketStatus.CLOSED.value)
        return await self._read(statement.order_by(Tickets.closed_at.desc()).limit(limit))

    async def get(self, ticket_id: str) -> Ticket | None:
        """One ticket."""
        found = await self._read(select_tickets().where(Tickets.id == ticket_id))
        return found[0] if found else None

    async def of(self, conversation_id: str) -> Ticket | None:
        """The open ticket of a conversation, if any."""
        found = await self._read(_OPEN, {"conversation": conversation_id})
        return found[0] if found else None

    async def claim(
        self, ticket_id: str, staff: StaffMember, events: Sequence[NewEvent], now: dt.datetime
    ) -> Ticket | NotOwner:
        """Take a waiting ticket; of many who try, one wins (R-21). From here on the bot is silent (CR-23)."""
        async with self._db.write() as transaction:
            row = await self._locked(transaction, ticket_id)
            if row is None or row.status != TicketStatus.WAITING:
                return not_owner(row)
            await self._own(transaction, row, staff.id, now)
            await transaction.connection.execute(
                update(Messages)
                .where(Messages.conversation_id == row.conversation_id, Messages.answered.is_(False))
                .values(answered=True)
            )
            await self._tell(transaction, row, events)
            await append_audit(self._db, transaction, staff.name, "ticket.claim", ticket_id, now)
        return await self._now(ticket_id)

    async def reply(
        self, ticket_id: str, staff: StaffMember, key: str, body_hash: str, text: str, now: dt.datetime
    ) -> Replied | NotOwner:
        """Store what staff write to the family, once per key (R-32).

        Late text of a former owner is refused (R-26).
        """
        key = f"staff:{staff.id}:{key}"
        async with self._db.write() as transaction:
            row = await self._locked(transaction, ticket_id)
            if row is None:
                return NotOwner(None)
            statement = select(Messages).where(
                Messages.conversation_id == row.conversation_id, Messages.key == key
            )
            earlier = (await transaction.connection.execute(statement)).first()
            if earlier is not None:
                same = bool(earlier.body_hash == body_hash)
                return Replied(earlier.id, earlier.seq, duplicate=same, conflict=not same)
            if row.status != TicketStatus.CLAIMED or row.owner_id != staff.id:
                return not_owner(row)
            message_id = new_id()
            data = {
                "id": message_id,
                "author": "staff",
                "text": text,
                "at": now.isoformat(),
                "staff": staff.name,
            }
            (event,) = await append_events(
                self._db, transaction, row.conversation_id, row.last_seq, [NewEvent("message", data)],
                author=Author.STAFF,
            )  # fmt: skip
            await insert_message(self._db, transaction, text, {
                "id": message_id,
                "conversation_id": row.conversation_id,
                "key": key,
                "body_hash": body_hash,
                "author": Author.STAFF.value,
                "staff_id": staff.id,
                "severity": 0,
                "seq": event.seq,
                "at": now,
                "answered": True,
                "ticket_id": ticket_id,
                "created_ticket": False,
            })  # fmt: skip
            await append_audit(
                self._db, transaction, staff.name, "ticket.reply", ticket_id, now, {"message": message_id}
            )
        return Replied(message_id, event.seq)

    async def release(
        self, ticket_id: str, staff: StaffMember | None, events: Sequence[NewEvent], now: dt.datetime
    ) -> Ticket | NotOwner:
        """Give a ticket back to the queue, where it keeps its age.

        `staff=None`: the owner's connection broke.
        """
        async with self._db.write() as transaction:
            row = await self._locked(transaction, ticket_id)
            if row is None or row.status != TicketStatus.CLAIMED or (staff and row.owner_id != staff.id):
                return not_owner(row)
            values = {
                "status": TicketStatus.WAITING.value,
                "waiting_since": now,
                "claimed_at": None,
                "round": row.round + 1,
            }
            await self._change(transaction, row, None, values)
            if row.severity >= URGENT:
                await add_page(transaction, ticket_id, row.round + 1, "page", now)
            await self._tell(transaction, row, events)
            await append_audit(
                self._db, transaction, staff.name if staff else SYSTEM, "ticket.release", ticket_id, now
            )
        return await self._now(ticket_id)

    async def hand_over(
        self,
        ticket_id: str,
        staff: StaffMember,
        to: StaffMember,
        events: Sequence[NewEvent],
        now: dt.datetime,
    ) -> Ticket | NotOwner:
        """Pass a claimed ticket to a colleague; the family is never without a person in between (R-26)."""
        async with self._db.write() as transaction:
            row = await self._locked(transaction, ticket_id)
            if row is None or row.status != TicketStatus.CLAIMED or row.owner_id != staff.id:
                return not_owner(row)
            await self._own(transaction, row, to.id, now)
            await self._tell(transaction, row, events)
            await append_audit(
                self._db, transaction, staff.name, "ticket.hand_over", ticket_id, now, {"to": to.name}
            )
        return await self._now(ticket_id)

    async def close(
        self,
        ticket_id: str,
        staff: StaffMember,
        *,
        outcome: str,
        follow_up_on: dt.date | None,
        sticky: int | None,
        events: Sequence[NewEvent],
        now: dt.datetime,
        closing: Mapping[str, Any] | None = None,
    ) -> Ticket | NotOwner:
        """End a case with its outcome (CR-27). `sticky` sets the conversation's severity anew (CR-4).

        `closing` (remarks of staff, JSON-ready) joins the sealed note as `closing`.
        """
        async with self._db.write() as transaction:
            row = await self._locked(transaction, ticket_id)
            if row is None or row.status != TicketStatus.CLAIMED or row.owner_id != staff.id:
                return not_owner(row)
            values = {
                "status": TicketStatus.CLOSED.value,
                "closed_at": now,
                "outcome": outcome,
                "follow_up_on": follow_up_on,
            }
            if closing:
                place = f"ticket:{ticket_id}"
                note = {**self._db.ring.unseal_json(row.note, place), "closing": dict(closing)}
                values["note"] = self._db.ring.seal_json(note, place)
            await self._change(transaction, row, None, values, keep_ticket_owner=True)
            if sticky is not None:
                await transaction.connection.execute(
                    update(Conversations)
                    .where(Conversations.id == row.conversation_id)
                    .values(severity=sticky)
                )
            await self._tell(transaction, row, events)
            line = {"outcome": outcome, "severity_now": sticky}
            await append_audit(self._db, transaction, staff.name, "ticket.close", ticket_id, now, line)
        return await self._now(ticket_id)

    async def tell_once(
        self, ticket_id: str, step: str, events: Sequence[NewEvent], now: dt.datetime
    ) -> bool:
        """Tell the family something about a claimed ticket, once per round; kept among the pages."""
        async with self._db.write() as transaction:
            row = await self._locked(transaction, ticket_id)
            if row is None or row.status != TicketStatus.CLAIMED:
                return False
            told = select(Pages.id).where(
                Pages.ticket_id == ticket_id, Pages.round == row.round, Pages.step == step
            )
            if (await transaction.connection.execute(told)).first() is not None:
                return False
            await add_page(transaction, ticket_id, row.round, step, now, delivered=True)
            await self._tell(transaction, row, events)
            return True

    async def _locked(self, transaction: Transaction, ticket_id: str) -> AnyRow | None:
        """Lock the conversation of a ticket, then read the ticket with the conversation's last sequence."""
        connection = transaction.connection
        found = select(Tickets.conversation_id).where(Tickets.id == ticket_id)
        conversation_id = (await connection.execute(found)).scalar()
        if conversation_id is None or await lock_conversation(transaction, conversation_id) is None:
            return None
        statement = (
            select_tickets()
            .add_columns(Conversations.last_seq)
            .join(Conversations, Conversations.id == Tickets.conversation_id)
            .where(Tickets.id == ticket_id)
        )
        return (await connection.execute(statement)).first()

    async def _own(self, transaction: Transaction, row: AnyRow, staff_id: str, now: dt.datetime) -> None:
        values = {"status": TicketStatus.CLAIMED.value, "claimed_at": now}
        await self._change(transaction, row, staff_id, values)

    async def _change(
        self,
        transaction: Transaction,
        row: AnyRow,
        owner_id: str | None,
        values: Mapping[str, Any],
        *,
        keep_ticket_owner: bool = False,
    ) -> None:
        """Ownership of ticket and conversation change together; a running bot turn ends."""
        owner = {} if keep_ticket_owner else {"owner_id": owner_id}
        await transaction.connection.execute(
            update(Tickets).where(Tickets.id == row.id).values(**values, **owner)
        )
        await transaction.connection.execute(
            update(Conversations)
            .where(Conversations.id == row.conversation_id)
            .values(owner_id=owner_id, turn_token=None, turn_until=None)
        )
        transaction.touch("desk")

    async def _tell(self, transaction: Transaction, row: AnyRow, events: Sequence[NewEvent]) -> None:
        await append_events(
            self._db, transaction, row.conversation_id, row.last_seq, events, author=Author.STAFF
        )

    async def _now(self, ticket_id: str) -> Ticket:
        ticket = await self.get(ticket_id)
        assert ticket is not None, "a ticket that was just changed exists"
        return ticket

    async def _read(
        self, statement: AnySelect, wanted: Mapping[str, Any] | None = None
    ) -> tuple[Ticket, ...]:
        return tuple(to_ticket(self._db, row) for row in await self._db.rows(statement, wanted))
