"""AX-8 and issue 5, item 10: each policy term is explained at its first use in a talk, and only there."""

from __future__ import annotations

import re
from collections import Counter

from agent.turn import Agent
from agent.types import Role, TurnResult
from guardrails.output.plain import LONGEST, Rule, Term, explains, findings, glossary, length
from guardrails.types import Author, Utterance
from tests.agent.conftest import Parts, said, talk

EXPLAINED_AT_LEAST = 0.985
"""Share of uses over all guides; reached is 96 of 97 (监护人 in the second answer about 孤儿)."""
NEXT = "还有别的吗？要带什么材料，去哪里办？"
_PART = re.compile(r"[^。！？!?；;\n]+")


def unexplained(text: str) -> set[str]:
    """Terms of the glossary that a text uses and explains neither near the first use nor in our own words."""
    bare = {finding.found for finding in findings(text) if finding.rule is Rule.UNEXPLAINED_TERM}
    return {term.term for term in glossary() if term.term in bare and term.meaning not in text}


def spoken(result: TurnResult) -> str:
    """The reply with a full stop behind each sentence."""
    lines = result.reply.sentences if result.reply else ()
    return "".join(re.sub(r"。$", "", line.text) + "。" for line in lines)


async def test_terms_of_every_guide_are_explained_at_first_use(agent: Agent, parts: Parts) -> None:
    """One talk of two answers for each guide; what the family names itself it knows."""
    used: Counter[str] = Counter()
    missing: Counter[str] = Counter()
    for guide in parts.library.guides:
        heard: set[str] = set()
        told: Counter[str] = Counter()
        for result in await talk(agent, [f"{guide.name}是什么，怎么办？", NEXT]):
            text = spoken(result)
            bare = unexplained(text)
            for term in glossary():
                told[term.term] += text.count(f"（{term.meaning}）") + text.count(f"”，就是{term.meaning}。")
                if term.term in text and term.term not in guide.name and term.term not in heard:
                    used[term.term] += 1
                    missing[term.term] += term.term in bare
                    heard.add(term.term)
        assert all(times <= 1 for times in told.values()), (guide.name, told)
    assert used.total() > 60
    assert 1 - missing.total() / used.total() >= EXPLAINED_AT_LEAST, missing


async def test_explanations_leave_the_answer_short(agent: Agent, parts: Parts) -> None:
    """A sentence with an explanation in it keeps to AX-8, and the answer to its 120 characters."""
    seen = 0
    for guide in parts.library.guides:
        (result,) = await talk(agent, [f"{guide.name}是什么，怎么办？"])
        lines = result.reply.sentences if result.reply else ()
        for line in lines:
            for part in _PART.findall(line.text):
                if any(f"（{term.meaning}）" in part for term in glossary()):
                    assert length(part) <= LONGEST, part
                    seen += 1
        assert sum(len(line.text) for line in lines if line.role is Role.ANSWER) <= 120
    assert seen > 12


def guardian() -> Term:
    """监护人, which most guides use."""
    return next(term for term in glossary() if term.term == "监护人")


async def test_a_term_heard_unexplained_is_explained_later(agent: Agent) -> None:
    """What an earlier answer used without a word about it is still unknown; what it explained is known."""
    asked = "学校欺凌谁能去提？"
    term = guardian()
    for before, again in (("监护人可以先去问。", True), (f"{term.bracketed}可以先去问。", False)):
        window = (Utterance(Author.FAMILY, "问谁"), Utterance(Author.ASSISTANT, before))
        (result,) = await talk(agent, [asked], window=window)
        assert "监护人" in said(result)
        assert explains(said(result), term) is again, said(result)


async def test_an_explanation_in_a_sentence_brings_its_clause(agent: Agent, parts: Parts) -> None:
    """Each sentence names what it rests on; so does the aside in it."""
    (result,) = await talk(agent, ["学校欺凌谁能去提？"])
    assert guardian().bracketed in said(result), said(result)
    assert result.reply is not None
    assert parts.library.cite(guardian().source) in result.reply.citations
