"""How an answer is chosen and ordered: the paragraph that was asked for, a next step, nothing said twice."""

from __future__ import annotations

import pytest

from agent.compose.offline.choice_words import load_choice
from agent.phrases import load_phrases
from agent.release import Checker
from agent.turn import Agent
from agent.types import Role
from guardrails.output.plain import glossary
from tests.agent.conftest import Parts, said, talk


def test_every_guide_that_words_lead_to_exists(parts: Parts) -> None:
    """A pattern for a guide that is gone would lead nowhere without a word."""
    for entry in {*load_choice().guides, *load_choice().denied}:
        assert parts.library.guide(entry) is not None, entry


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("保护令能管多长时间", "6个月"),
        ("失联是要满几个月，去哪里报", "派出所"),
        ("拿着事实无人抚养的全额补贴再去申请低保，补贴算不算我家收入", "不算"),
        ("外婆带着孩子，算不算监护人", "监护人"),
    ],
)
async def test_the_paragraph_that_was_asked_for_is_said(agent: Agent, asked: str, wanted: str) -> None:
    """A question in so many words gets the paragraph that answers it, whatever its intent was taken for."""
    (result,) = await talk(agent, [asked])
    assert wanted in said(result), said(result)
    assert result.reply is not None and result.reply.citations


async def test_bad_news_has_a_next_step(agent: Agent) -> None:
    """Never a flat no (issue 6, item 4)."""
    (result,) = await talk(agent, ["孩子爸爸坐牢判了三个月，妈妈在家能干活，能领事实无人抚养补贴吗"])
    text = said(result)
    assert "目前看不符合" in text
    assert "可以请乡镇（街道）再看一遍" in text


async def test_an_answer_to_our_question_does_not_bring_the_whole_block_again(agent: Agent) -> None:
    """What settles nothing is noted, and the next question follows; no sentence comes a second time."""
    first, second = await talk(agent, ["孩子爸爸坐牢了，妈妈跑了，有补助吗", "8岁"])
    assert second.reply is not None and first.reply is not None
    earlier = {s.text for s in first.reply.sentences if s.role is not Role.QUESTION}
    again = [s.text for s in second.reply.sentences if s.text in earlier]
    assert again == [], again


def test_every_term_of_the_glossary_can_be_explained(parts: Parts) -> None:
    """AX-8: each explanation names its clause and passes the output check."""
    phrases = load_phrases()
    for term in glossary():
        assert parts.library.cite(term.source).document, term.term
        text = phrases("term.meaning", term=term.term, meaning=term.meaning)
        assert not Checker(parts.check).objections(text, (text,)), text
        inside = f"这里说的是{term.bracketed}。"
        assert not Checker(parts.check).objections(inside, (f"这里说的是{term.term}。", term.bracketed)), (
            inside
        )


async def test_a_term_is_explained_once_in_a_talk(agent: Agent) -> None:
    """AX-8: explained at first use, and not again."""
    results = await talk(agent, ["孩子爸爸去世妈妈坐牢六年，有什么补助", "我家孩子还能享受什么"])
    text = "".join(said(result) for result in results)
    told = [text.count(f"（{t.meaning}）") + text.count(f"”，就是{t.meaning}。") for t in glossary()]
    assert max(told) == 1, text


async def test_a_child_is_asked_about_itself(agent: Agent) -> None:
    results = await talk(agent, ["我今年十二岁，我爸坐牢了，我妈跑了，我跟奶奶住", "三年了"])
    asked = [
        s.text for r in results for s in (r.reply.sentences if r.reply else ()) if s.role is Role.QUESTION
    ]
    assert asked and not any("孩子" in text or "您" in text for text in asked)
