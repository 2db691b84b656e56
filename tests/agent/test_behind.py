"""What was told in messages that got a card is remembered (CR-5)."""

from __future__ import annotations

import pytest

from agent.understand.questions import load_topics
from guardrails.types import Category
from storage.store import Store
from tests.agent.conftest import Parts, said, talk
from tests.agent.talking import begin, events, names, say, texts

DANGER = "孩子九岁，他爸正拿皮带打孩子，身上都是伤"


async def test_the_talk_goes_on_from_what_the_card_answered(parts: Parts, store: Store) -> None:
    agent, conversation = parts.agent(store=store), await begin(store)
    await say(agent, conversation, DANGER)
    assert "card" in names(await events(store, conversation))
    await say(agent, conversation, "去法院要带什么材料")
    state = await agent.state(conversation)
    assert state.values["child_age"] == 9
    assert "法院" in texts(await events(store, conversation))
    await say(agent, conversation, "不对，孩子十岁")
    await say(agent, conversation, "要几天")
    assert (await agent.state(conversation)).values["child_age"] == 10, "a card's message is read once"


async def test_what_was_told_is_kept_though_nothing_was_asked(parts: Parts, store: Store) -> None:
    """A button of the card is no question; what came before it is remembered all the same."""
    agent, conversation = parts.agent(store=store), await begin(store)
    await say(agent, conversation, DANGER)
    await say(agent, conversation, "安全")
    assert (await agent.state(conversation)).values["child_age"] == 9
    assert "facts" in names(await events(store, conversation))


async def test_evaluators_see_the_same(parts: Parts) -> None:
    card, answered = await talk(parts.agent(), [DANGER, "去法院要带什么材料"])
    assert card.card
    assert card.reply is None
    assert card.state.values["child_age"] == 9
    assert answered.card
    assert "法院" in said(answered)


@pytest.mark.parametrize("by", ["protects", "seen_by_others"])
def test_every_danger_to_a_child_leads_to_what_protects_it(by: str, parts: Parts) -> None:
    entries = getattr(load_topics(), by)
    assert {Category.ABUSE_PHYSICAL, Category.SEXUAL_ABUSE, Category.BULLYING} <= set(entries)
    assert all(parts.library.guide(entry) is not None for entry in entries.values())
