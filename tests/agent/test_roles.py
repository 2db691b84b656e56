"""Who works with families is known for the whole talk, and their pupil is the case."""

from __future__ import annotations

import pytest

from agent import memory
from agent.turn import Agent
from agent.types import ConversationState, Role
from agent.understand.roles import of_case, role_of, sends_to_oneself
from tests.agent.conftest import said, talk


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("我是学校心理老师，想问个学生不肯去看病", "teacher"),
        ("我是小学班主任，班里一个男生没人管", "teacher"),
        ("我班上有个学生家里着火了", "teacher"),
        ("街道督导员问一下：父亲去世母亲重残算哪类", "childrens_director"),
        ("我是村里的儿童主任", "childrens_director"),
        ("我是社区工作者，辖区一个孩子没人带", "community"),
        ("我是社区的，第一步做啥", "community"),
        ("我是12345话务员，临时救助要不要查收入", "hotline"),
        ("我是老师，我女儿5岁了", ""),
        ("我是跟老师说过了，老师不管", ""),
        ("我们班上一个男生老是打我", ""),
        ("去找儿童主任有用吗", ""),
        ("我打12345问过了", ""),
    ],
)
def test_a_role_is_what_somebody_says_to_be(text: str, role: str) -> None:
    assert role_of(text) == role


@pytest.mark.parametrize(
    ("text", "case"),
    [
        ("班里一个男生爸爸坐牢", "孩子爸爸坐牢"),
        ("班上有个学生妈妈联系不上", "孩子妈妈联系不上"),
        ("村里有户人家，爸爸瘫痪", "孩子，爸爸瘫痪"),
        ("辖区有个女孩，爸爸强戒", "孩子，爸爸强戒"),
        ("学生们都去上课了", "学生们都去上课了"),
    ],
)
def test_a_pupil_is_the_child_of_the_talk(text: str, case: str) -> None:
    assert of_case(text) == case


def test_nobody_is_sent_to_themselves() -> None:
    assert sends_to_oneself("说不清的，请村（社区）的儿童主任帮忙。", "childrens_director")
    assert sends_to_oneself("孩子在学校的，可以请班主任找心理老师。", "teacher")
    assert not sends_to_oneself("情况特殊的，可以请村（居）委会来申请。", "community")
    assert not sends_to_oneself("打12345问。", "")


def test_a_role_survives_the_store() -> None:
    state = ConversationState(role="teacher")
    assert memory.from_json(memory.to_json(state)).role == "teacher"


async def test_a_role_said_once_is_kept(agent: Agent) -> None:
    """The clause stays first, the pupil's father is believed, and no class teacher is asked for the class."""
    results = await talk(
        agent,
        ["我是小学班主任，班里一个男生爸爸坐牢三年，妈妈联系不上", "他今年9岁", "助学金去哪里申请"],
    )
    assert results[0].state.values["father_state"] == "imprisoned"
    assert all(result.state.role == "teacher" for result in results)
    assert all("孩子现在上什么学" not in said(result) for result in results)
    last = results[-1].reply
    assert last is not None and last.sentences[0].text.startswith("依据：")
    assert "班主任" not in said(results[-1])


async def test_a_question_about_a_rule_is_asked_nothing(agent: Agent) -> None:
    results = await talk(agent, ["我是街道儿童督导员，孩子户籍临安、居住拱墅，哪边受理"])
    assert results[-1].reply is not None
    assert not any(s.role is Role.QUESTION for s in results[-1].reply.sentences)


async def test_the_hotline_is_not_told_to_ring_itself(agent: Agent) -> None:
    results = await talk(agent, ["我是12345话务员，急难型临时救助要不要先查收入"])
    assert "急难型可以简化查收入" in said(results[-1])
    assert "打12345" not in said(results[-1])


@pytest.mark.parametrize(
    ("who", "asks", "hears", "never"),
    [
        ("我是社区儿童主任", "平时要干些啥", "上门看孩子、建档案", "育儿补贴"),
        ("我是社区儿童主任", "我一个月补贴多少", "读到的文件没有写数目", "育儿补贴"),
        ("我是班主任，班里有个孩子爸爸坐牢", "要我做什么", "马上报告", "我不是真人"),
    ],
)
async def test_who_asks_about_their_own_work_hears_of_it(
    agent: Agent, who: str, asks: str, hears: str, never: str
) -> None:
    results = await talk(agent, [who, asks])
    assert hears in said(results[-1])
    assert never not in said(results[-1])


async def test_a_childrens_director_hears_how_it_is_done_not_who_that_is(agent: Agent) -> None:
    """Their own work is answered where they ask about it."""
    (done,) = await talk(agent, ["我是社区儿童主任，辖区一个孩子父亲服刑母亲失联两年，怎么帮他申请"])
    assert "乡镇（街道）申请" in said(done) and "他说了不算" not in said(done)
    (own,) = await talk(agent, ["我是儿童主任，平时要做哪些工作"])
    assert "上门看孩子" in said(own)
