"""When a part fails: nothing unstored is acknowledged, nobody in danger is left without a number."""

from __future__ import annotations

import asyncio
import datetime as dt
from types import SimpleNamespace
from typing import Any, cast

import pytest

from api.background import repeat
from api.conversations import Conversations
from settings import Settings
from storage.errors import StorageUnavailableError
from storage.store import Store
from tests.api.conftest import Family, open_family
from tests.api.scripted import ScriptedAgent, scripted_rooms
from tests.conftest import running

NOON = dt.datetime(2026, 11, 21, 12, 0, tzinfo=dt.UTC)


async def gone(*_: object, **__: object) -> None:
    raise StorageUnavailableError("the disk is full")


def test_what_cannot_be_stored_is_not_acknowledged(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-62, R-63: 503, and in danger the numbers with the plain word that nobody was told."""
    with running(settings, scripted_rooms) as server, server.client() as http:
        family = open_family(http)
        monkeypatch.setattr(server.app.state.services.store, "accept", gone)
        ordinary, urgent = family.say("有什么补助"), family.say("我不想活了")
        monkeypatch.undo()
        assert ordinary.status_code == urgent.status_code == 503
        assert ordinary.json()["error"]["code"] == "not_stored"
        assert urgent.json()["error"]["code"] == "not_stored_urgent"
        assert "没能通知到值班人员" in urgent.json()["error"]["message"]
        assert {"110", "120", "12356"} <= set(urgent.json()["error"]["phone"])
        assert not [e for e in family.events() if e["event"] == "message"]


@pytest.mark.parametrize("path", ["/api/health", "/api/conversations"])
def test_without_a_database_every_route_says_so_calmly(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    with running(settings, scripted_rooms) as server, server.client() as http:
        store = server.app.state.services.store
        monkeypatch.setattr(store, "ping", gone)
        monkeypatch.setattr(store.conversations, "create", gone)
        response = http.get(path) if path.endswith("health") else http.post(path)
        assert response.status_code == 503
        assert response.headers["retry-after"]
        assert "12356" in response.json()["error"]["phone"]


def test_a_broken_answer_does_not_break_the_door(
    family: Family, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("孩子住在翠苑三区")

    monkeypatch.setattr(ScriptedAgent, "answer", broken)
    assert family.say("有什么补助").status_code == 202
    monkeypatch.undo()
    second = family.say("要多久").json()["message_id"]
    events = family.answered(second)
    assert [e["event"] for e in events].count(
        "done"
    ) == 3  # the greeting, the first taken up again, the second
    assert "翠苑" not in caplog.text


async def test_what_a_stopped_server_left_is_answered_by_the_next(settings: Settings) -> None:
    """I-1, R-61."""
    store = await Store.open(settings)
    agent = ScriptedAgent(store, lambda: NOON)
    talk = Conversations(store, agent, lambda: NOON)
    opened = await talk.open()
    await talk.receive(opened.id, "k", "有什么补助")
    await store.close()  # killed before the answer began

    store = await Store.open(settings)
    try:
        agent = ScriptedAgent(store, lambda: NOON)
        talk = Conversations(store, agent, lambda: NOON)
        await talk.resume()
        await talk.resume()
        assert agent.answers == 1
        assert (await talk.events(opened.id, 0, 100))[-1].name == "done"
    finally:
        await store.close()


async def test_a_message_that_cannot_be_answered_is_given_up_honestly(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-40: not tried for ever; the family is told, and who to ask. What comes after it is answered."""

    class Broken(ScriptedAgent):
        async def answer(self, conversation_id: str) -> None:
            turn = await self.store.turns.claim(conversation_id, self.now())
            assert turn is None or "毒" not in turn.message.text
            if turn:
                await self.store.publish(conversation_id, turn.token, (), answers=turn.message.id)
                self.answers += 1

    clock = [NOON]
    store = await Store.open(settings)
    try:
        agent = Broken(store, lambda: clock[0])
        talk = Conversations(store, agent, lambda: clock[0])
        opened = await talk.open()
        await talk.receive(opened.id, "k", "毒")
        await talk.receive(opened.id, "l", "要多久")
        for _ in range(4):
            await talk.resume()
            clock[0] += dt.timedelta(seconds=11)  # the lease of a turn
        events = await talk.events(opened.id, 0, 100)
        assert [e.data["text"] for e in events if e.name == "text"][-1].count("12345") == 1
        assert agent.answers == 1
        assert await store.turns.unanswered() == ()
    finally:
        await store.close()


async def test_a_timer_outlives_a_failure() -> None:
    runs: list[dt.datetime] = []
    services = cast(Any, SimpleNamespace(closing=asyncio.Event(), now=lambda: NOON))

    async def job(now: dt.datetime) -> None:
        runs.append(now)
        if len(runs) == 1:
            raise RuntimeError
        services.closing.set()

    async with asyncio.timeout(5):
        await repeat(job, 0.01, services)
    assert runs == [NOON, NOON]
