"""Opening every room in order, and closing them again."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from agent.assembly import Parts, load_parts, make_agent
from api.background import start
from api.conversations import Conversations
from api.services import Limits, Services
from settings import Settings
from storage.store import Store


def _load(settings: Settings, today: dt.date) -> Parts:
    parts = load_parts(settings)
    parts.catalogue.rules(today, settings.district)  # compiled before the first pre-check asks for them
    # The first scan loads dictionaries; a family's first message must not wait for them (CR-9: 800 ms).
    parts.screener.screen("您好")
    return parts


@asynccontextmanager
async def open_rooms(settings: Settings, now: Callable[[], dt.datetime]) -> AsyncIterator[Services]:
    """Everything a server needs, for as long as it runs."""
    async with contextlib.AsyncExitStack() as stack:
        store = await Store.open(settings)
        stack.push_async_callback(store.close)
        rooms = await asyncio.to_thread(_load, settings, now().date())
        agent = make_agent(rooms, settings, store, now)
        talk = Conversations(store, agent, now)
        services = Services(
            settings,
            now,
            store,
            rooms.library,
            rooms.catalogue,
            rooms.directory,
            rooms.screener,
            talk,
            Limits(settings),
            models=lambda: agent.models,
        )
        stack.push_async_callback(talk.close)
        tasks = start(services)
        stack.push_async_callback(_stop, services, tasks)
        yield services


async def _stop(services: Services, tasks: list[asyncio.Task[None]]) -> None:
    services.closing.set()
    await asyncio.gather(*tasks, return_exceptions=True)
