"""Events: one sequence per conversation, stored as the exact text that is streamed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Integer, bindparam, insert, select, update

from storage.conversations import change_conversation, lock_conversation
from storage.crypto import to_json
from storage.engine import Database, Transaction
from storage.tables import Events, Messages
from storage.types import Author, Event, NewEvent, Refused, RefusedBecause

_AFTER = (
    select(Events)
    .where(Events.conversation_id == bindparam("conversation"), Events.seq > bindparam("after"))
    .order_by(Events.seq)
    .limit(bindparam("most", type_=Integer))
)
_ADD = insert(Events)
_ANSWERED = update(Messages).where(Messages.id == bindparam("message")).values(answered=True)


class EventStore:
    """Reading, and publishing for the bot."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def after(self, conversation_id: str, after_seq: int = 0, limit: int = 256) -> tuple[Event, ...]:
        """Events with a sequence above `after_seq`, in order, at most `limit` (R-54)."""
        wanted = {"conversation": conversation_id, "after": after_seq, "most": limit}
        return tuple(
            Event(
                conversation_id=row.conversation_id,
                seq=row.seq,
                name=row.name,
                json=self._db.ring.unseal(row.data, _place(conversation_id, row.seq)),
                author=Author(row.author),
                turn=row.turn,
            )
            for row in await self._db.rows(_AFTER, wanted)
        )

    async def publish(
        self,
        conversation_id: str,
        turn: str | None,
        events: Sequence[NewEvent],
        state: str | None = None,
        author: Author | str = Author.BOT,
        *,
        answers: str | None = None,
    ) -> tuple[Event, ...] | Refused:
        """Store events of the bot, if it may still speak.

        Ownership is checked in this transaction, under the conversation's lock (CR-23, R-22): once a claim is
        stored, nothing of the bot's is. With `turn` (`Turn.token`) the turn must still be the running one.
        With `answers` these are the last of the turn: the message of this id is answered, the turn is free.
        """
        async with self._db.write() as transaction:
            row = await lock_conversation(transaction, conversation_id)
            if row is None:
                return Refused(RefusedBecause.NOT_FOUND)
            if Author(author) is Author.BOT and row.owner_id is not None:
                return Refused(RefusedBecause.OWNED_BY_PERSON, row.owner_name)
            if turn is not None and row.turn_token != turn:
                return Refused(RefusedBecause.TURN_LOST)
            also: dict[str, Any] = {}
            if state is not None:
                also["state"] = self._db.ring.seal(state, f"state:{conversation_id}")
            if answers is not None:
                also |= {"turn_token": None, "turn_until": None}
                await transaction.connection.execute(_ANSWERED, {"message": answers})
            return await append_events(
                self._db, transaction, conversation_id, row.last_seq, events,
                author=Author(author), turn=turn, also=also,
            )  # fmt: skip


async def append_events(
    database: Database,
    transaction: Transaction,
    conversation_id: str,
    last_seq: int,
    events: Iterable[NewEvent],
    *,
    author: Author,
    turn: str | None = None,
    also: Mapping[str, Any] | None = None,
) -> tuple[Event, ...]:
    """Number and store events; the caller holds the conversation's lock and read `last_seq` under it.

    `also`: columns of the conversation that change with them.
    """
    stored = tuple(
        Event(conversation_id, last_seq + offset, new.name, to_json(new.data), author, turn)
        for offset, new in enumerate(events, start=1)
    )
    if not stored:
        if also:
            await change_conversation(transaction, conversation_id, **also)
        return ()
    await transaction.connection.execute(
        _ADD,
        [
            {
                "conversation_id": conversation_id,
                "seq": event.seq,
                "name": event.name,
                "author": event.author.value,
                "turn": turn,
                "data": database.ring.seal(event.json, _place(conversation_id, event.seq)),
            }
            for event in stored
        ],
    )
    await change_conversation(transaction, conversation_id, last_seq=stored[-1].seq, **(also or {}))
    transaction.touch(conversation_id)
    return stored


def _place(conversation_id: str, seq: int) -> str:
    return f"event:{conversation_id}:{seq}"
