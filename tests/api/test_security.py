"""Headers of every kind of answer, origins, hosts, and what the logs hold (SE-13, SE-14, PR-9)."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from api.security import host_name, security_headers
from server import create_app
from settings import SettingsError
from tests.api.conftest import HOST, Family
from tests.api.scripted import scripted_rooms
from tests.conftest import Running, running, test_settings

SHARED = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "x-frame-options": "DENY",
}
API_POLICY = "default-src 'none'; frame-ancestors 'none'"
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
CLIENT_LOGS = ("httpx", "uvicorn.access")
"""Of the test itself; `serve` switches the access log off (test_serve.py looks at a process)."""
ROUTES = [
    ("/api/conversations/x/events", 404, API_POLICY, "same-origin", "no-store"),
    ("/api/health", 200, API_POLICY, "same-origin", "no-store"),
    ("/api/openapi.json", 200, API_POLICY, "same-origin", "no-store"),
    ("/api/nothing", 404, API_POLICY, "same-origin", "no-store"),
    ("/healthz", 200, PAGE_POLICY, "same-origin", "no-cache"),
    ("/", 200, PAGE_POLICY, "same-origin", "no-cache"),
    ("/site.css", 200, PAGE_POLICY, "same-origin", "no-cache"),
    ("/widget/minxing.js", 200, PAGE_POLICY, "cross-origin", "no-cache"),
    ("/widget/minxing.css", 200, PAGE_POLICY, "cross-origin", "no-cache"),
    ("/nothing", 404, PAGE_POLICY, "same-origin", "no-cache"),
]


@pytest.mark.parametrize(("path", "status", "policy", "resource", "cache"), ROUTES)
def test_header_snapshot(
    door: Running, path: str, status: int, policy: str, resource: str, cache: str
) -> None:
    with door.client() as http:
        response = http.get(path)
    assert response.status_code == status
    expected = {
        **SHARED,
        "content-security-policy": policy,
        "cross-origin-resource-policy": resource,
        "cache-control": cache,
    }
    assert {name: response.headers.get(name) for name in expected} == expected


def test_transport_security_behind_https() -> None:
    assert "Strict-Transport-Security" in security_headers("/", https=True)
    assert "Strict-Transport-Security" not in security_headers("/", https=False)


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", HOST + ".evil.example", "http://community.example"]
)
def test_other_origins_may_not_read(door: Running, origin: str) -> None:
    with door.client(Origin=origin) as http:
        response = http.post("/api/conversations")
        preflight = http.options(
            "/api/conversations",
            headers={
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization",
            },
        )
    assert "access-control-allow-origin" not in response.headers
    assert "access-control-allow-origin" not in preflight.headers


def test_a_listed_origin_may_read_without_cookies(door: Running) -> None:
    with door.client(Origin=HOST) as http:
        response = http.post("/api/conversations")
        script = http.get("/widget/minxing.js")
        preflight = http.options(
            "/api/conversations/x/messages",
            headers={
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization,content-type,idempotency-key",
            },
        )
    for answer in (response, script, preflight):
        assert answer.headers["access-control-allow-origin"] == HOST
        assert "access-control-allow-credentials" not in answer.headers
    assert preflight.status_code == 200


@pytest.mark.parametrize("origin", ["*", "null", "https://community.example/", "community.example"])
def test_an_inexact_origin_in_the_settings_is_refused(tmp_path: Path, origin: str) -> None:
    with pytest.raises(SettingsError, match="MINXING_ALLOWED_ORIGINS"):
        create_app(test_settings(tmp_path, allowed_origins=(origin,)), scripted_rooms)


@pytest.mark.parametrize(
    "host", ["evil.example", "x/../public?", "localhost.evil.example", "", "127.0.0.1@evil"]
)
def test_an_unknown_host_is_turned_away(door: Running, host: str) -> None:
    """SE-13 (BadHost)."""
    with door.client() as http:
        response = http.get("/api/health", headers={"Host": host})
    assert response.status_code == 400


@pytest.mark.parametrize(
    ("header", "name"), [("LOCALHOST:80", "localhost"), ("[::1]:8000", "[::1]"), ("a", "a")]
)
def test_host_names(header: str, name: str) -> None:
    assert host_name(header) == name


def test_logs_hold_ids_and_codes_but_no_words(family: Family, caplog: pytest.LogCaptureFixture) -> None:
    """PR-9: neither the message, nor the token, nor the address."""
    secret = "孩子住在翠苑三区18幢"
    with caplog.at_level(logging.INFO):
        family.answered(family.say(secret).json()["message_id"])
        family.say(secret + "，我不想活了")
        family.http.put(family.path("/facts/child_age"), json={"value": secret}, headers=family.headers)
    text = "\n".join(f"{r.name} {r.getMessage()}" for r in caplog.records if r.name not in CLIENT_LOGS)
    assert family.id in text
    assert "翠苑" not in text
    assert family.token not in text
    assert "127.0.0.1" not in text


def test_a_fault_of_ours_is_a_calm_500(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """AX-10, PR-9: numbers to call, no stack trace, and the log does not quote what broke it."""

    async def broken(*_: object) -> None:
        raise RuntimeError("孩子住在翠苑三区")

    with running(test_settings(tmp_path), scripted_rooms) as server:
        monkeypatch.setattr("api.conversations.Conversations.open", broken)
        with server.client() as http, caplog.at_level(logging.DEBUG):
            response = http.post("/api/conversations")
            page = http.post("/api/conversations", headers={"Accept": "text/html"})
    assert page.status_code == response.status_code == 500
    assert all(f"tel:{number}" in page.text for number in ("110", "120", "12356"))
    error = response.json()["error"]
    assert error["phone"] == ["110", "120", "12356"]
    assert "RuntimeError" not in response.text
    logged = "\n".join(record.getMessage() + str(record.exc_text or "") for record in caplog.records)
    assert "RuntimeError" in logged
    assert "翠苑" not in logged
