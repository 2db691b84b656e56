"""Conversations: made, recognised by token, remembered, erased."""

from __future__ import annotations

import datetime as dt
import hmac
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from storage.engine import AnyRow, Database, Transaction
from storage.ids import new_id, new_token, token_hash
from storage.tables import ApiTalks, Conversations, Events, Messages, Signals, Staff, Tickets
from storage.types import URGENT, Conversation, Erasure, TicketStatus

TOKEN_LIFETIME = dt.timedelta(minutes=30)
"""SE-10: at most 30 minutes, then rotated."""
_OLD_TOKEN_GRACE = dt.timedelta(seconds=60)
"""Requests that were under way while the token was rotated still pass."""

# Made once: putting a statement together costs as much as running it.
_WHOLE = select(Conversations, Staff.name.label("owner_name")).join(
    Staff, Staff.id == Conversations.owner_id, isouter=True
)
_BY_ID = _WHOLE.where(Conversations.id == bindparam("conversation"))
_TO_CHANGE = _BY_ID.where(Conversations.erased_at.is_(None)).with_for_update(of=Conversations)
_STATE = select(Conversations.state).where(Conversations.id == bindparam("conversation"))
_CHANGE = update(Conversations).where(Conversations.id == bindparam("conversation"))


class ConversationStore:
    """All about one conversation except its texts."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def create(self, now: dt.datetime, lifetime: dt.timedelta = TOKEN_LIFETIME) -> tuple[str, str]:
        """A new conversation: its opaque id, and the token that opens it (never stored itself)."""
        identifier, token = new_id(), new_token()
        async with self._db.write() as transaction:
            await transaction.connection.execute(
                insert(Conversations).values(
                    id=identifier,
                    token_hash=token_hash(token),
                    token_expires_at=now + lifetime,
                    created_at=now,
                    last_active_at=now,
                )
            )
        return identifier, token

    async def authenticate(self, conversation_id: str, token: str, now: dt.datetime) -> Conversation | None:
        """The conversation, or None for unknown id, foreign or expired token alike (SE-9: one 404)."""
        given = token_hash(token)
        row = next(iter(await self._db.rows(_BY_ID, {"conversation": conversation_id})), None)
        known, old = (row.token_hash, row.old_token_hash or "") if row else ("", "")
        # Both are always compared, so that time does not tell an unknown id from a wrong token.
        fits = hmac.compare_digest(given, known or "-" * 64)
        fits_old = hmac.compare_digest(given, old or "-" * 64)
        if row is None or row.erased_at is not None:
            return None
        if fits and row.token_expires_at > now:
            return self._conversation(row)
        if fits_old and row.old_token_expires_at > now:
            return self._conversation(row)
        return None

    async def rotate_token(
        self, conversation_id: str, now: dt.datetime, lifetime: dt.timedelta = TOKEN_LIFETIME
    ) -> str | None:
        """A new token; the one before stays good for a minute. None when there is no such conversation."""
        token = new_token()
        async with self._db.write() as transaction:
            row = await lock_conversation(transaction, conversation_id)
            if row is None:
                return None
            await transaction.connection.execute(
                update(Conversations)
                .where(Conversations.id == conversation_id)
                .values(
                    token_hash=token_hash(token),
                    token_expires_at=now + lifetime,
                    old_token_hash=row.token_hash,
                    old_token_expires_at=min(now + _OLD_TOKEN_GRACE, row.token_expires_at),
                )
            )
        return token

    async def get(self, conversation_id: str) -> Conversation | None:
        """The conversation, for callers that were authorised otherwise (the desk, the agent)."""
        row = next(iter(await self._db.rows(_BY_ID, {"conversation": conversation_id})), None)
        return None if row is None else self._conversation(row)

    async def state(self, conversation_id: str) -> str | None:
        """The state as JSON text; None before it was first saved."""
        row = next(iter(await self._db.rows(_STATE, {"conversation": conversation_id})), None)
        return None if row is None else unsealed_state(self._db, conversation_id, row.state)

    async def save_state(self, conversation_id: str, state: str) -> bool:
        """Replace the state whole. False when there is no such conversation."""
        async with self._db.write() as transaction:
            result = await transaction.connection.execute(
                update(Conversations)
                .where(Conversations.id == conversation_id, Conversations.erased_at.is_(None))
                .values(state=self._db.ring.seal(state, f"state:{conversation_id}"))
            )
            return result.rowcount == 1

    async def erase(self, conversation_id: str, now: dt.datetime) -> Erasure:
        """Delete the talk on the family's wish. Refused while an S3/S4 ticket is open (R-33).

        A ticket of lower severity is withdrawn. A closed crisis case record stays (LG-9).
        """
        async with self._db.write() as transaction:
            connection = transaction.connection
            if await lock_conversation(transaction, conversation_id) is None:
                return Erasure(done=False)
            tickets = (
                await connection.execute(select(Tickets).where(Tickets.conversation_id == conversation_id))
            ).all()
            if any(t.status != TicketStatus.CLOSED and t.severity >= URGENT for t in tickets):
                return Erasure(done=False, refused_open_ticket=True)
            await connection.execute(
                update(Tickets)
                .where(Tickets.conversation_id == conversation_id, Tickets.status != TicketStatus.CLOSED)
                .values(status=TicketStatus.CLOSED, closed_at=now, outcome="家属删除")
            )
            case_record = any(t.severity >= URGENT for t in tickets)
            await erase_texts(transaction, conversation_id, now, keep_signals=case_record)
            transaction.touch(conversation_id)
            transaction.touch("desk")
        return Erasure(done=True, case_record_kept=case_record)

    def _conversation(self, row: AnyRow) -> Conversation:
        vault = None if row.vault is None else self._db.ring.unseal(row.vault, f"vault:{row.id}")
        return Conversation(
            id=row.id,
            created_at=row.created_at,
            last_active_at=row.last_active_at,
            severity=row.severity,
            owner_id=row.owner_id,
            owner_name=row.owner_name,
            last_seq=row.last_seq,
            token_expires_at=row.token_expires_at,
            vault_json=vault,
        )


async def lock_conversation(transaction: Transaction, conversation_id: str) -> AnyRow | None:
    """Read the row and keep others from changing it until the transaction ends.

    Every transaction takes this lock before it touches messages, events or tickets of a conversation, so no
    two of them can wait for each other. On SQLite the transaction itself is the lock.
    """
    return (await transaction.connection.execute(_TO_CHANGE, {"conversation": conversation_id})).first()


def unsealed_state(database: Database, conversation_id: str, blob: bytes | None) -> str | None:
    """The state of a row as JSON text; None before it was first saved."""
    return None if blob is None else database.ring.unseal(blob, f"state:{conversation_id}")


async def change_conversation(transaction: Transaction, conversation_id: str, **values: Any) -> None:
    """Set columns of a conversation whose lock the caller holds."""
    await transaction.connection.execute(_CHANGE, {"conversation": conversation_id, **values})


async def erase_texts(
    transaction: Transaction, conversation_id: str, now: dt.datetime, *, keep_signals: bool
) -> tuple[int, int]:
    """Empty a conversation of everything that was said.

    Gives how many messages and events lost their text.
    """
    connection = transaction.connection
    events = await connection.execute(delete(Events).where(Events.conversation_id == conversation_id))
    messages = await connection.execute(
        update(Messages)
        .where(Messages.conversation_id == conversation_id, Messages.text.is_not(None))
        .values(text=None, answered=True)
    )
    await connection.execute(delete(ApiTalks).where(ApiTalks.conversation_id == conversation_id))
    if not keep_signals:
        await connection.execute(delete(Signals).where(Signals.conversation_id == conversation_id))
    await connection.execute(
        update(Conversations)
        .where(Conversations.id == conversation_id)
        .values(state=None, vault=None, erased_at=now, owner_id=None, turn_token=None, turn_until=None)
    )
    return messages.rowcount, events.rowcount
