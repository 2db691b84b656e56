"""Waking those who wait for new events.

Within a process a commit wakes its waiters at once, whichever event loop they live in. Other processes are
heard through LISTEN/NOTIFY on PostgreSQL; one small query a second (SQLite) or every five seconds
(PostgreSQL, in case a notification was lost) finds whatever else is new. A wake-up only means "look again";
the sequence says what is new.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from types import TracebackType
from typing import Any

from sqlalchemy import func, select

from storage.engine import Database
from storage.errors import StorageUnavailableError
from storage.tables import Events

DESK = "desk"
"""Channel of queue changes."""
_LATE_COMMITS = 200
"""PostgreSQL hands out event ids before it commits; the poll looks back this far so that none slips by."""


class Subscription:
    """One waiter. Use it as `with store.live(conversation_id) as live: … await live.wait(15)`."""

    def __init__(self, hub: Hub, channel: str) -> None:
        self._hub = hub
        self.channel = channel
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()

    def __enter__(self) -> Subscription:
        self._hub.add(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self._hub.remove(self)

    async def wait(self, seconds: float) -> bool:
        """True when something may be new, False after `seconds` of quiet (time for a heartbeat)."""
        try:
            await asyncio.wait_for(self._event.wait(), seconds)
        except TimeoutError:
            return False
        self._event.clear()
        return True

    def wake(self) -> None:
        """May be called from any thread; a loop that has closed is passed over."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._event.set)


class Hub:
    """All waiters of this process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._waiters: dict[str, set[Subscription]] = {}
        self._tasks: list[asyncio.Task[None]] = []

    def add(self, waiter: Subscription) -> None:
        """Begin to wake this waiter."""
        with self._lock:
            self._waiters.setdefault(waiter.channel, set()).add(waiter)

    def remove(self, waiter: Subscription) -> None:
        """Stop waking it."""
        with self._lock:
            waiters = self._waiters.get(waiter.channel, set())
            waiters.discard(waiter)
            if not waiters:
                self._waiters.pop(waiter.channel, None)

    def wake(self, channel: str) -> None:
        """Wake the waiters of a channel."""
        with self._lock:
            waiters = tuple(self._waiters.get(channel, ()))
        for waiter in waiters:
            waiter.wake()

    def start(self) -> None:
        """Listen to other processes from now on."""
        self._tasks.append(asyncio.create_task(self._poll(), name="storage-poll"))
        if not self._database.is_sqlite:
            self._tasks.append(asyncio.create_task(self._listen(), name="storage-listen"))

    async def stop(self) -> None:
        """End listening."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    async def _poll(self) -> None:
        pause = 1.0 if self._database.is_sqlite else 5.0
        look_back = 0 if self._database.is_sqlite else _LATE_COMMITS
        last: int | None = None
        while True:
            await asyncio.sleep(pause)
            if not self._waiters:
                last = None
                continue
            with contextlib.suppress(StorageUnavailableError):
                last = await self._wake_newer(last, look_back)

    async def _wake_newer(self, last: int | None, look_back: int) -> int:
        async with self._database.read() as connection:
            newest = int(
                (await connection.execute(select(func.coalesce(func.max(Events.id), 0)))).scalar_one()
            )
            if last is None:
                channels = list(self._waiters)
            else:
                statement = select(Events.conversation_id).where(Events.id > last - look_back).distinct()
                channels = list((await connection.execute(statement)).scalars()) if newest > last else []
        for channel in channels:
            self.wake(channel)
        if channels:
            self.wake(DESK)
        return newest

    async def _listen(self) -> None:
        while True:
            ended = asyncio.Event()
            with contextlib.suppress(StorageUnavailableError):
                async with self._database.read() as connection:
                    raw = await connection.get_raw_connection()
                    driver: Any = raw.driver_connection
                    driver.add_termination_listener(lambda *_, e=ended: e.set())
                    await driver.add_listener("minxing", lambda *args: self.wake(str(args[-1])))
                    try:
                        await ended.wait()
                    finally:
                        with contextlib.suppress(Exception):
                            await driver.reset(timeout=2)
            await asyncio.sleep(1.0)
