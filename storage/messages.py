"""Messages and signals, read."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, bindparam, insert, select

from storage.engine import AnyRow, AnySelect, Database, Transaction
from storage.tables import Events, Messages, Signals, Staff
from storage.types import Author, Message, Signal, WindowLine

_WINDOW_EVENTS = 400
"""How many events the window looks back over; a bot turn has about ten."""
_NEWEST = 2**31 - 1
_WINDOW = (
    select(Events)
    .where(
        Events.conversation_id == bindparam("conversation"),
        Events.name.in_(("message", "text")),
        Events.seq < bindparam("before"),
    )
    .order_by(Events.seq.desc())
    .limit(bindparam("most", type_=Integer))
)
_ADD = insert(Messages)


class MessageStore:
    """What families and staff wrote."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def get(self, message_id: str) -> Message | None:
        """One message."""
        found = await self._read(select_messages().where(Messages.id == message_id))
        return found[0] if found else None

    async def of(self, conversation_id: str) -> tuple[Message, ...]:
        """All messages of a conversation, oldest first."""
        where = select_messages().where(Messages.conversation_id == conversation_id)
        return await self._read(where.order_by(Messages.seq))

    async def window(
        self, conversation_id: str, limit: int = 20, before_seq: int | None = None
    ) -> tuple[WindowLine, ...]:
        """The last lines of both sides, oldest first (CR-4).

        `before_seq` leaves out a message and what follows.
        """
        before = _NEWEST if before_seq is None else before_seq
        wanted = {"conversation": conversation_id, "before": before, "most": _WINDOW_EVENTS}
        lines: list[list[AnyRow]] = []
        for row in reversed(await self._db.rows(_WINDOW, wanted)):
            if lines and row.turn is not None and row.turn == lines[-1][-1].turn:
                lines[-1].append(row)
            else:
                lines.append([row])
        return tuple(  # only what is shown is decrypted
            WindowLine(Author(line[0].author), "".join(map(self._said, line))) for line in lines[-limit:]
        )

    def _said(self, row: AnyRow) -> str:
        """The text of a `message` or `text` event."""
        data = self._db.ring.unseal_json(row.data, f"event:{row.conversation_id}:{row.seq}")
        return str(data.get("text", ""))

    async def signals(self, conversation_id: str) -> tuple[Signal, ...]:
        """All danger signals of a conversation with their trigger words, oldest first (CR-29)."""
        statement = select(Signals).where(Signals.conversation_id == conversation_id).order_by(Signals.id)
        return tuple(
            Signal(
                message_id=row.message_id,
                category=row.category,
                severity=row.severity,
                route=row.route,
                found_by=row.found_by,
                triggers=tuple(self._db.ring.unseal_json(row.triggers, f"signal:{row.message_id}")),
                score=row.score,
                past=row.past,
                at=row.at,
            )
            for row in await self._db.rows(statement)
        )

    async def _read(self, statement: AnySelect) -> tuple[Message, ...]:
        return tuple(to_message(self._db, row) for row in await self._db.rows(statement))


def select_messages() -> AnySelect:
    """Messages with the name of the staff member who wrote them."""
    return select(Messages, Staff.name.label("staff_name")).join(
        Staff, Staff.id == Messages.staff_id, isouter=True
    )


def to_message(database: Database, row: AnyRow) -> Message:
    """A row of `select_messages`, decrypted."""
    return Message(
        id=row.id,
        conversation_id=row.conversation_id,
        author=Author(row.author),
        text="" if row.text is None else database.ring.unseal(row.text, f"message:{row.id}"),
        at=row.at,
        seq=row.seq,
        answered=row.answered,
        staff_name=row.staff_name,
        severity=row.severity,
    )


async def insert_message(
    database: Database, transaction: Transaction, text: str, values: dict[str, Any]
) -> None:
    """Store one message; its text is sealed under its id."""
    sealed = database.ring.seal(text, f"message:{values['id']}")
    await transaction.connection.execute(_ADD, {"text": sealed, **values})
