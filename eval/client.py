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
    """One conversation on the target."""

    id: str
    token: str
    after: int
    sticky_facts: dict[str, Any]


class Client:
    """HTTP client of one target. Needs `MINXING_EVALUATION=true` there, for the trace events."""

    def __init__(self, target: str, *, turn_seconds: float = 20.0) -> None:
        self._http = httpx.AsyncClient(base_url=target, timeout=turn_seconds, trust_env=False)
        self._turn_seconds = turn_seconds

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def _json(self, method: str, path: str, talk: Talk | None = None, **kwargs: Any) -> dict[str, Any]:
        headers = dict(kwargs.pop("headers", {}))
        if talk:
            headers["Authorization"] = f"Bearer {talk.token}"
        response = await self._http.request(method, path, headers=headers, **kwargs)
        if response.status_code >= 400:
            raise TargetError(f"{method} {path} answered {response.status_code}: {response.text[:200]}")
        return dict(response.json())

    async def start(self) -> Talk:
        """Open a conversation."""
        opened = await self._json("POST", "/api/conversations")
        events = opened.get("events", [])
        return Talk(opened["id"], opened["token"], max((int(e["seq"]) for e in events), default=0), {})

    async def say(self, talk: Talk, text: str) -> Observation:
        """Send one message and wait for the end of the turn.

        Raises:
            TargetError: the target refused, or the turn did not end in time.
        """
        started = time.monotonic()
        accepted = await self._json(
            "POST",
            f"/api/conversations/{talk.id}/messages",
            talk,
            json={"text": text},
            headers={"Idempotency-Key": uuid.uuid4().hex},
        )
        events: list[dict[str, Any]] = []
        while True:
            page = await self._json(
                "GET", f"/api/conversations/{talk.id}/events", talk, params={"poll": 1, "after": talk.after}
            )
            for event in page["events"]:
                talk.after = max(talk.after, int(event["seq"]))
                events.append(event)
            for event in events:
                if event["event"] == "trace" and event["data"].get("message_id") == accepted["message_id"]:
                    return observe(events, event["data"], accepted, time.monotonic() - started)
            if time.monotonic() - started > self._turn_seconds:
                names = ", ".join(event["event"] for event in events) or "none"
                raise TargetError(
                    f"no end of the turn within {self._turn_seconds:.0f} s (events: {names}). "
                    "Is the target started with MINXING_EVALUATION=true?"
                )
            await asyncio.sleep(0.02)


def _strings(value: Any) -> list[str]:
    """All strings inside a JSON value, depth first, in order."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [s for item in value.values() for s in _strings(item)]
    if isinstance(value, list):
        return [s for item in value for s in _strings(item)]
    return []


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
            cards += _strings({key: value for key, value in data.items() if key in ("title", "blocks")})
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
