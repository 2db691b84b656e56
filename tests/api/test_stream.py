"""The event stream: byte for byte, resumable, bounded (R-50 to R-56, SE-12)."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, cast

import httpx
import pytest

from api import sse
from api.limits import Gauge
from api.services import STREAMS_PER_CONVERSATION
from api.sse import EventStream, frame
from api.talk import Wake
from storage.types import Author, Event
from tests.api.conftest import Family


def read_until(family: Family, last: int, after: str = "0", **headers: str) -> bytes:
    """The bytes of the stream up to and with event `last`."""
    got = b""
    with family.http.stream(
        "GET", family.path("/events"), params={"after": after}, headers={**family.headers, **headers}
    ) as response:
        assert response.status_code == 200, response.read()
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["x-accel-buffering"] == "no"
        for chunk in response.iter_raw():
            got += chunk
            if f"id: {last}\n".encode() in got and got.endswith(b"\n\n"):
                return got
    raise AssertionError("the stream ended early")


def blocks(body: bytes) -> list[bytes]:
    return [block for block in body.split(b"\n\n") if block.startswith(b"id: ")]


def talk(family: Family) -> list[dict[str, object]]:
    """Two answered messages and a card."""
    for text in ("有什么补助", "要多久"):
        family.answered(family.say(text).json()["message_id"])
    family.say("我不想活了")
    return family.events()


def test_cut_at_each_event_and_resumed_the_bytes_are_equal(family: Family) -> None:
    """R-50."""
    last = int(str(talk(family)[-1]["seq"]))
    whole = blocks(read_until(family, last))
    assert len(whole) == last
    for cut in range(1, last):
        resumed = blocks(read_until(family, last, after="0", **{"Last-Event-ID": str(cut)}))
        assert whole[:cut] + resumed == whole


def test_polling_and_streaming_carry_the_same_data(family: Family) -> None:
    """R-55."""
    events = talk(family)
    streamed = blocks(read_until(family, int(str(events[-1]["seq"]))))
    for event, block in zip(events, streamed, strict=True):
        head, name, data = block.decode().split("\n", 2)
        assert head == f"id: {event['seq']}"
        assert name == f"event: {event['event']}"
        assert json.loads(data.removeprefix("data: ")) == event["data"]


def test_events_arrive_while_the_stream_is_open(family: Family) -> None:
    got: list[bytes] = []
    ready = threading.Event()

    def listen() -> None:
        with family.http.stream("GET", family.path("/events?after=5"), headers=family.headers) as response:
            for chunk in response.iter_raw():
                ready.set()
                got.append(chunk)
                if b"event: done" in chunk:
                    return

    reader = threading.Thread(target=listen)
    reader.start()
    assert ready.wait(10)
    family.say("有什么补助")
    reader.join(10)
    assert not reader.is_alive()
    names = [line for line in b"".join(got).decode().splitlines() if line.startswith("event:")]
    assert names == ["event: message", "event: status", "event: text", "event: text", "event: done"]


@pytest.mark.parametrize(
    "cursor", ["-1", "1e3", "abc", "99999", "9" * 40, "1\r\nid: 2", "0x1", "１", " 1", "1.0", "1;2"]
)
def test_a_forged_cursor_is_400_without_data(family: Family, cursor: str) -> None:
    """R-53. In the query, because no HTTP client sends line breaks in a header."""
    for poll in ("0", "1"):
        response = family.http.get(
            family.path("/events"), params={"after": cursor, "poll": poll}, headers=family.headers
        )
        assert response.status_code == 400, cursor
        assert response.json()["error"]["code"] == "bad_cursor"


def test_a_foreign_cursor_shows_nothing_of_the_other(family: Family, stranger: Family) -> None:
    for _ in range(3):
        family.answered(family.say("有什么补助").json()["message_id"])
    far = family.events()[-1]["seq"]
    response = stranger.http.get(stranger.path(f"/events?poll=1&after={far}"), headers=stranger.headers)
    assert response.status_code == 400


def test_more_streams_than_allowed_are_refused_and_places_come_back(family: Family) -> None:
    """R-54: what one conversation may hold open is bounded."""
    open_streams: list[httpx.Response] = []
    for _ in range(STREAMS_PER_CONVERSATION):
        request = family.http.build_request("GET", family.path("/events"), headers=family.headers)
        open_streams.append(family.http.send(request, stream=True))
    refused = family.http.get(family.path("/events"), headers=family.headers)
    assert refused.status_code == 429
    assert refused.headers["retry-after"]
    for response in open_streams:
        response.close()
    deadline = time.monotonic() + 10
    while True:
        try:
            read_until(family, 1)
            break
        except AssertionError:  # the server has not noticed yet that they are gone
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_the_gauge_counts_down_again() -> None:
    gauge = Gauge(1)
    assert gauge.enter("a")
    assert not gauge.enter("a")
    assert gauge.enter("b")
    gauge.leave("a")
    assert gauge.enter("a")


@pytest.mark.parametrize(
    ("name", "data"),
    [("text\nid: 9", "{}"), ("Text", "{}"), ("", "{}"), ("text", '{"a":\n1}'), ("text", '{"a":\r1}')],
)
def test_an_event_cannot_smuggle_another(name: str, data: str) -> None:
    """SE-12."""
    with pytest.raises(ValueError, match="cannot be streamed"):
        frame(Event("c", 1, name, data, Author.BOT))


class Quiet:
    """A talk in which nothing happens after its first event."""

    async def events(self, conversation_id: str, after: int, limit: int) -> tuple[Event, ...]:
        return (Event(conversation_id, 1, "text", "{}", Author.BOT),) if after < 1 else ()

    @asynccontextmanager
    async def live(self, conversation_id: str) -> AsyncIterator[Wake]:
        async def wake(seconds: float) -> bool:
            await asyncio.sleep(seconds)
            return False

        yield wake


async def stream(send: Callable[[Any], Awaitable[None]], *, seconds: float) -> list[str]:
    """Serve one stream of a quiet talk to `send`; what was called at its end."""
    closed: list[str] = []
    never = asyncio.Event()

    async def receive() -> Any:
        await never.wait()

    response = EventStream(
        cast(Any, Quiet()),
        "c",
        0,
        seconds=seconds,
        closing=asyncio.Event(),
        on_close=lambda: closed.append("c"),
    )
    async with asyncio.timeout(10):
        await response({"type": "http"}, receive, send)
    return closed


async def test_a_silent_stream_beats(monkeypatch: pytest.MonkeyPatch) -> None:
    """R-55: proxies cut what says nothing."""
    monkeypatch.setattr(sse, "HEARTBEAT_SECONDS", 0.01)
    sent: list[bytes] = []

    async def send(message: Any) -> None:
        sent.append(message.get("body", b""))

    assert await stream(send, seconds=0.2) == ["c"]
    body = b"".join(sent)
    assert body.startswith(b"retry: 2000\n\nid: 1\nevent: text\ndata: {}\n\n")
    assert body.count(b": still here\n\n") >= 2


async def test_a_reader_that_takes_nothing_is_disconnected(monkeypatch: pytest.MonkeyPatch) -> None:
    """R-54: it holds one batch and one place, and only for a while."""
    monkeypatch.setattr(sse, "SEND_SECONDS_MAX", 0.05)
    stuck = asyncio.Event()

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            await stuck.wait()

    assert await stream(send, seconds=30) == ["c"]
