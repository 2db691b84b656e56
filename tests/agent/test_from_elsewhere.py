"""Where a place of registration leads: services that no verdict opens (浙江省义务教育条例 第十二条)."""

from __future__ import annotations

import pytest

from agent.turn import Agent
from agent.types import Role, TurnResult
from tests.agent.conftest import said, talk

SCHOOL, SERVICES = "「流动儿童入学与服务」", "「流动儿童」"


def _asked(result: TurnResult) -> str:
    sentences = result.reply.sentences if result.reply else ()
    return "".join(s.text for s in sentences if s.role is Role.QUESTION)


@pytest.mark.parametrize(
    "told",
    [
        "孩子明年上小学，户口在老家，我们在余杭打工",
        "我家河南的，孩子跟我们在杭州，下半年要读一年级",
        "外地户口，娃在临平上三年级",
        "俺们是贵州的，闺女要上初中了，住在萧山",
    ],
)
async def test_who_tells_of_school_is_shown_the_way_and_asked_for_the_permit(agent: Agent, told: str) -> None:
    (result,) = await talk(agent, [told])
    answer = said(result)
    assert SCHOOL in answer and "区县教育局" in answer
    assert "居住证" in _asked(result)
    assert "光凭这些" not in answer


async def test_the_talk_goes_on_about_the_permit(agent: Agent) -> None:
    """What was said is not said again, and nothing is asked that has nothing to do with it."""
    found = await talk(
        agent, ["外地户口，娃住在杭州上三年级", "居住证还没办", "要啥条件", "居住证现在办好了"]
    )
    without, conditions, having = map(said, found[1:])
    assert "居住登记" in without and SCHOOL not in without
    assert "半年" in conditions and "特困" not in conditions
    assert "教育局" in having
    assert [_asked(result) for result in (found[1], found[3])] == ["", ""]
    assert found[2].state.topic == "B24"


async def test_without_school_the_services_of_a_child_from_elsewhere_are_shown(agent: Agent) -> None:
    (result,) = await talk(agent, ["我们是绍兴人，小孩户口也在绍兴，现在住滨江"])
    assert SERVICES in said(result)


@pytest.mark.parametrize(
    "told", ["孩子户口在安徽老家，也住在老家上小学，我们在杭州打工", "杭州户口，娃在临平上三年级"]
)
async def test_who_lives_elsewhere_or_is_from_here_is_not_led_there(agent: Agent, told: str) -> None:
    (result,) = await talk(agent, [told])
    assert SCHOOL not in said(result)


@pytest.mark.parametrize(
    ("told", "asked", "says"),
    [
        ("我在家带两个孙子，儿子媳妇都在外面打工", "能拿啥补助", "留守儿童没有专门的每月补贴"),
        ("孩子户口安徽，跟我们住在杭州", "有没有补贴可以领", "每月的生活补贴，一般归户口所在地"),
    ],
)
async def test_who_asks_what_there_is_hears_of_money_and_is_asked_on(
    agent: Agent, told: str, asked: str, says: str
) -> None:
    """No document pays a child for being left behind or from elsewhere (杭政办函〔2025〕70号 三)."""
    result = (await talk(agent, [told, asked]))[-1]
    assert says in said(result)
    assert _asked(result)
