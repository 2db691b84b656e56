"""Few points at once, the rest on 还有哪些; a child's own words; suggestions that lead on (issue 6)."""

from __future__ import annotations

import pytest

from agent import asking
from agent.compose.offline import policy
from agent.compose.offline.choice_words import load_choice
from agent.turn import Agent
from agent.types import Intent, Role, TurnResult
from eval.answers.questions import load_questions
from tests.agent.conftest import said, talk

EVERY = 5
"""One development question in so many is asked."""
SINGLE = ("short", "plain", "dialect")
ASKED = "孤儿有哪些照顾，看病上学怎么算，长大了怎么办"


def points(result: TurnResult) -> int:
    """Paragraphs of guides that an answer holds, explanations and verdicts aside."""
    assert result.reply is not None
    ids = [s.evidence[0] for s in result.reply.sentences if s.role in (Role.ANSWER, Role.WHY, Role.ITEM)]
    return len({id_ for id_ in ids if id_.startswith("c:")})


async def test_a_family_reads_few_points_at_once(agent: Agent) -> None:
    """Where one thing is asked, no list and no two things; steps that belong together stay together."""
    counts = []
    for question in [q for q in load_questions("development") if q.kind in SINGLE][::EVERY]:
        if load_choice().list.search(question.talk[-1]):
            continue
        result = (await talk(agent, list(question.talk)))[-1]
        several = result.work is not None and result.work.parts
        if result.reply is not None and not result.card and not several:
            counts.append(points(result))
    assert len(counts) >= 24
    assert sum(counts) / len(counts) <= policy.POINTS + 0.5
    assert sum(count <= policy.POINTS + 2 for count in counts) / len(counts) >= 0.8


async def test_what_was_left_out_comes_when_it_is_asked_for(agent: Agent) -> None:
    first, more = await talk(agent, [ASKED, "还有哪些？"])
    assert first.reply is not None and more.reply is not None
    assert "还有哪些？" in first.reply.suggestions
    assert first.state.more
    heard = {s.text for s in first.reply.sentences}
    new = [s.text for s in more.reply.sentences if s.role is Role.ITEM]
    assert new and not heard & set(new)


async def test_nothing_is_suggested_that_was_just_asked(agent: Agent) -> None:
    results = await talk(agent, ["低保怎么申请", "要带什么材料", "要多久"])
    last = results[-1].reply
    assert last is not None and 1 <= len(last.suggestions) <= 3
    assert not {"要带什么材料？", "要多久？"} & set(last.suggestions)


async def test_a_suggestion_leads_on_to_a_neighbour_of_the_entry(agent: Agent) -> None:
    (result,) = await talk(agent, ["困境儿童基本生活补贴要多久"])
    assert result.reply is not None
    onward = [one for one in result.reply.suggestions if "「" in one]
    assert onward and "艾滋" not in onward[0]


async def test_a_child_reads_its_own_sentences(agent: Agent) -> None:
    """Shorter, warmer, 你."""
    (child,) = await talk(agent, ["我12岁，爸爸坐牢三年了，妈妈也走了联系不上一年，我能领补贴吗"])
    text = said(child)
    assert child.reply is not None
    assert "按您说的" not in text and "对得上的地方" not in text
    assert points(child) <= 4, text


@pytest.mark.parametrize(
    ("intent", "text", "supposed"),
    [
        (Intent.APPEAL, "补贴批下来了，钱打到谁的卡", True),
        (Intent.APPEAL, "街道不给批，我要复议", False),
        (Intent.CONTACT, "他人在外地，电话也通", True),
        (Intent.CONTACT, "有没有热线可以问", False),
    ],
)
def test_an_intent_without_any_of_its_words_is_misheard(intent: Intent, text: str, supposed: bool) -> None:
    assert asking.misheard(intent, text) is supposed


async def test_a_dose_is_for_the_doctor(agent: Agent) -> None:
    (result,) = await talk(agent, ["孩子发烧，退烧药一次喝多少毫升"])
    if result.reply is not None and not result.card:
        assert "医生" in said(result) and "毫升" not in said(result)


async def test_each_of_several_questions_gets_its_paragraph(agent: Agent) -> None:
    (result,) = await talk(agent, ["临时救助找谁要，最多能给多少，要不要公示"])
    assert result.work is not None and len(result.work.parts) >= 2
    assert "乡镇" in said(result) and "6倍" in said(result) and "公示" in said(result)


async def test_nobody_is_shown_a_disease_that_they_did_not_name(agent: Agent) -> None:
    for asked in ("孩子的生活费找哪个部门", "这笔补贴怎么保密", "家里有病人，孩子能领什么"):
        (result,) = await talk(agent, [asked])
        assert "艾滋" not in said(result), asked
