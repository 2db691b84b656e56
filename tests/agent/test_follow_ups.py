"""What the last message leans on: the benefit just named, held, applied for or refused (issue 6, item 3)."""

from __future__ import annotations

import pytest

from agent.compose.offline.verdict_words import points_back
from agent.turn import Agent
from agent.understand.questions import applied_for, topics_named
from storage.store import Store
from tests.agent.conftest import Parts, said, talk
from tests.agent.talking import begin, events, names, say


@pytest.mark.parametrize(
    ("messages", "answers"),
    [
        (["我是孤儿，十七岁半，读技校", "福彩圆梦那个一年一万", "我现在就能申请吗"], "已满18周岁"),
        (["儿子儿媳都被抓了，我带着孙子", "儿子判了两年，儿媳判了五个月", "能不能领那个补贴"], "6个月以上"),
        (["孩子父母都没了，现在拿孤儿的生活费", "村里又说可以办特困", "两个能一起拿吗"], "选"),
        (
            [
                "我们是低保户，儿子在上海儿童医院做的手术",
                "医保报掉一部分，自己还出了五万",
                "回来还能不能再报一点",
            ],
            "报销",
        ),
        (["低保被停了，给了一张决定书", "我觉得他们算错了收入", "多少天之内要去告"], "复议"),
    ],
    ids=["named", "said before", "two of them", "hardly found", "appeal"],
)
async def test_the_last_message_is_about_what_came_before(
    agent: Agent, messages: list[str], answers: str
) -> None:
    assert answers in said((await talk(agent, messages))[-1])


@pytest.mark.parametrize(
    "told", ["低保申请被打回来了", "申请低保，社区说我们不符合条件", "侄子的事实无人抚养没批下来"]
)
async def test_a_refusal_that_is_told_asks_for_the_ways_that_are_open(agent: Agent, told: str) -> None:
    """Never a flat no (issue 6, item 4): the paper with the reason first, then who looks at it again."""
    (result,) = await talk(agent, [told])
    answer = said(result)
    assert "书面" in answer
    assert "复议" in answer


async def test_where_one_comes_from_is_no_other_place(agent: Agent) -> None:
    (result,) = await talk(agent, ["家是河南的，在临平打工，出租屋昨天烧了，能申请临时救助吗，最多多少"])
    assert "河南的规定" not in said(result)


async def test_years_that_are_asked_for_are_not_told(agent: Agent) -> None:
    messages = ["我儿媳妇五年前跑了，到现在没消息", "听说可以让法院宣告她失踪，要几年才行"]
    assert (await talk(agent, messages))[-1].state.values["mother_absent_months"] == 60


def test_what_was_applied_for_is_what_the_talk_is_about() -> None:
    assert applied_for("在街道报了刚性支出困难家庭", "B09")
    assert not applied_for("我们家是刚性支出困难家庭", "B09")
    assert topics_named("街道给报了困境儿童") == ("B04",)


def test_that_one_points_back_and_others_do_not() -> None:
    assert points_back("能不能领那个补贴")
    assert not points_back("那个没有，别的还有什么能申请")
    assert not points_back("这孩子能领什么")


@pytest.mark.parametrize("told", ["打了，他们说十分钟到", "打了120", "到了，在抬奶奶"])
async def test_while_help_is_on_its_way_nothing_is_looked_up(parts: Parts, store: Store, told: str) -> None:
    """打 is said of the telephone: no paragraph about blows, no question about 低保."""
    live, conversation = parts.agent(store=store), await begin(store)
    await say(live, conversation, "奶奶摔了一跤起不来了")
    before = len(await events(store, conversation))
    await say(live, conversation, told)
    answered = [event for event in (await events(store, conversation))[before:] if event.name != "facts"]
    assert names(answered) == ["message", "status", "done"]
    assert answered[1].data["text"].startswith("好，有人来帮就好。")


async def test_who_reported_a_missing_parent_has_called_no_help(agent: Agent) -> None:
    """「报警了」 answers our question, and nothing is on its way (CR-22)."""
    result = (await talk(agent, ["孙女她爸去年病故，她妈跟人跑了一年多", "报警了"]))[-1]
    assert result.state.values["mother_search_reported"] is True
    assert "有人来帮" not in said(result)
