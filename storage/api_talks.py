"""Conversations that a program holds for its users: whose they are, and how far they were told.

A program that keeps no conversation id sends the whole talk again with each message. Its talk is found by a
keyed hash of everything said so far, the `head`; a talk that went on has another head, so nobody can join one
by knowing how it began.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, insert, select, update

from storage.engine import AnyRow, AnySelect, Database
from storage.key_types import ApiTalk
from storage.tables import ApiTalks, Conversations


class ApiTalkStore:
    """One row a conversation that was opened with a key."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def add(self, conversation_id: str, key_id: str, request: str | None = None) -> ApiTalk:
        """Note that a fresh conversation belongs to a key."""
        async with self._db.write() as transaction:
            await transaction.connection.execute(
                insert(ApiTalks).values(conversation_id=conversation_id, key_id=key_id, request=request)
            )
        return ApiTalk(conversation_id, 0)

    async def of(self, conversation_id: str, key_id: str) -> ApiTalk | None:
        """The talk if it is this key's and was not erased; None for foreign and unknown alike (SE-9)."""
        return await self._one(ApiTalks.conversation_id == conversation_id, ApiTalks.key_id == key_id)

    async def of_request(self, request: str, key_id: str) -> ApiTalk | None:
        """The talk whose last request carried this idempotency key."""
        return await self._one(ApiTalks.request == request, ApiTalks.key_id == key_id)

    async def take(self, head: str, key_id: str) -> ApiTalk | None:
        """The talk that stands at this head, taken for one request: a second one finds none."""
        async with self._db.write() as transaction:
            found = _living().where(ApiTalks.head == head, ApiTalks.key_id == key_id).limit(1)
            row = (await transaction.connection.execute(found.with_for_update(of=ApiTalks))).first()
            if row is None:
                return None
            await transaction.connection.execute(
                update(ApiTalks).where(ApiTalks.conversation_id == row.conversation_id).values(head=None)
            )
        return _talk(row)

    async def move(
        self, conversation_id: str, *, head: str | None, delivered_seq: int, request: str | None = None
    ) -> None:
        """Where the talk stands after an answer."""
        values: dict[str, object] = {"head": head, "delivered_seq": delivered_seq}
        if request is not None:
            values["request"] = request
        async with self._db.write() as transaction:
            await transaction.connection.execute(
                update(ApiTalks).where(ApiTalks.conversation_id == conversation_id).values(**values)
            )

    async def _one(self, *conditions: ColumnElement[bool]) -> ApiTalk | None:
        statement = _living().where(*conditions).limit(1)
        async with self._db.read() as connection:
            row = (await connection.execute(statement)).first()
        return None if row is None else _talk(row)


def _living() -> AnySelect:
    return (
        select(ApiTalks)
        .join(Conversations, Conversations.id == ApiTalks.conversation_id)
        .where(Conversations.erased_at.is_(None))
    )


def _talk(row: AnyRow) -> ApiTalk:
    return ApiTalk(row.conversation_id, row.delivered_seq)
