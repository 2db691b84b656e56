"""The door over the real store with the scripted agent, and a family that talks through it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from tests.api.scripted import scripted_rooms
from tests.conftest import Running, running, test_settings

HOST = "https://community.example"


@pytest.fixture(scope="session")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Limits wide open; tests of limits start a door of their own."""
    settings = test_settings(
        tmp_path_factory.mktemp("door"),
        messages_per_minute=10_000,
        messages_per_minute_per_address=100_000,
        conversations_per_hour_per_address=100_000,
        allowed_origins=(HOST,),
    )
    with running(settings, scripted_rooms) as server:
        yield server


@dataclass
class Family:
    """One conversation over HTTP."""

    http: httpx.Client
    id: str
    token: str
    opened: dict[str, Any] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def path(self, rest: str) -> str:
        return f"/api/conversations/{self.id}{rest}"

    def say(self, text: str, key: str | None = None) -> httpx.Response:
        headers = {**self.headers, "Idempotency-Key": key or uuid.uuid4().hex}
        return self.http.post(self.path("/messages"), json={"text": text}, headers=headers)

    def events(self, after: int = 0) -> list[dict[str, Any]]:
        got: list[dict[str, Any]] = []
        while True:
            page = self.http.get(
                self.path("/events"), params={"poll": 1, "after": after}, headers=self.headers
            )
            assert page.status_code == 200, page.text
            items = page.json()["events"]
            if not items:
                return got
            got += items
            after = items[-1]["seq"]

    def answered(self, message_id: str, seconds: float = 10) -> list[dict[str, Any]]:
        """All events, as soon as the turn of this message is done."""
        import time

        end = time.monotonic() + seconds
        while time.monotonic() < end:
            events = self.events()
            if any(e["event"] == "done" and e["data"]["message_id"] == message_id for e in events):
                return events
            time.sleep(0.02)
        raise AssertionError("the turn did not end")


def open_family(http: httpx.Client) -> Family:
    response = http.post("/api/conversations")
    assert response.status_code == 201, response.text
    body = response.json()
    return Family(http, body["id"], body["token"], body)


@pytest.fixture
def family(door: Running) -> Iterator[Family]:
    with door.client() as http:
        yield open_family(http)


@pytest.fixture
def stranger(door: Running) -> Iterator[Family]:
    with door.client() as http:
        yield open_family(http)
