"""Opening every room in order, and closing them again."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from agent.compose import make_composer
from agent.turn import Agent
from api.background import start
from api.conversations import Conversations
from api.services import Limits, Services
from guardrails.output import OutputCheck
from guardrails.screen import Screener
from guardrails.templates import TemplateBank
from knowledge.encoder import load_encoder
from knowledge.library import Library
from settings import Settings
from storage.store import Store
from tools.catalogue import Catalogue
from tools.directory import Directory


@dataclass(frozen=True, slots=True)
class Rooms:
    """What is read from files and never changes while the server runs."""

    library: Library
    catalogue: Catalogue
    directory: Directory
    screener: Screener


def load_rooms(settings: Settings) -> Rooms:
    """Read models, documents and rules. Takes a second or two; call it outside the event loop."""
    encoder = load_encoder()
    library = Library.open(settings.snapshots_dir, encoder)
    return Rooms(library, Catalogue.load(library.cite), Directory.load(), Screener(encoder))


def make_agent(
    rooms: Rooms, settings: Settings, store: Store | None, clock: Callable[[], dt.datetime] | None = None
) -> Agent:
    """The agent over these rooms; without a store it can think, but not receive."""
    return Agent(
        rooms.library,
        rooms.catalogue,
        rooms.directory,
        rooms.screener,
        TemplateBank.load(rooms.directory),
        OutputCheck(rooms.directory.numbers),
        store,
        make_composer(settings, rooms.library, rooms.catalogue, rooms.directory),
        clock=clock,
        evaluation=settings.evaluation,
    )


@asynccontextmanager
async def open_rooms(settings: Settings, now: Callable[[], dt.datetime]) -> AsyncIterator[Services]:
    """Everything a server needs, for as long as it runs."""
    async with contextlib.AsyncExitStack() as stack:
        store = await Store.open(settings)
        stack.push_async_callback(store.close)
        rooms = await asyncio.to_thread(load_rooms, settings)
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
        )
        stack.push_async_callback(talk.close)
        tasks = start(services)
        stack.push_async_callback(_stop, services, tasks)
        yield services


async def _stop(services: Services, tasks: list[asyncio.Task[None]]) -> None:
    services.closing.set()
    await asyncio.gather(*tasks, return_exceptions=True)
