"""Taking in a family message: message, signals, ticket, page and card are stored together or not at all.

This one transaction is why nobody is told "help is coming" without a ticket, and no ticket exists without
its message (CR-21, R-20).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from storage.conversations import lock_conversation
from storage.engine import AnyRow, Database, Transaction
from storage.events import append_events
from storage.ids import new_id
from storage.messages import insert_message
from storage.tables import Messages, Pages, Signals, Tickets
from storage.types import URGENT, Accepted, Author, NewEvent, NewSignal, NewTicket, TicketStatus

REOPEN_WITHIN = dt.timedelta(days=1)
"""A ticket closed less than a day ago is the same case and is reopened (R-28)."""
_SAME_KEY = select(Messages).where(
    Messages.conversation_id == bindparam("conversation"), Messages.key == bindparam("key")
)
_LAST_TICKET = (
    select(Tickets)
    .where(Tickets.conversation_id == bindparam("conversation"))
    .order_by(Tickets.status == "closed", Tickets.opened_at.desc())
    .limit(1)
)


async def accept(
    database: Database,
    conversation_id: str,
    *,
    key: str,
    body_hash: str,
    text: str,
    severity: int,
    sticky: int,
    vault_json: str | None,
    signals: Sequence[NewSignal] = (),
    ticket: NewTicket | None = None,
    events: Sequence[NewEvent] = (),
    needs_answer: bool = True,
    now: dt.datetime,
) -> Accepted | None:
    """Store a message and all that belongs to it, once per key (SE-11).

    Args:
        database: where to.
        conversation_id: of an authorised conversation.
        key: idempotency key of the client, at most 300 characters; its scope is the conversation (R-03).
        body_hash: hex hash of the body as sent; another body under the same key is a conflict.
        text: the redacted text.
        severity: of this message.
        sticky: of the conversation as screening sees it; the higher of this and the stored one is kept
            (CR-4).
        vault_json: placeholders of the conversation after this message.
        signals: danger signals with their trigger words; those that redaction changed are left out.
        ticket: a person is needed. From S3 on a ticket is made even when the caller forgot to ask for one.
        events: cards and statuses that follow the `message` event, which is made here.
        needs_answer: False when a card is the whole answer.
        now: time of acceptance.

    Returns:
        What was stored, or stored before; None when the conversation is unknown or erased.
    """
    async with database.write() as transaction:
        row = await lock_conversation(transaction, conversation_id)
        if row is None:
            return None
        earlier = await _earlier(transaction, conversation_id, key)
        if earlier is not None:
            return _again(row, earlier, body_hash)
        message_id = new_id()
        owned = row.owner_id is not None
        ticket_id, created = await _ticket(database, transaction, row, severity, ticket, now)
        said = NewEvent(
            "message", {"id": message_id, "author": "family", "text": text, "at": now.isoformat()}
        )
        follow = [event for event in events if not (owned and event.unless_owned)]
        kept = max(row.severity, severity, sticky)
        stored = await append_events(
            database, transaction, conversation_id, row.last_seq, [said], author=Author.FAMILY,
            also={
                "last_active_at": now,
                "severity": kept,
                **_vault(database, conversation_id, vault_json),
                **_turn(severity),
            },
        )  # fmt: skip
        await append_events(database, transaction, conversation_id, stored[0].seq, follow, author=Author.BOT)
        await insert_message(database, transaction, text, {
            "id": message_id,
            "conversation_id": conversation_id,
            "key": key,
            "body_hash": body_hash,
            "author": Author.FAMILY.value,
            "severity": severity,
            "seq": stored[0].seq,
            "at": now,
            "answered": owned or not needs_answer,
            "ticket_id": ticket_id,
            "created_ticket": created,
        })  # fmt: skip
        await _store_signals(database, transaction, conversation_id, message_id, text, signals, now)
        transaction.touch("desk")
    return Accepted(message_id, stored[0].seq, False, False, owned, ticket_id, created, kept)


async def _earlier(transaction: Transaction, conversation_id: str, key: str) -> AnyRow | None:
    wanted = {"conversation": conversation_id, "key": key}
    return (await transaction.connection.execute(_SAME_KEY, wanted)).first()


def _again(conversation: AnyRow, earlier: AnyRow, body_hash: str) -> Accepted:
    conflict = bool(earlier.body_hash != body_hash)
    return Accepted(
        message_id=earlier.id,
        seq=earlier.seq,
        duplicate=not conflict,
        conflict=conflict,
        owned_by_person=conversation.owner_id is not None,
        ticket_id=earlier.ticket_id,
        created_ticket=earlier.created_ticket,
        severity=conversation.severity,
    )


def _vault(database: Database, conversation_id: str, vault_json: str | None) -> dict[str, bytes]:
    return {} if vault_json is None else {"vault": database.ring.seal(vault_json, f"vault:{conversation_id}")}


def _turn(severity: int) -> dict[str, None]:
    """An urgent message ends the running turn: what it still wants to say is refused (R-13)."""
    return {"turn_token": None, "turn_until": None} if severity >= URGENT else {}


async def _store_signals(
    database: Database,
    transaction: Transaction,
    conversation_id: str,
    message_id: str,
    text: str,
    signals: Sequence[NewSignal],
    now: dt.datetime,
) -> None:
    """Keep only triggers that stand in the redacted text word for word.

    What redaction took out of the message must not come in with its triggers (PR-1).
    """
    if not signals:
        return
    await transaction.connection.execute(
        insert(Signals),
        [
            {
                "conversation_id": conversation_id,
                "message_id": message_id,
                "category": signal.category,
                "severity": signal.severity,
                "route": signal.route,
                "found_by": signal.found_by[:255],
                "score": signal.score,
                "past": signal.past,
                "at": now,
                "triggers": database.ring.seal_json(
                    [trigger for trigger in signal.triggers if trigger in text], f"signal:{message_id}"
                ),
            }
            for signal in signals
        ],
    )


async def _ticket(
    database: Database,
    transaction: Transaction,
    conversation: AnyRow,
    severity: int,
    wanted: NewTicket | None,
    now: dt.datetime,
) -> tuple[str | None, bool]:
    """Open, raise or reopen the one ticket. Gives its id (also when none is wanted but one is open)."""
    if wanted is None and severity >= URGENT:
        wanted = NewTicket(severity=severity, category=None, reason="signal")
    connection = transaction.connection
    last = (await connection.execute(_LAST_TICKET, {"conversation": conversation.id})).first()
    is_open = last is not None and last.status != TicketStatus.CLOSED
    if wanted is None:
        return (last.id if last is not None and is_open else None), False
    if last is not None and is_open:
        if wanted.severity > last.severity:
            await _raise(database, transaction, last, wanted, now)
        return last.id, False
    if last is not None and last.closed_at > now - REOPEN_WITHIN:
        await _reopen(database, transaction, last, wanted, now)
        return last.id, True
    return await _open(database, transaction, conversation.id, wanted, now), True


async def _open(
    database: Database, transaction: Transaction, conversation_id: str, wanted: NewTicket, now: dt.datetime
) -> str:
    ticket_id = new_id()
    await transaction.connection.execute(
        insert(Tickets).values(
            id=ticket_id,
            conversation_id=conversation_id,
            status=TicketStatus.WAITING.value,
            opened_at=now,
            waiting_since=now,
            round=1,
            **_columns(database, ticket_id, wanted),
        )
    )
    await add_page(transaction, ticket_id, 1, "page", now)
    return ticket_id


async def _raise(
    database: Database, transaction: Transaction, ticket: AnyRow, wanted: NewTicket, now: dt.datetime
) -> None:
    """A worse message: the open ticket is raised. Staff are called anew, unless a person already has it."""
    values = _columns(database, ticket.id, wanted)
    if ticket.status == TicketStatus.WAITING:
        values |= {"waiting_since": now, "round": ticket.round + 1}
        await add_page(transaction, ticket.id, ticket.round + 1, "page", now)
    await transaction.connection.execute(update(Tickets).where(Tickets.id == ticket.id).values(**values))


async def _reopen(
    database: Database, transaction: Transaction, ticket: AnyRow, wanted: NewTicket, now: dt.datetime
) -> None:
    values = _columns(database, ticket.id, wanted) | {
        "status": TicketStatus.WAITING.value,
        "waiting_since": now,
        "claimed_at": None,
        "closed_at": None,
        "outcome": None,
        "follow_up_on": None,
        "reopened": ticket.reopened + 1,
        "round": ticket.round + 1,
    }
    await transaction.connection.execute(update(Tickets).where(Tickets.id == ticket.id).values(**values))
    await add_page(transaction, ticket.id, ticket.round + 1, "page", now)


def _columns(database: Database, ticket_id: str, wanted: NewTicket) -> dict[str, Any]:
    note: Mapping[str, Any] = wanted.note
    return {
        "severity": wanted.severity,
        "category": wanted.category,
        "reason": wanted.reason,
        "speaker": wanted.speaker,
        "note": database.ring.seal_json(note, f"ticket:{ticket_id}"),
    }


async def add_page(
    transaction: Transaction,
    ticket_id: str,
    round_: int,
    step: str,
    now: dt.datetime,
    *,
    delivered: bool = False,
) -> None:
    """Put a call for help into the outbox, in the transaction that makes it necessary (R-20)."""
    await transaction.connection.execute(
        insert(Pages).values(
            ticket_id=ticket_id,
            round=round_,
            step=step,
            created_at=now,
            delivered_at=now if delivered else None,
        )
    )
