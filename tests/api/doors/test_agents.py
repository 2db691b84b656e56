"""Minxing among other agents: its card, and the official A2A client at its door."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from a2a.client import A2ACardResolver, ClientConfig, ClientFactory
from a2a.helpers.proto_helpers import get_data_parts, get_message_text, new_text_message
from a2a.types import Message, Role, SendMessageRequest

from tests.api.doors.conftest import make_key, tickets
from tests.api.doors.test_completions import B02, DANGER, STORY
from tests.conftest import Running


async def send(server: Running, key: str, text: str, context: str, message_id: str = "") -> Message:
    """Find the card, then the door, as any agent would."""
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(headers=headers, timeout=30, trust_env=False) as http:
        card = await A2ACardResolver(http, server.url).get_agent_card()
        client = ClientFactory(ClientConfig(streaming=False, httpx_client=http)).create(card)
        message = new_text_message(text, context_id=context, role=Role.ROLE_USER)
        message.message_id = message_id or message.message_id
        answers = [each async for each in client.send_message(SendMessageRequest(message=message))]
    assert len(answers) == 1
    return answers[0].message


def more(message: Message) -> dict[str, Any]:
    data: dict[str, Any] = get_data_parts(message.parts)[0]["minxing"]
    return data


async def test_the_card_says_where_the_door_is(minxing: Running) -> None:
    async with httpx.AsyncClient(timeout=30, trust_env=False) as http:
        card = await A2ACardResolver(http, minxing.url).get_agent_card()
    assert card.name == "杭民星"
    assert card.supported_interfaces[0].url == f"{minxing.url}/a2a"
    assert card.security_schemes["key"].http_auth_security_scheme.scheme == "bearer"
    assert {skill.id for skill in card.skills} == {"policy", "danger"}


async def test_a_question_is_answered_with_its_clauses(minxing: Running) -> None:
    answer = await send(minxing, make_key(minxing), STORY, "family-1")
    text = get_message_text(answer)
    assert f"很可能符合「{B02}」" in text and "机器人" in text.splitlines()[0]
    assert {v["benefit"]: v["outcome"] for v in more(answer)["verdicts"]}["B02"] == "likely"
    assert more(answer)["citations"]


async def test_a_context_is_a_talk_and_belongs_to_its_key(minxing: Running) -> None:
    """SE-9: the same context id of another key is another talk."""
    mine, other = make_key(minxing), make_key(minxing)
    first = await send(minxing, mine, "孩子爸爸判了六年，妈妈肝癌晚期，有补助吗", "family-2")
    second = await send(minxing, mine, "九岁", "family-2")
    stranger = await send(minxing, other, "九岁", "family-2")
    assert more(second)["conversation_id"] == more(first)["conversation_id"]
    assert "father_state" in {fact["name"] for fact in more(second)["facts"]}
    assert more(stranger)["conversation_id"] != more(first)["conversation_id"]
    assert "father_state" not in {fact["name"] for fact in more(stranger)["facts"]}


async def test_danger_makes_the_card_and_the_ticket(minxing: Running) -> None:
    """CR-1, CR-21; sent twice by a caller that lost the answer it is one message (SE-11)."""
    key = make_key(minxing)
    answers = [await send(minxing, key, DANGER, "family-3", "message-1") for _ in range(2)]
    assert len({more(answer)["message_id"] for answer in answers}) == 1
    for answer in answers:
        assert get_message_text(answer).startswith(more(answer)["card"]["title"])
    assert tickets(minxing, more(answers[0])["conversation_id"]).severity >= 3


@pytest.mark.parametrize("key", ["x", "nonsense"])
async def test_without_a_key_nothing_is_answered(minxing: Running, key: str) -> None:
    with minxing.client(Authorization=f"Bearer {key}") as http:
        answer = http.post("/a2a", json={"jsonrpc": "2.0", "id": 1, "method": "SendMessage", "params": {}})
    assert answer.status_code == 401


async def test_a_quota_holds_here_too(minxing: Running) -> None:
    key = make_key(minxing, per_day=1)
    await send(minxing, key, "您好", "family-4")
    answer = await send(minxing, key, "您好", "family-4")
    assert more(answer)["error"]["code"] == "insufficient_quota"
    assert "用完了" in get_message_text(answer)


def test_nonsense_is_no_5xx(minxing: Running) -> None:
    with minxing.client(Authorization=f"Bearer {make_key(minxing)}") as http:
        for body in (b"", b"{", b"[]", b'{"jsonrpc": "2.0", "id": 1, "method": "Destroy"}', b"\xff"):
            answer = http.post("/a2a", content=body, headers={"A2A-Version": "1.0"})
            assert answer.status_code < 500, answer.text
