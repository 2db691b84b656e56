"""Who says how heavy it is and asks nothing reads who listens, and is asked for no income (CR-16)."""

from __future__ import annotations

import pytest

from agent.turn import Agent
from tests.agent.conftest import said, talk


@pytest.mark.parametrize(
    ("told", "listens"),
    [
        ("我今年12，晚上老睡不着，想妈妈", "心理老师"),
        ("我十一岁，在学校老是哭，没人跟我玩", "心理老师"),
        ("我一个人带两个孙子，真的太累了，天天哭", "带孩子的大人累了"),
    ],
)
async def test_distress_alone_is_met_with_who_listens(reading_agent: Agent, told: str, listens: str) -> None:
    (result,) = await talk(reading_agent, [told])
    answer = said(result)
    assert listens in answer and "12356" in answer
    assert "低保" not in answer and "光凭这些" not in answer and "还说不准" not in answer


async def test_a_story_with_a_benefit_leads_there_all_the_same(reading_agent: Agent) -> None:
    (result,) = await talk(reading_agent, ["爸爸判了三年，妈妈跑了，我是奶奶，快撑不住了"])
    assert "「事实无人抚养儿童基本生活补贴」" in said(result)


async def test_it_is_said_once(reading_agent: Agent) -> None:
    first, second = await talk(reading_agent, ["我一个人带两个孙子，真的太累了，天天哭", "真的好累，睡不着"])
    assert "带孩子的大人累了" in said(first)
    assert "带孩子的大人累了" not in said(second)


async def test_a_heavy_answer_to_our_question_goes_on_with_the_precheck(reading_agent: Agent) -> None:
    told = "我是外婆，女儿女婿都在里面，外孙跟我，五岁"
    *_, sentenced, other = await talk(reading_agent, [told, "判了三年多", "她也差不多，三年"])
    assert "妈妈的期限" in said(sentenced)
    assert "带孩子的大人累了" not in said(sentenced)
    assert "很可能符合「事实无人抚养儿童基本生活补贴」" in said(other)


async def test_a_parent_whom_nobody_graded_is_sent_to_be_graded(reading_agent: Agent) -> None:
    """民发〔2019〕62号 一 goes by the grade: no certificate is not the end of it."""
    story = "孩子爸死了，妈妈精神病，孩子九岁"
    _, ungraded, where = await talk(reading_agent, [story, "妈妈没办过残疾证", "那要去哪里评"])
    assert "先到区县残联申请残疾评定" in said(ungraded)
    assert "区县残联" in said(where)
    assert "跨省通办" not in said(where)
