"""The question behind the card (CR-5, CR-25)."""

from __future__ import annotations

import pytest

from agent.kept import asked_for
from storage.store import Store
from tests.agent.conftest import Parts
from tests.agent.talking import DANGER, begin, events, names, say, texts

ASKED = f"{DANGER}。孩子的低保怎么申请"


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("接着答我刚才问的", True),
        ("那我前面问的呢", True),
        ("先回答我的问题吧", True),
        ("刚才说的低保那个", True),
        ("低保要什么材料", False),
        ("刚才他又打我了", False),
        ("我刚才问过街道了，他们说孩子不能办，要先去派出所开失踪的证明才行", False),
    ],
)
def test_who_comes_back_to_the_question_is_known(text: str, back: bool) -> None:
    assert asked_for(text) is back


async def test_the_question_behind_the_card_is_offered_and_answered(parts: Parts, store: Store) -> None:
    """The card comes first and alone; the danger stays open while the question is answered (CR-4)."""
    agent, conversation = parts.agent(store=store), await begin(store)
    await say(agent, conversation, ASKED)
    assert "text" not in names(await events(store, conversation))
    ticket = await store.tickets.of(conversation)
    await say(agent, conversation, "安全")
    found = await events(store, conversation)
    offered = [e.data["items"] for e in found if e.name == "suggestions"][-1]
    assert "我记着" in texts(found)
    assert len(offered) == 1
    await say(agent, conversation, offered[0])
    found = await events(store, conversation)
    assert "乡镇" in texts(found)
    assert names(found).count("card") == 1
    assert await store.tickets.of(conversation) == ticket


async def test_nothing_is_offered_where_nothing_was_asked(parts: Parts, store: Store) -> None:
    """CR-25: one fixed line and no more."""
    agent, conversation = parts.agent(store=store), await begin(store)
    await say(agent, conversation, DANGER)
    await say(agent, conversation, "安全")
    assert "suggestions" not in names(await events(store, conversation))


async def test_danger_told_anew_gets_its_card_even_beside_the_words(parts: Parts, store: Store) -> None:
    """CR-4: coming back to a question hides nothing."""
    agent, conversation = parts.agent(store=store), await begin(store)
    await say(agent, conversation, ASKED)
    await say(agent, conversation, "接着说我刚才问的，我真的不想活了")
    assert names(await events(store, conversation)).count("card") == 2


async def test_without_a_card_the_words_are_a_message_like_any(parts: Parts, store: Store) -> None:
    agent, conversation = parts.agent(store=store), await begin(store)
    await say(agent, conversation, "孩子的低保怎么申请")
    await say(agent, conversation, "那我刚才问的呢")
    assert (await events(store, conversation))[-1].name == "done"
