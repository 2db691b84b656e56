"""The outbox of calls for help: delivered at least once, seen once (R-20)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select, update

from storage.accept import add_page
from storage.engine import AnySelect, Database
from storage.tables import Pages, Tickets
from storage.types import Page, TicketStatus


class PageStore:
    """Pages, escalations and incidents."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def add(self, ticket_id: str, round_: int, step: str, now: dt.datetime) -> bool:
        """Add a step, once per round; False when it was there or the ticket no longer waits in that round."""
        async with self._db.write() as transaction:
            there = select(Pages.id).where(
                Pages.ticket_id == ticket_id, Pages.round == round_, Pages.step == step
            )
            waiting = select(Tickets.id).where(
                Tickets.id == ticket_id, Tickets.round == round_, Tickets.status == TicketStatus.WAITING.value
            )
            # The ticket's row is locked, so two processes that look at the clock together add one page.
            if (await transaction.connection.execute(waiting.with_for_update())).first() is None:
                return False
            if (await transaction.connection.execute(there)).first() is not None:
                return False
            await add_page(transaction, ticket_id, round_, step, now)
            transaction.touch("desk")
            return True

    async def steps(self, ticket_id: str, round_: int) -> frozenset[str]:
        """Steps already taken in this round."""
        statement = select(Pages.step).where(Pages.ticket_id == ticket_id, Pages.round == round_)
        async with self._db.read() as connection:
            return frozenset((await connection.execute(statement)).scalars())

    async def of(self, ticket_id: str) -> tuple[Page, ...]:
        """All pages of a ticket, oldest first."""
        return await self._read(_whole().where(Pages.ticket_id == ticket_id).order_by(Pages.id))

    async def undelivered(self, limit: int = 100) -> tuple[Page, ...]:
        """What still has to go out, worst first. A ticket that somebody took calls nobody any more."""
        statement = _whole().where(
            Pages.delivered_at.is_(None),
            Tickets.status == TicketStatus.WAITING.value,
            Tickets.round == Pages.round,
        )
        return await self._read(statement.order_by(Tickets.severity.desc(), Pages.id).limit(limit))

    async def delivered(self, page_id: int, now: dt.datetime) -> None:
        """A channel took it."""
        values = {"delivered_at": now, "attempts": Pages.attempts + 1}
        await self._set(page_id, values)

    async def failed(self, page_id: int) -> None:
        """No channel took it; it stays in the outbox."""
        await self._set(page_id, {"attempts": Pages.attempts + 1})

    async def _set(self, page_id: int, values: dict[str, Any]) -> None:
        async with self._db.write() as transaction:
            await transaction.connection.execute(update(Pages).where(Pages.id == page_id).values(**values))

    async def _read(self, statement: AnySelect) -> tuple[Page, ...]:
        async with self._db.read() as connection:
            rows = (await connection.execute(statement)).all()
        return tuple(
            Page(
                row.id,
                row.ticket_id,
                row.round,
                row.step,
                row.created_at,
                row.delivered_at,
                row.attempts,
                row.severity,
            )
            for row in rows
        )


def _whole() -> AnySelect:
    return select(Pages, Tickets.severity).join(Tickets, Tickets.id == Pages.ticket_id)
