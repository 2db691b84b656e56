"""Talk to a running Minxing as a family's widget would, and collect what one turn showed."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import httpx

from eval.types import Observation


class TargetError(Exception):
    """Shown to the evaluator: the target does not answer as Minxing does; the case fails with this."""


@dataclass(slots=True)
class Talk:
    """One conversation on the target, with its open event stream."""

    id: str
    token: str
    events: asyncio.Queue[dict[str, Any]]
    reader: asyncio.Task[None] | None = None
    seen: int = 0
    """Number of the last event that arrived."""


class Client:
    """HTTP client of one target. Needs `MINXING_EVALUATION=true` there, for the trace events."""

    def __init__(self, target: str, *, turn_seconds: float = 20.0) -> None:
        limits = httpx.Limits(max_connections=None)
        self._http = httpx.AsyncClient(base_url=target, timeout=turn_seconds, trust_env=False, limits=limits)
        self._turn_seconds = turn_seconds
        self._readers: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for reader in self._readers:
            reader.cancel()
        await asyncio.gather(*self._readers, return_exceptions=True)
        await self._http.aclose()

    async def _post(self, path: str, **kwargs: Any) -> dict[str, Any]:
        response = await self._http.post(path, **kwargs)
        if response.status_code >= 400:
            raise TargetError(f"POST {path} answered {response.status_code}: {response.text[:200]}")
        return dict(response.json())

    async def start(self) -> Talk:
        """Open a conversation and its stream, as the widget does."""
        opened = await self._post("/api/conversations")
        after = max((int(e["seq"]) for e in opened.get("events", [])), default=0)
        talk = Talk(opened["id"], opened["token"], asyncio.Queue(), seen=after)
        await self.resume(talk)
        return talk

    async def resume(self, talk: Talk) -> None:
        """Open the stream after the last event seen, as a widget does that was cut off."""
        talk.reader = asyncio.create_task(self._read(talk))
        self._readers.append(talk.reader)

    async def _read(self, talk: Talk) -> None:
        headers = {"Authorization": f"Bearer {talk.token}"}
        path = f"/api/conversations/{talk.id}/events"
        async with self._http.stream(
            "GET", path, params={"after": talk.seen}, headers=headers, timeout=None
        ) as stream:
            name = ""
            async for line in stream.aiter_lines():
                if line.startswith("id: "):
                    talk.seen = int(line[4:])
                elif line.startswith("event: "):
                    name = line[7:]
                elif line.startswith("data: "):
                    talk.events.put_nowait({"event": name, "data": json.loads(line[6:])})

    async def pause(self, talk: Talk) -> None:
        """Close the stream; `resume` goes on with it."""
        if talk.reader is not None:
            talk.reader.cancel()
            await asyncio.gather(talk.reader, return_exceptions=True)

    async def end(self, talk: Talk) -> None:
        """Close the stream of a talk that is over."""
        await self.pause(talk)

    async def say(self, talk: Talk, text: str) -> Observation:
        """Send one message and wait for the end of the turn.

        Raises:
            TargetError: the target refused, or the turn did not end in time.
        """
        started = time.monotonic()
        headers = {"Authorization": f"Bearer {talk.token}", "Idempotency-Key": uuid.uuid4().hex}
        path = f"/api/conversations/{talk.id}/messages"
        accepted = await self._post(path, json={"text": text}, headers=headers)
        events: list[dict[str, Any]] = []
        try:
            async with asyncio.timeout(self._turn_seconds):
                while True:
                    event = await talk.events.get()
                    events.append(event)
                    data = event["data"]
                    if event["event"] == "trace" and data.get("message_id") == accepted["message_id"]:
                        return observe(events, data, accepted, time.monotonic() - started)
        except TimeoutError:
            names = ", ".join(event["event"] for event in events) or "none"
            raise TargetError(
                f"no end of the turn within {self._turn_seconds:.0f} s (events: {names}). "
                "Is the target started with MINXING_EVALUATION=true?"
            ) from None


def _card_lines(card: dict[str, Any]) -> list[str]:
    """What a family reads on a card: title, words, when to call which number, choices."""
    lines = [str(card.get("title", ""))]
    for block in card.get("blocks", ()):
        lines.append(str(block.get("text") or block.get("label") or ""))
        lines += [str(item.get("label", "")) for item in block.get("items", ())]
    return [line for line in lines if line]


def observe(
    events: list[dict[str, Any]], trace: dict[str, Any], accepted: dict[str, Any], seconds: float
) -> Observation:
    """Fold the events of one turn into what the checks look at."""
    texts: list[str] = []
    cards: list[str] = []
    citations: list[dict[str, Any]] = []
    for event in events:
        data = event["data"]
        if event["event"] == "text" or (event["event"] == "status" and data.get("text")):
            texts.append(data["text"])
        elif event["event"] == "card":
            cards += _card_lines(data)
        elif event["event"] == "citations":
            citations += data["items"]
    return Observation(
        route=trace["route"],
        severity=trace["severity"],
        category=trace.get("category"),
        intents=tuple(trace.get("intents", ())),
        tools=tuple(trace.get("tools", ())),
        facts=dict(trace.get("facts", {})),
        verdicts=dict(trace.get("verdicts", {})),
        citations=tuple(citations),
        reply="\n".join(texts),
        card="\n".join(cards),
        ticket=trace.get("ticket"),
        asked=trace.get("asked"),
        wire=json.dumps([accepted, events], ensure_ascii=False),
        seconds=seconds,
    )
