"""Keys: shown once, stored hashed, compared in constant time, with scopes and quotas, revocable, audited."""

from __future__ import annotations

import hmac
import sqlite3
from typing import Any

import openai
import pytest
from typer.testing import CliRunner

import cli
from api.keys import commands
from settings import Settings
from storage.store import Store
from tests.api.doors.conftest import make_key, official
from tests.api.doors.test_completions import DANGER, ask, user
from tests.conftest import Running


@pytest.mark.parametrize(
    "words", ["nonsense", "mx-", f"mx-{'A' * 22}.{'B' * 43}", "sk-proj-123", "鑰匙".encode().hex()]
)
def test_a_wrong_key(minxing: Running, words: str) -> None:
    """Whoever sits behind a broken client at least reads the numbers."""
    with official(minxing, words) as client, pytest.raises(openai.AuthenticationError) as refused:
        ask(client, user("您好"))
    assert refused.value.code == "invalid_api_key"
    assert "110" in refused.value.message and "12356" in refused.value.message


def test_no_key_and_half_a_key(minxing: Running) -> None:
    words = make_key(minxing)
    with minxing.client() as http:
        for header in ({}, {"Authorization": words}, {"Authorization": f"Bearer {words[:-1]}"}):
            answer = http.post("/v1/chat/completions", json={}, headers=header)
            assert answer.status_code == 401
            assert set(answer.json()["error"]) >= {"message", "type", "param", "code"}


def test_a_key_opens_what_its_scopes_say(minxing: Running) -> None:
    metrics = official(minxing, make_key(minxing, "metrics"))
    with metrics as client, pytest.raises(openai.PermissionDeniedError) as refused:
        ask(client, user("您好"))
    assert refused.value.code == "insufficient_scope"


def test_a_minute_has_its_quota_and_danger_none(minxing: Running) -> None:
    """SE-8: a limit never drops an S3 or S4."""
    with official(minxing, make_key(minxing, per_minute=2)) as client:
        for _ in range(4):  # a new minute may begin in between
            try:
                ask(client, user("您好"))
            except openai.RateLimitError as refused:
                assert refused.code == "rate_limit_exceeded"
                assert 1 <= int(refused.response.headers["Retry-After"]) <= 60
                assert "110" in refused.message
                break
        else:
            raise AssertionError("no quota held")
        assert ask(client, user(DANGER)).minxing["card"] is not None


def test_a_day_has_its_quota(minxing: Running) -> None:
    with official(minxing, make_key(minxing, per_day=1)) as client:
        ask(client, user("您好"))
        with pytest.raises(openai.RateLimitError) as refused:
            ask(client, user("您好"))
        assert refused.value.code == "insufficient_quota"
        assert refused.value.response.headers["x-should-retry"] == "false"
        assert ask(client, user(DANGER)).minxing["card"] is not None


async def test_the_secret_is_stored_as_a_hash_and_compared_in_constant_time(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await Store.open(settings)
    try:
        made = await store.api_keys.add("甲", ["chat"], per_minute=5, per_day=9, now=_now(), by="test")
        assert made is not None
        key, words = made
        compared: list[Any] = []
        real = hmac.compare_digest

        def noted(a: Any, b: Any) -> bool:
            compared.append((a, b))
            return real(a, b)

        monkeypatch.setattr(hmac, "compare_digest", noted)
        assert await store.api_keys.authenticate(words) == key
        assert await store.api_keys.authenticate(f"mx-{'A' * 22}.{words.split('.')[1]}") is None
        assert len(compared) == 2, "an unknown id is compared as well"
        assert await store.api_keys.add("甲", ["chat"], per_minute=5, per_day=9, now=_now(), by="t") is None
    finally:
        await store.close()
    raw = b"".join(path.read_bytes() for path in settings.data_dir.glob("minxing.sqlite3*"))
    assert words.split(".")[1].encode() not in raw


def _now() -> Any:
    import datetime as dt

    return dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)


def test_the_command_line(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made, listed, revoked; each leaves a line in the audit log, without the secret."""
    monkeypatch.setattr(commands, "read_settings", lambda: settings)
    run = CliRunner().invoke
    made = run(
        cli.app, ["keys", "add", "社区小程序", "--scope", "chat", "--per-minute", "7", "--per-day", "50"]
    )
    assert made.exit_code == 0, made.output
    words = made.stdout.strip().splitlines()[0]
    assert words.startswith("mx-")
    assert run(cli.app, ["keys", "add", "社区小程序"]).exit_code == 2, "a name is never used twice"
    assert run(cli.app, ["keys", "add", "乙", "--scope", "everything"]).exit_code == 2
    assert "社区小程序" in run(cli.app, ["keys", "list"]).output
    assert run(cli.app, ["keys", "revoke", "社区小程序"]).exit_code == 0
    assert run(cli.app, ["keys", "revoke", "社区小程序"]).exit_code == 2
    with sqlite3.connect(settings.data_dir / "minxing.sqlite3") as database:
        lines = database.execute("SELECT action, target, detail FROM audit ORDER BY id").fetchall()
    assert [(action, target) for action, target, _ in lines] == [
        ("key.add", "社区小程序"),
        ("key.revoke", "社区小程序"),
    ]
    assert words.split(".")[1] not in str(lines)


def test_a_revoked_key_opens_nothing(minxing: Running) -> None:
    services = minxing.app.state.services
    made = minxing.run(
        services.store.api_keys.add(
            "soon gone", ["chat"], per_minute=9, per_day=9, now=services.now(), by="test"
        )
    )
    with official(minxing, made[1]) as client:
        ask(client, user("您好"))
        assert minxing.run(services.store.api_keys.revoke("soon gone", services.now(), by="test"))
        with pytest.raises(openai.AuthenticationError):
            ask(client, user("您好"))
