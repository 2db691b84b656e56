"""Limits are kind, and never drop danger (SE-8, CR-1)."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api.limits import SlidingWindow
from tests.api.conftest import Family, open_family
from tests.api.scripted import scripted_rooms
from tests.conftest import Running, running, test_settings


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[Running]:
    settings = test_settings(tmp_path, messages_per_minute=20, conversations_per_hour_per_address=3)
    with running(settings, scripted_rooms) as server:
        yield server


@pytest.fixture
def hasty(strict: Running) -> Iterator[Family]:
    with strict.client() as http:
        yield open_family(http)


def test_thirty_messages_in_a_second(hasty: Family) -> None:
    """Twenty are taken, ten get a kind word and when to try again; nothing is half stored."""
    with ThreadPoolExecutor(10) as pool:
        responses = list(pool.map(lambda number: hasty.say(f"第 {number} 句"), range(30)))
    assert sorted(r.status_code for r in responses) == [202] * 20 + [429] * 10
    refused = next(r for r in responses if r.status_code == 429)
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert "等" in refused.json()["error"]["message"]
    assert len([e for e in hasty.events() if e["event"] == "message"]) == 20


def test_sending_the_same_again_does_not_use_up_the_limit(hasty: Family) -> None:
    """R-01, R-04: a bad network resends; that is one message."""
    assert {hasty.say("你好", key="k").status_code for _ in range(30)} == {202}
    assert [hasty.say(f"第 {number} 句").status_code for number in range(20)] == [202] * 19 + [429]
    assert [hasty.say("再一句", key="refused").status_code for _ in range(2)] == [429, 429]


def test_danger_is_never_refused(hasty: Family) -> None:
    for number in range(20):
        hasty.say(f"第 {number} 句")
    assert hasty.say("再问一句").status_code == 429
    for _ in range(3):
        response = hasty.say("我不想活了")
        assert response.status_code == 202
        assert response.json()["route"] == "crisis_now"
    assert len([e for e in hasty.events() if e["event"] == "card"]) == 3


def test_danger_at_the_end_of_an_overlong_message_shows_the_card(hasty: Family) -> None:
    """CR-1: refused as a message, carded and ticketed as danger."""
    response = hasty.say("孩" * 20_001 + "我不想活了")
    assert response.status_code == 413
    events = hasty.events()
    assert [e["data"]["route"] for e in events if e["event"] == "card"] == ["crisis_now"]
    kept = next(e for e in events if e["event"] == "message")["data"]["text"]
    assert "不想活了" in kept
    assert len(kept) < 1000


def test_too_many_conversations_from_one_address(strict: Running) -> None:
    with strict.client() as http:
        codes = [http.post("/api/conversations").status_code for _ in range(5)]
    assert codes == [201, 201, 201, 429, 429]


def test_a_window_slides() -> None:
    now = [0.0]
    window = SlidingWindow(2, 60, clock=lambda: now[0])
    window.count("a")
    now[0] = 30
    window.count("a")
    assert window.wait("a") == 30
    assert window.wait("b") == 0
    now[0] = 60
    assert window.wait("a") == 0


def test_a_refused_event_does_not_prolong_the_wait() -> None:
    now = [0.0]
    window = SlidingWindow(1, 60, clock=lambda: now[0])
    for second in range(0, 60, 10):
        now[0] = float(second)
        window.count("a")
    assert window.wait("a") == 10


def test_idle_addresses_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.limits.KEYS_MAX", 10)
    now = [0.0]
    window = SlidingWindow(1, 60, clock=lambda: now[0])
    for number in range(10):
        window.count(str(number))
    now[0] = 100
    window.count("new")
    assert set(window._events) == {"new"}
