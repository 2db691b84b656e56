"""Who may see a conversation: its own token, and nobody else (SE-9, SE-10)."""

from __future__ import annotations

import datetime as dt

import httpx
import pytest

from api.conversations import TOKEN_GRACE, Conversations
from settings import Settings
from storage.store import Store
from tests.api.conftest import Family
from tests.api.scripted import ScriptedAgent

ROUTES = [
    ("POST", "/messages"),
    ("GET", "/events?poll=1"),
    ("GET", "/events"),
    ("GET", "/facts"),
    ("PUT", "/facts/child_age"),
    ("DELETE", "/facts/child_age"),
    ("POST", "/erase"),
    ("POST", "/token"),
]


def call(http: httpx.Client, method: str, conversation_id: str, rest: str, token: str) -> httpx.Response:
    bodies = {"/messages": {"text": "你好"}, "/facts/child_age": {"value": 7}}
    body = bodies.get(rest) if method in ("POST", "PUT") else None
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k"}
    return http.request(method, f"/api/conversations/{conversation_id}{rest}", json=body, headers=headers)


@pytest.mark.parametrize(("method", "rest"), ROUTES)
def test_a_foreign_conversation_is_as_unknown_as_an_unknown_one(
    family: Family, stranger: Family, method: str, rest: str
) -> None:
    """SE-9: every route × another's id: 404, the same body."""
    foreign = call(stranger.http, method, family.id, rest, stranger.token)
    unknown = call(stranger.http, method, "AAAAAAAAAAAAAAAAAAAAAA", rest, stranger.token)
    bare = stranger.http.request(
        method,
        f"/api/conversations/{family.id}{rest}",
        json={"text": "你好"} if rest == "/messages" else {"value": 7},
        headers={"Idempotency-Key": "k"},
    )
    assert foreign.status_code == unknown.status_code == bare.status_code == 404
    assert foreign.content == unknown.content == bare.content
    assert not [e for e in family.events() if e["event"] == "message"]


def test_the_token_is_not_taken_from_the_address(family: Family) -> None:
    response = family.http.get(family.path("/events"), params={"poll": 1, "token": family.token})
    assert response.status_code == 404


@pytest.mark.parametrize("header", ["", "Bearer", "Basic abc", "Bearer x" * 30, "Bearer a b"])
def test_a_strange_authorization_header_opens_nothing(family: Family, header: str) -> None:
    response = family.http.get(family.path("/events?poll=1"), headers={"Authorization": header})
    assert response.status_code in (404, 422)


def test_ids_and_tokens_carry_128_bits(family: Family, stranger: Family) -> None:
    assert len(family.id) >= 22
    assert len(family.token) >= 22
    assert family.id != stranger.id
    assert family.token != stranger.token


def test_a_token_lives_thirty_minutes_at_most(family: Family) -> None:
    ends = dt.datetime.fromisoformat(family.opened["expires_at"])
    assert ends - dt.datetime.now(dt.UTC) <= dt.timedelta(minutes=30)


def test_a_rotated_token_opens_the_same_talk(family: Family) -> None:
    before = family.events()
    fresh = family.http.post(family.path("/token"), headers=family.headers)
    assert fresh.status_code == 200
    assert fresh.json()["token"] != family.token
    family.token = fresh.json()["token"]
    assert family.events() == before


async def test_an_ended_token_opens_nothing_but_can_be_exchanged_for_a_while(settings: Settings) -> None:
    """A phone that slept goes on; after a day it begins anew. By a clock of our own."""
    clock = [dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)]
    store = await Store.open(settings)
    try:
        talk = Conversations(store, ScriptedAgent(store, lambda: clock[0]), lambda: clock[0])
        opened = await talk.open()
        clock[0] += dt.timedelta(minutes=31)
        assert await talk.holder(opened.id, opened.token) is None
        fresh = await talk.rotate(opened.id, opened.token)
        assert fresh is not None
        assert await talk.holder(opened.id, fresh.token) is not None
        assert await talk.rotate(opened.id, "not-the-token") is None
        clock[0] += TOKEN_GRACE + dt.timedelta(minutes=31)
        assert await talk.rotate(opened.id, fresh.token) is None
    finally:
        await store.close()


def test_an_erased_conversation_is_gone(family: Family) -> None:
    """PR-7."""
    family.say("你好")
    assert family.http.post(family.path("/erase"), headers=family.headers).status_code == 204
    assert family.http.get(family.path("/events?poll=1"), headers=family.headers).status_code == 404


def test_erasing_waits_while_a_person_is_needed(family: Family) -> None:
    """R-33."""
    family.say("我不想活了")
    response = family.http.post(family.path("/erase"), headers=family.headers)
    assert response.status_code == 409
    assert "12356" in response.json()["error"]["phone"]
    assert family.events()
