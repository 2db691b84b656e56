"""Which paragraphs answer, judged by a learned sum (ADR 19)."""

from __future__ import annotations

import math

import pytest
from pydantic import ValidationError

from agent.compose.offline import judged
from agent.compose.offline.draft import Writer
from agent.turn import Agent
from agent.types import ConversationState, TurnInput
from guardrails.types import Author, Utterance
from tests.agent.conftest import NOW, run, said, talk


def _writer(agent: Agent, text: str, before: str = "") -> Writer:
    window = (Utterance(Author.FAMILY, before),) if before else ()
    context = run(agent.begin(TurnInput(text, window, ConversationState(), NOW.date(), NOW)))
    agent.understand(context)
    agent.gather(context)
    return Writer(agent.brief(context))


def test_the_weights_fit_what_is_measured() -> None:
    learned = judged.load_learned()
    assert tuple(learned.weights) == judged.NAMES
    assert all(math.isfinite(weight) for weight in learned.weights.values())
    with pytest.raises(ValidationError, match=r"eval\.answers\.train"):
        judged.Learned(learned_from="x", weights={"found": 1.0})


@pytest.mark.parametrize("text", ["孤儿一个月多少钱", "低保要带什么材料，几天能办好", "嗯", "，。？" * 40])
def test_the_shares_are_one_in_all_and_the_same_each_time(reading_agent: Agent, text: str) -> None:
    once, again = (judged.chances(_writer(reading_agent, text)) for _ in range(2))
    assert once == again
    assert list(once.values()) == sorted(once.values(), reverse=True)
    assert not once or sum(once.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("text", "guide"),
    [
        ("残疾儿童康复救助去哪里申请", "B14"),
        ("学校有人欺负我儿子，老师应该怎么处理", "B31"),
        ("保护令要几天下来", "B29"),
        ("育儿补贴几岁以下有", "B36"),
    ],
)
def test_the_best_paragraph_is_of_the_guide_that_is_asked_about(
    reading_agent: Agent, text: str, guide: str
) -> None:
    best = next(iter(judged.chances(_writer(reading_agent, text))))
    assert best.startswith(f"guide:{guide}#")


def test_the_message_before_counts(reading_agent: Agent) -> None:
    alone = _writer(reading_agent, "要几天")
    after = _writer(reading_agent, "要几天", before="法院的人身安全保护令怎么申请")
    assert not alone.brief.work.talk_nearness
    assert after.brief.work.talk_nearness
    assert next(iter(judged.chances(after))).startswith("guide:B29#")


async def test_what_answers_is_said_whatever_the_wish_was_taken_for(reading_agent: Agent) -> None:
    """It sounds like a comparison of two sums; that a private kindergarten may charge more answers it."""
    told = ["儿子读民办幼儿园大班", "以前三千，这学期减了几百", "园里还收我们两千多，收得对吗"]
    assert "民办" in said((await talk(reading_agent, told))[-1])
