"""What happens by the clock while the server runs: escalations, left-over answers, deletion."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable, Callable

from api.services import Services
from desk.watch import Watch

logger = logging.getLogger("minxing.background")

WATCH_SECONDS = 2.0
"""CR-21 pages within 5 seconds; looking every two leaves room for a slow delivery."""
RESUME_SECONDS = 10.0
"""R-12: what another process left half-answered is taken up when its lease has ended."""
RETENTION_SECONDS = 3600.0

Job = Callable[[dt.datetime], Awaitable[object]]


def start(services: Services) -> list[asyncio.Task[None]]:
    """Begin all timers. They end when `services.closing` is set."""
    settings = services.settings

    async def resume(_: dt.datetime) -> None:
        await services.talk.resume()

    async def forget(now: dt.datetime) -> None:
        await services.store.retention.run(now, settings.retention_chat_days, settings.retention_crisis_days)

    jobs: tuple[tuple[Job, float], ...] = (
        (Watch(services.store).tick, WATCH_SECONDS),
        (resume, RESUME_SECONDS),
        (forget, RETENTION_SECONDS),
    )
    return [asyncio.create_task(repeat(job, seconds, services)) for job, seconds in jobs]


async def repeat(job: Job, seconds: float, services: Services) -> None:
    """Run `job` again and again until the server closes. A failure is logged, the next run tries again."""
    while not services.closing.is_set():
        try:
            await job(services.now())
        except Exception as error:  # the timer outlives whatever breaks inside one run
            logger.error(
                "background job=%s error=%s", getattr(job, "__qualname__", "?"), type(error).__name__
            )
        try:
            async with asyncio.timeout(seconds):
                await services.closing.wait()
        except TimeoutError:
            continue
