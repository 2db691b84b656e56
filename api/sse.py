"""The event stream: what is stored goes out byte for byte, in order, resumable at any event."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.errors import ApiError
from api.talk import Talk
from storage.types import Event

HEARTBEAT_SECONDS = 15.0
"""R-55: proxies cut connections that stay silent for a minute."""
SEND_SECONDS_MAX = 30.0
"""R-54: a reader that takes nothing for this long is disconnected; it resumes where it was."""
BATCH = 64
"""Events held in memory for one reader: the rest waits in the database, so no queue can grow."""

_NAMES = re.compile(r"[a-z_]{1,32}")


def parse_cursor(value: str | None, newest: int) -> int:
    """The sequence number to go on after; 0 for the beginning.

    Raises:
        ApiError: 400 for anything but the number of an event this conversation has (R-53).
    """
    if value is None or value == "":
        return 0
    if not re.fullmatch(r"[0-9]{1,12}", value) or int(value) > newest:
        raise ApiError(400, "bad_cursor", field="Last-Event-ID")
    return int(value)


def frame(event: Event) -> bytes:
    """One event on the wire. Name and id come from constants, data is JSON without line breaks (SE-12)."""
    if not _NAMES.fullmatch(event.name) or "\n" in event.json or "\r" in event.json:
        raise ValueError("An event of this shape cannot be streamed.")
    return f"id: {event.seq}\nevent: {event.name}\ndata: {event.json}\n\n".encode()


class EventStream(Response):
    """Streams a conversation after `cursor` until the reader leaves, the token ends or the server closes.

    Reading is pulled: the next batch is fetched when the last was taken, so a slow reader costs one batch.
    """

    media_type = "text/event-stream"

    def __init__(
        self,
        talk: Talk,
        conversation_id: str,
        cursor: int,
        *,
        seconds: float,
        closing: asyncio.Event,
        on_close: Callable[[], None],
    ) -> None:
        super().__init__(headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store"})
        del self.headers["content-length"]
        self._talk = talk
        self._conversation_id = conversation_id
        self._cursor = cursor
        self._seconds = seconds
        self._closing = closing
        self._on_close = on_close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        tasks = [
            asyncio.create_task(self._pump(send)),
            asyncio.create_task(_until_disconnect(receive)),
            asyncio.create_task(self._closing.wait()),
        ]
        try:
            done, _ = await asyncio.wait(tasks, timeout=self._seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._on_close()
        # A reader that left or is stuck gets no farewell: the server cuts the connection when we return.
        if not done & set(tasks[:2]):
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _pump(self, send: Send) -> None:
        async def write(body: bytes) -> None:
            message = {"type": "http.response.body", "body": body, "more_body": True}
            async with asyncio.timeout(SEND_SECONDS_MAX):
                await send(message)

        cursor = self._cursor
        async with self._talk.live(self._conversation_id) as wake:
            await write(b"retry: 2000\n\n")
            while True:
                events = await self._talk.events(self._conversation_id, cursor, BATCH)
                if events:
                    await write(b"".join(frame(event) for event in events))
                    cursor = events[-1].seq
                # What is stored after this look wakes us; only a full batch may have left something behind.
                if len(events) < BATCH and not await wake(HEARTBEAT_SECONDS):
                    await write(b": still here\n\n")


async def _until_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
