"""Whole talks: answers understood, nothing asked twice, verdicts the engine's."""

from __future__ import annotations

import random

import pytest

from agent.turn import Agent
from agent.understand.lexicon import load_lexicon
from agent.understand.replies import read_answer
from tests.agent.conftest import NOW, Parts, said, talk
from tools.facts import Fact, FactBook, FactType
from tools.precheck import precheck

BOOK = FactBook.load()
MOST_QUESTIONS = 9


def spoken(fact: Fact, value: object) -> str:
    """How a family answers when it takes the words of the question's choices."""
    return fact.say(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("fact", list(BOOK), ids=lambda fact: fact.name)
def test_every_answer_of_the_form_is_understood(fact: Fact) -> None:
    domain = (
        fact.domain() if fact.type is not FactType.INT else fact.domain()[:: max(1, len(fact.domain()) // 12)]
    )
    for value in domain:
        read = read_answer(spoken(fact, value), fact, load_lexicon())
        assert read is not None and read.value == value, spoken(fact, value)


OPENINGS = [
    "孩子爸爸坐牢了，妈妈跑了，有补助吗",
    "我孙女爸爸没了，妈妈生重病，能领什么",
    "孩子有残疾，家里吃低保，有什么补贴",
    "女儿白血病，看病花了几十万，怎么办",
    "我们家困难，孩子上学交不起学费",
]


@pytest.mark.parametrize("seed", range(5))
async def test_a_family_that_answers_is_never_asked_twice(agent: Agent, parts: Parts, seed: int) -> None:
    """Invariants of issue 6: no repeated question, no flat no, the engine's verdicts, few questions."""
    draw = random.Random(seed)
    lines = [OPENINGS[seed % len(OPENINGS)]]
    asked: list[str] = []
    while True:
        results = await talk(agent, lines)
        last = results[-1]
        assert last.work is not None and last.work.precheck is not None
        pending = last.state.pending_question
        if pending is None:
            break
        assert len(asked) < MOST_QUESTIONS, f"too many questions: {asked}"
        assert pending not in asked, f"{pending} was asked twice: {lines}"
        asked.append(pending)
        lines.append(spoken(BOOK[pending], draw.choice(BOOK[pending].domain())))
    told = last.state.values
    expected = precheck(parts.catalogue, told, as_of=NOW.date(), district=last.state.district)
    outcomes = {v.benefit: v.outcome for v in expected.verdicts}
    assert {v.benefit: v.outcome for v in last.work.precheck.verdicts} == outcomes
    for result in results:
        assert "不符合" not in said(result).replace("目前看不符合", "")
