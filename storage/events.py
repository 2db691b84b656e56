"""Events: one sequence per conversation, stored as the exact text that is streamed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import insert, select, update

from storage.conversations import lock_conversation
from storage.crypto import to_json
from storage.engine import Database, Transaction
from storage.tables import Conversations, Events
from storage.types import Author, Event, NewEvent, Refused, RefusedBecause


class EventStore:
    """Reading, and publishing for the bot."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def after(self, conversation_id: str, after_seq: int = 0, limit: int = 256) -> tuple[Event, ...]:
        """Events with a sequence above `after_seq`, in order, at most `limit` (R-54)."""
        statement = (
            select(Events)
            .where(Events.conversation_id == conversation_id, Events.seq > after_seq)
            .order_by(Events.seq)
            .limit(limit)
        )
        async with self._db.read() as connection:
            rows = (await connection.execute(statement)).all()
        return tuple(
            Event(
                conversation_id=row.conversation_id,
                seq=row.seq,
                name=row.name,
                json=self._db.ring.unseal(row.data, _place(conversation_id, row.seq)),
                author=Author(row.author),
                turn=row.turn,
            )
            for row in rows
        )

    async def publish(
        self,
        conversation_id: str,
        turn: str | None,
        events: Sequence[NewEvent],
        state: str | None = None,
        author: Author | str = Author.BOT,
    ) -> tuple[Event, ...] | Refused:
        """Store events of the bot, if it may still speak.

        Ownership is checked in this transaction, under the conversation's lock (CR-23, R-22): once a claim is
        stored, nothing of the bot's is. With `turn` (`Turn.token`) the turn must still be the running one.
        """
        async with self._db.write() as transaction:
            row = await lock_conversation(transaction, conversation_id)
            if row is None:
                return Refused(RefusedBecause.NOT_FOUND)
            if Author(author) is Author.BOT and row.owner_id is not None:
                return Refused(RefusedBecause.OWNED_BY_PERSON, row.owner_name)
            if turn is not None and row.turn_token != turn:
                return Refused(RefusedBecause.TURN_LOST)
            if state is not None:
                await transaction.connection.execute(
                    update(Conversations)
                    .where(Conversations.id == conversation_id)
                    .values(state=self._db.ring.seal(state, f"state:{conversation_id}"))
                )
            return await append_events(
                self._db, transaction, conversation_id, row.last_seq, events, author=Author(author), turn=turn
            )


async def append_events(
    database: Database,
    transaction: Transaction,
    conversation_id: str,
    last_seq: int,
    events: Iterable[NewEvent],
    *,
    author: Author,
    turn: str | None = None,
) -> tuple[Event, ...]:
    """Number and store events; the caller holds the conversation's lock and read `last_seq` under it."""
    stored = tuple(
        Event(conversation_id, last_seq + offset, new.name, to_json(new.data), author, turn)
        for offset, new in enumerate(events, start=1)
    )
    if not stored:
        return ()
    await transaction.connection.execute(
        insert(Events),
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
    await transaction.connection.execute(
        update(Conversations).where(Conversations.id == conversation_id).values(last_seq=stored[-1].seq)
    )
    transaction.touch(conversation_id)
    return stored


def _place(conversation_id: str, seq: int) -> str:
    return f"event:{conversation_id}:{seq}"
