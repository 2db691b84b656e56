"""One turn at a time per conversation, across processes; free ten seconds after its owner died (R-10)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import bindparam, select, update

from storage.conversations import change_conversation, lock_conversation, unsealed_state
from storage.engine import Database
from storage.ids import new_token
from storage.messages import select_messages, to_message
from storage.tables import Conversations, Messages
from storage.types import Author, Turn

LEASE = dt.timedelta(seconds=10)
_WAITING = (
    select_messages()
    .where(
        Messages.conversation_id == bindparam("conversation"),
        Messages.author == Author.FAMILY.value,
        Messages.answered.is_(False),
    )
    .order_by(Messages.seq)
    .limit(1)
)


class TurnStore:
    """The right to answer."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def claim(self, conversation_id: str, now: dt.datetime, lease: dt.timedelta = LEASE) -> Turn | None:
        """The oldest unanswered message and the right to answer it.

        None when another turn runs, a person owns the conversation, or nothing is left to answer.
        """
        async with self._db.write() as transaction:
            row = await lock_conversation(transaction, conversation_id)
            if row is None or row.owner_id is not None:
                return None
            if row.turn_token is not None and row.turn_until > now:
                return None
            waiting = (
                await transaction.connection.execute(_WAITING, {"conversation": conversation_id})
            ).first()
            if waiting is None:
                return None
            turn = Turn(
                new_token(),
                conversation_id,
                to_message(self._db, waiting),
                now + lease,
                unsealed_state(self._db, conversation_id, row.state),
            )
            await change_conversation(
                transaction, conversation_id, turn_token=turn.token, turn_until=turn.until
            )
        return turn

    async def waits(self, conversation_id: str) -> bool:
        """Whether a message waits for the bot: worth a `claim`."""
        return bool(await self._db.rows(_WAITING, {"conversation": conversation_id}))

    async def renew(self, turn: Turn, now: dt.datetime, lease: dt.timedelta = LEASE) -> bool:
        """Hold the turn longer. False when it was lost: stop and publish nothing more."""
        async with self._db.write() as transaction:
            result = await transaction.connection.execute(
                update(Conversations)
                .where(Conversations.id == turn.conversation_id, Conversations.turn_token == turn.token)
                .values(turn_until=now + lease)
            )
            return result.rowcount == 1

    async def unanswered(self, limit: int = 1000) -> tuple[str, ...]:
        """Conversations where a message waits for the bot: what to take up after a restart (R-61)."""
        statement = (
            select(Messages.conversation_id)
            .join(Conversations, Conversations.id == Messages.conversation_id)
            .where(Messages.answered.is_(False), Conversations.owner_id.is_(None))
            .distinct()
            .limit(limit)
        )
        async with self._db.read() as connection:
            return tuple((await connection.execute(statement)).scalars())
