"""What happens by the clock while the server runs: pages and escalations, and daily deletion."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable, Callable

from api.services import Services

logger = logging.getLogger("minxing.background")

ESCALATION_SECONDS = 1.0
"""CR-21 pages within 5 seconds; looking every second leaves room for a slow delivery."""
RETENTION_SECONDS = 3600.0

Job = Callable[[dt.datetime], Awaitable[object]]


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
