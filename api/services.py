"""The open rooms, as one value that the server makes at start and hands to every route."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from api.limits import Gauge, Recent, SlidingWindow
from api.talk import Talk
from settings import Settings
from storage.store import Store

if TYPE_CHECKING:
    from agent.compose.spending import ModelStatus
    from guardrails.screen import Screener
    from knowledge.library import Library
    from tools.catalogue import Catalogue
    from tools.directory import Directory

STREAMS_PER_CONVERSATION = 6
"""Two tabs, a phone, and their reconnects."""


class Limits:
    """All counters of the door (SE-8)."""

    def __init__(self, settings: Settings) -> None:
        self.messages = SlidingWindow(settings.messages_per_minute, 60)
        self.messages_of_address = SlidingWindow(settings.messages_per_minute_per_address, 60)
        self.conversations = SlidingWindow(settings.conversations_per_hour_per_address, 3600)
        self.keys = Recent()
        self.streams = Gauge(STREAMS_PER_CONVERSATION)


@dataclass(slots=True)
class Services:
    """Everything a route may use."""

    settings: Settings
    now: Callable[[], dt.datetime]
    """Aware, Asia/Shanghai."""
    store: Store
    library: Library
    catalogue: Catalogue
    directory: Directory
    screener: Screener
    talk: Talk
    limits: Limits
    models: Callable[[], tuple[ModelStatus, ...]] = tuple
    """The language models behind the composer; none with the offline one."""
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the server stops: streams end and the pages reconnect to the next process."""
