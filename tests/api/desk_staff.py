"""Staff who use the desk over HTTP in tests."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import httpx

from desk.terminal import add_account
from tests.conftest import Running

PASSWORD = "zhuzi hen gao hen zhi"


@dataclass
class Staff:
    """One logged-in member of staff."""

    http: httpx.Client
    name: str
    me: dict[str, Any]

    @property
    def headers(self) -> dict[str, str]:
        return {"X-CSRF-Token": str(self.me["csrf_token"]), "Origin": str(self.http.base_url).rstrip("/")}

    def get(self, path: str, **params: Any) -> httpx.Response:
        return self.http.get(f"/api/desk{path}", params=params)

    def post(self, path: str, body: dict[str, Any] | None = None, **headers: str) -> httpx.Response:
        return self.http.post(f"/api/desk{path}", json=body or {}, headers={**self.headers, **headers})

    def reply(self, ticket: str, text: str, key: str | None = None) -> httpx.Response:
        return self.post(
            f"/tickets/{ticket}/reply", {"text": text}, **{"Idempotency-Key": key or uuid.uuid4().hex}
        )

    def queue(self) -> list[dict[str, Any]]:
        tickets: list[dict[str, Any]] = self.get("/queue").json()["tickets"]
        return tickets


def make_account(server: Running, role: str) -> str:
    """A new account with a name of its own."""
    name = f"{role}{uuid.uuid4().hex[:6]}"
    assert add_account(server.settings, name, role, PASSWORD) is None
    return name


def log_in(server: Running, role: str = "值班员", name: str | None = None) -> Staff:
    """Make an account (or take one) and log in."""
    name = name or make_account(server, role)
    http = server.client()
    response = http.post(
        "/api/desk/login", json={"name": name, "password": PASSWORD}, headers={"Origin": server.url}
    )
    assert response.status_code == 200, response.text
    return Staff(http, name, response.json())


def in_days(days: int) -> str:
    """A date for a follow-up."""
    today = dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date()
    return (today + dt.timedelta(days=days)).isoformat()
