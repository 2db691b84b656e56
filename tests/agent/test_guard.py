"""Verdicts are the engine's: what a model may not say although all its words are known."""

from __future__ import annotations

import pytest

from agent.compose import Brief
from agent.compose.model import guard
from agent.turn import Agent
from agent.types import ConversationState, TurnInput
from tests.agent.conftest import NOW

STORY = "外孙女九岁，她爸爸判了六年，妈妈肝癌晚期，我带着她，有什么补助吗？"
B02 = "事实无人抚养儿童基本生活补贴"


@pytest.fixture
async def brief(agent: Agent) -> Brief:
    """B02 is likely here, B01 unlikely, B04 unknown."""
    context = await agent.begin(TurnInput(STORY, (), ConversationState(), NOW.date(), NOW))
    agent.understand(context)
    agent.gather(context)
    return agent.brief(context)


FORGED = [
    (f"孩子符合「{B02}」。", ("v:B02",)),
    (f"孩子一定符合「{B02}」。", ("v:B02",)),
    (f"孩子目前看不符合「{B02}」。", ("v:B02",)),
    (f"孩子很可能符合「{B02}」。", ("v:B01",)),
    ("孩子很可能符合「孤儿基本生活保障」。", ("v:B01",)),
    ("孩子很可能符合「困境儿童基本生活补贴」。", ("v:B04",)),
    ("孩子很可能符合。", ()),
    ("您可以领到这笔钱。", ("c:B02#给什么/1",)),
    ("这个孩子能享受。", ("v:B02",)),
    ("您家不符合。", ("v:B02",)),
    ("目前看不符合，卡在这一条：父母都去世。", ("v:B01",)),  # a small model: of what, it did not say
    ("很可能符合。", ("v:B02",)),
]
FAIR = [
    (f"照您说的，孩子很可能符合「{B02}」。", ("v:B02",)),
    ("「孤儿基本生活保障」目前看不符合。", ("v:B01",)),
    ("「困境儿童基本生活补贴」还不能判断。", ("v:B04",)),
    ("符合条件的，从下个月起发。", ("c:B02#怎么办理/8",)),
    ("先去乡镇（街道）交申请表。", ("c:B02#怎么办理/1",)),
    ("监护人可以托近亲属去办。", ("c:B02#怎么办理/9",)),
]


@pytest.mark.parametrize(("text", "evidence"), FORGED)
def test_a_forged_verdict_is_seen(brief: Brief, text: str, evidence: tuple[str, ...]) -> None:
    """SE-1."""
    assert guard.forged_verdict(text, evidence, brief)


@pytest.mark.parametrize(("text", "evidence"), FAIR)
def test_the_engines_own_outcome_may_be_said(brief: Brief, text: str, evidence: tuple[str, ...]) -> None:
    assert not guard.forged_verdict(text, evidence, brief)


@pytest.mark.parametrize(
    ("text", "chinese"),
    [
        ("先去街道。", True),
        ("可以打12345。", True),
        ("You may apply.", False),
        ("先去 office 问", False),
        ("…", False),
    ],
)
def test_only_our_readers_language(text: str, chinese: bool) -> None:
    """AX-9."""
    assert guard.is_chinese(text) is chinese


def test_what_the_family_said_is_no_answer(brief: Brief) -> None:
    """A small model gave the question back as its answer."""
    assert guard.echoes("她爸爸判了六年，妈妈肝癌晚期", brief)
    assert guard.echoes("她爸爸判了六年妈妈肝癌晚期。", brief)
    assert not guard.echoes("她爸爸在服刑，妈妈得了重病。", brief)
    assert not guard.echoes("妈妈。", brief)


def test_a_question_is_a_question() -> None:
    assert guard.asks("您有残疾证吗？")
    assert guard.asks("困境儿童补贴会自动打到卡里吗")
    assert guard.asks("那要带什么呢。")
    assert not guard.asks("带上残疾证。")
