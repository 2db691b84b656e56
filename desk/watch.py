"""The watch over waiting tickets: pages, escalations, incidents, and owners whose connection broke.

`tick` does what is due at one moment; the server calls it every few seconds. Everything it knows is in the
database, so it may run in several processes, and a restart forgets nothing (R-20).
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from typing import Protocol

from desk.texts import texts
from desk.timers import AWAY_SECONDS, OFFLINE_SECONDS, due, next_try, silent_seconds
from storage.store import Store
from storage.tickets import SYSTEM
from storage.types import URGENT, NewEvent, Page, TicketStatus

logger = logging.getLogger("minxing.desk")


class Channel(Protocol):
    """A way to reach staff: the desk page, a webhook, a phone bridge."""

    async def send(self, page: Page) -> bool:
        """Whether the page reached somebody. May raise; then the next channel is tried."""
        ...


class DeskChannel:
    """The desk page itself: a page has arrived when somebody on duty has it open."""

    def __init__(self, store: Store, watch_now: dt.timedelta = dt.timedelta(seconds=45)) -> None:
        self._store = store
        self._within = watch_now
        self.now: dt.datetime | None = None

    async def send(self, page: Page) -> bool:
        """True when a desk page was heard of lately."""
        if self.now is None:
            return False
        since = self.now - self._within
        return any(m.seen_at is not None and m.seen_at >= since for m in await self._store.staff.all())


class Watch:
    """Looks after the queue.

    Args:
        store: where tickets are.
        channels: tried in order until one takes the page (R-30). The desk page comes first by itself.
    """

    def __init__(self, store: Store, channels: Sequence[Channel] = ()) -> None:
        self._store = store
        self._desk = DeskChannel(store)
        self._channels: tuple[Channel, ...] = (self._desk, *channels)

    async def tick(self, now: dt.datetime) -> None:
        """Do all that is due."""
        self._desk.now = now
        await self._give_back_lost(now)
        await self._escalate(now)
        await self._deliver(now)

    async def _give_back_lost(self, now: dt.datetime) -> None:
        """The family hears that the line broke; then the ticket waits again, with its age (R-25)."""
        seen = {member.id: member.seen_at for member in await self._store.staff.all()}
        for ticket in await self._store.tickets.queue():
            if ticket.status is not TicketStatus.CLAIMED:
                continue
            silent = silent_seconds(seen.get(ticket.owner_id or ""), ticket.claimed_at, now)
            if silent >= OFFLINE_SECONDS:
                logger.warning("owner_lost ticket=%s severity=%d", ticket.id, ticket.severity)
                event = NewEvent("status", {"state": "person_left", "text": texts().status.person_lost})
                await self._store.tickets.release(ticket.id, None, (event,), now)
            elif silent >= AWAY_SECONDS:
                event = NewEvent("status", {"state": "person_left", "text": texts().status.person_away})
                await self._store.tickets.tell_once(ticket.id, "owner_away", (event,), now)

    async def _escalate(self, now: dt.datetime) -> None:
        for ticket in await self._store.tickets.queue():
            if ticket.status is not TicketStatus.WAITING or ticket.severity < URGENT:
                continue
            taken = await self._store.pages.steps(ticket.id, ticket.round)
            for step in due(ticket, taken, now):
                if not await self._store.pages.add(ticket.id, ticket.round, step, now):
                    break
                logger.warning("escalated step=%s ticket=%s severity=%d", step, ticket.id, ticket.severity)
                if step == "incident":
                    detail = {"severity": ticket.severity, "round": ticket.round}
                    await self._store.audit.append(SYSTEM, "incident.unanswered", ticket.id, now, detail)

    async def _deliver(self, now: dt.datetime) -> None:
        for page in await self._store.pages.undelivered():
            if now < next_try(page):
                continue
            if await self._sent(page):
                await self._store.pages.delivered(page.id, now)
            else:
                await self._store.pages.failed(page.id)

    async def _sent(self, page: Page) -> bool:
        for channel in self._channels:
            try:
                if await channel.send(page):
                    return True
            except Exception as error:  # a broken channel must not silence the others
                logger.warning(
                    "channel_failed kind=%s error=%s", type(channel).__name__, type(error).__name__
                )
        return False
