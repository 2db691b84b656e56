"""A bed, food, a hospital today: the urgent lane speaks before what takes weeks (issue 4, item 5)."""

from __future__ import annotations

import pytest

from agent.turn import Agent
from agent.types import Role
from tests.agent.conftest import talk


@pytest.mark.parametrize(
    ("line", "first", "numbers"),
    [
        ("我和孩子今晚没地方住，怎么办", "先保证大人和孩子今晚安全。", ["12345", "110"]),
        ("家里揭不开锅，孩子饿着呢", "马上联系所在地的乡镇（街道）或村（社区），说家里没饭吃了。", ["12345"]),
        ("孩子住院没钱交押金，怎么办", "病情急的先打120或直接去医院，急救不等钱。", ["120", "12345"]),
    ],
)
async def test_help_of_today_comes_first(agent: Agent, line: str, first: str, numbers: list[str]) -> None:
    (result,) = await talk(agent, [line])
    assert result.reply is not None
    sentences = [one for one in result.reply.sentences if one.role is not Role.CARE]
    assert sentences[0].text == first
    called = [one.text.split("（")[0] for one in sentences if one.role is Role.REFERRAL]
    assert called == numbers
    assert any("临时救助" in one.text for one in sentences[1:])
    steps = [one for one in sentences if one.evidence and one.evidence[0].startswith("a:B11.urgent")]
    assert len(steps) >= 3  # each with the clause it rests on
    assert {"社会救助法"} <= {
        citation.document.strip("《》").removeprefix("中华人民共和国") for citation in result.reply.citations
    }
