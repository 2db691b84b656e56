"""Steps 1 to 9 over a real store: cards with tickets, one turn at a time, silence from the claim on."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import random
from dataclasses import dataclass, field
from typing import Any

import pytest

from agent.compose import Brief, Draft, Release
from agent.compose.offline import write
from agent.intake import window_of
from settings import Settings
from storage.store import Store
from storage.types import Author, NewEvent, Ticket
from tests.agent.conftest import NOW, Parts
from tests.agent.talking import DANGER, begin, events, names, say, texts

STORY = "外孙女九岁，她爸爸判了六年，妈妈肝癌晚期，我带着她，有什么补助吗？"


@dataclass
class Slow:
    """Words the offline answer sentence by sentence, waiting for a signal before each."""

    streams: bool = True
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    pause: float = 0.0

    async def compose(self, brief: Brief, release: Release) -> Draft:
        draft = write(brief)
        for sentence in draft.sentences:
            await release(sentence)
            self.begun.set()
            if self.pause:
                await asyncio.sleep(self.pause)
            else:
                await self.gate.wait()
        return draft


async def test_an_ordinary_turn_stores_its_events_in_order(parts: Parts, store: Store) -> None:
    agent, conversation = parts.agent(store=store), await begin(store)
    await say(agent, conversation, STORY)
    found = await events(store, conversation)
    kinds = [name for name, _ in itertools.groupby(names(found))]
    assert kinds == ["message", "text", "citations", "facts", "verdicts", "suggestions", "done"]
    assert "很可能符合「事实无人抚养儿童基本生活补贴」" in texts(found)
    listed = next(e for e in found if e.name == "citations").data["items"]
    pointed = {i for e in found if e.name == "text" for i in e.data["citations"]}
    assert pointed == set(range(len(listed))), "a sentence points to a clause that is not listed"


async def test_facts_outlive_a_restart(parts: Parts, store: Store) -> None:
    """Memory is in the store, not in the process (R-61)."""
    conversation = await begin(store)
    await say(parts.agent(store=store), conversation, STORY)
    await say(parts.agent(store=store), conversation, "儿童主任是啥")
    await say(parts.agent(store=store), conversation, "那要多久？")
    found = await events(store, conversation)
    last = [e for e in found if e.name == "text"][-5:]
    assert any("15个工作日" in e.data["text"] for e in last)
    state = await parts.agent(store=store).state(conversation)
    assert state.values["father_term_months"] == 72
    assert state.topic == "B02"


async def test_danger_gets_card_and_ticket_and_no_answer(parts: Parts, store: Store) -> None:
    """CR-10, CR-21: card and ticket are stored with the message; nothing of search or model follows."""
    agent, conversation = parts.agent(store=store), await begin(store)
    admission = await say(agent, conversation, DANGER)
    found = await events(store, conversation)
    assert admission.card
    assert admission.route.interrupts
    assert names(found) == ["message", "card", "status"]
    ticket = await store.tickets.of(conversation)
    assert ticket is not None
    assert ticket.severity >= 3
    numbers = str(found[1].data)
    assert "12356" in numbers and "120" in numbers


async def test_the_next_ordinary_message_is_answered_with_care(parts: Parts, store: Store) -> None:
    """CR-5, CR-25: the question is kept; the card is not shown over and over; the ticket stays."""
    agent, conversation = parts.agent(store=store), await begin(store)
    await say(agent, conversation, DANGER)
    await say(agent, conversation, "孩子的低保怎么申请")
    found = await events(store, conversation)
    assert names(found).count("card") == 1
    assert "乡镇" in texts(found)
    assert (await store.tickets.of(conversation)) is not None


async def test_the_answer_to_the_safety_question_is_taken_note_of(parts: Parts, store: Store) -> None:
    """CR-15, CR-25: 安全 is no reason to read the waiting line again; the risk and the ticket stay (CR-4)."""
    agent, conversation = parts.agent(store=store), await begin(store)
    await say(agent, conversation, DANGER)
    before = await store.tickets.of(conversation)
    for text in ("安全", "我现在安全"):
        await say(agent, conversation, text)
    said = [e.data["text"] for e in await events(store, conversation) if e.name == "status"]
    waiting, safe = said  # and the same line once a minute
    assert waiting != safe and "知道您现在安全" in safe and "110" in safe
    assert await store.tickets.of(conversation) == before


async def test_a_person_is_one_step_away_and_honestly_announced(parts: Parts, store: Store) -> None:
    """CR-28, CR-22: the ticket is stored before anything is said about it."""
    agent, conversation = parts.agent(store=store), await begin(store)
    await say(agent, conversation, "转人工")
    ticket = await store.tickets.of(conversation)
    assert ticket is not None and ticket.reason == "family_asked"
    said = texts(await events(store, conversation))
    assert "还没有人接" in said
    assert "已经为您转接" not in said


async def test_messages_are_answered_in_order_one_turn_at_a_time(parts: Parts, store: Store) -> None:
    """R-10, R-11: three messages at once, three turns, none mixed."""
    agent, conversation = parts.agent(Slow(pause=0.001), store), await begin(store)
    for number, text in enumerate(["低保是什么", "要多久", "去哪里办"]):
        await agent.receive(conversation, f"key-{number}", text)
    await asyncio.gather(*(agent.answer(conversation) for _ in range(3)))
    found = await events(store, conversation)
    asked = [e.data["id"] for e in found if e.name == "message"]
    turns = [turn for turn, _ in itertools.groupby(e.data["turn"] for e in found if e.name == "text")]
    assert turns == asked


async def test_the_talk_is_read_once_where_nothing_came_between(parts: Parts, store: Store) -> None:
    """What a message was screened with is what it is answered with (CR-4)."""
    agent, conversation = parts.agent(store=store), await begin(store)
    await say(agent, conversation, STORY)
    first = await agent.receive(conversation, "first", "要多久？")
    second = await agent.receive(conversation, "second", "要带什么材料")
    for message in (first, second):
        kept = agent.screening_of(message.message_id).window
        assert kept is not None and kept == await window_of(store, conversation, message.seq)
    assert agent.screening_of(first.message_id).window is None, "after a restart it is read anew"


async def test_what_came_between_is_read(parts: Parts, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reply that is stored while the next message is screened belongs to its talk."""
    agent, conversation = parts.agent(store=store), await begin(store)
    screen = agent.screen_in

    def meanwhile(*told: Any) -> Any:
        said = NewEvent("text", {"turn": "t", "text": "请带户口簿。", "role": "answer", "citations": []})
        asyncio.run_coroutine_threadsafe(store.publish(conversation, None, [said]), loop).result()
        return screen(*told)

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(agent, "screen_in", meanwhile)
    admission = await agent.receive(conversation, "k", "还要带什么")
    assert agent.screening_of(admission.message_id).window is None
    (line,) = await window_of(store, conversation, admission.seq)
    assert line.text == "请带户口簿。"


async def test_the_same_key_is_one_message_and_one_answer(parts: Parts, store: Store) -> None:
    """R-01, R-02."""
    agent, conversation = parts.agent(store=store), await begin(store)
    first = await say(agent, conversation, STORY, "key")
    again = await say(agent, conversation, STORY, "key")
    other = await say(agent, conversation, "别的话", "key")
    assert again.duplicate and again.message_id == first.message_id
    assert other.conflict
    assert names(await events(store, conversation)).count("done") == 1


async def test_danger_ends_a_running_answer(parts: Parts, store: Store) -> None:
    """R-13, CR-11: the scan waits for no lock, the answer stops, the card is last."""
    slow = Slow()
    agent, conversation = parts.agent(slow, store), await begin(store)
    await agent.receive(conversation, "one", STORY)
    running = asyncio.create_task(agent.answer(conversation))
    await slow.begun.wait()
    await agent.receive(conversation, "two", DANGER)
    slow.gate.set()
    await asyncio.wait_for(running, 2)
    found = await events(store, conversation)
    assert "card" in names(found)
    after = found[names(found).index("card") + 1 :]
    assert not [e for e in after if e.author is Author.BOT and e.name == "text"]


@pytest.mark.parametrize("seed", range(12))
async def test_after_a_claim_the_bot_is_silent(parts: Parts, store: Store, seed: int) -> None:
    """CR-23, R-22: a claim at any moment; no sentence of the bot comes after it."""
    agent, conversation = parts.agent(Slow(pause=0.002), store), await begin(store)
    await agent.receive(conversation, "human", "转人工")
    await agent.receive(conversation, "one", STORY)
    staff = await store.staff.add(f"值班{seed}", "值班员", "hash", NOW)
    ticket = await store.tickets.of(conversation)
    assert ticket is not None and staff is not None
    running = asyncio.create_task(agent.answer(conversation))
    await asyncio.sleep(random.Random(seed).uniform(0, 0.15))
    claimed = await store.tickets.claim(ticket.id, staff, (), NOW)
    seq = (await events(store, conversation))[-1].seq
    await running
    late = [e for e in await events(store, conversation) if e.seq > seq and e.author is Author.BOT]
    assert isinstance(claimed, Ticket)
    assert late == []
    state = await agent.state(conversation)
    assert state is not None


async def test_a_fact_mended_by_form_says_what_changed(parts: Parts, store: Store) -> None:
    agent, conversation = parts.agent(store=store), await begin(store)
    await say(agent, conversation, STORY)
    await agent.set_fact(conversation, "mother_state", "able")
    found = await events(store, conversation)
    assert "目前看不符合" in texts(found)
    assert (await agent.state(conversation)).values["mother_state"] == "able"
    await agent.set_fact(conversation, "mother_state", None)
    assert "mother_state" not in (await agent.state(conversation)).values


async def test_nothing_personal_lies_in_the_store(parts: Parts, settings: Settings, store: Store) -> None:
    """PR-1: the message is answered; neither number is in any file."""
    agent, conversation = parts.agent(store=store), await begin(store)
    await say(agent, conversation, STORY + "电话13800138000，身份证330106201503078214")
    found = await events(store, conversation)
    assert "很可能符合" in texts(found)
    assert "13800138000" not in str([e.json for e in found])
    for path in settings.data_dir.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert b"13800138000" not in content
            assert b"330106201503078214" not in content


async def test_the_trace_is_for_evaluators_only(parts: Parts, store: Store) -> None:
    conversation = await begin(store)
    await say(parts.agent(store=store), conversation, "低保是什么")
    assert "trace" not in names(await events(store, conversation))
    await say(parts.agent(store=store, evaluation=True), conversation, "要多久")
    await say(parts.agent(store=store, evaluation=True), conversation, DANGER)
    traces = [e.data for e in await events(store, conversation) if e.name == "trace"]
    assert [t["intents"][:1] for t in traces] == [["how_long"], []]
    assert traces[1]["ticket"]["severity"] in ("S3", "S4")


def test_the_clock_is_handed_in(parts: Parts) -> None:
    later = NOW + dt.timedelta(days=1)
    assert parts.agent(clock=lambda: later).clock() == later


async def test_while_a_person_is_awaited_the_bot_says_one_line_a_minute(parts: Parts, store: Store) -> None:
    """CR-25: no policy unless the family asks; honest about who is there."""
    clock = [NOW]
    agent, conversation = parts.agent(store=store, clock=lambda: clock[0]), await begin(store)
    await say(agent, conversation, DANGER)
    await say(agent, conversation, "嗯")
    await say(agent, conversation, "好的")
    clock[0] = NOW + dt.timedelta(seconds=61)
    await say(agent, conversation, "嗯嗯")
    found = await events(store, conversation)
    lines = [e for e in found if e.name == "status"]
    assert len(lines) == 3, "one with the card, one at once, one after a minute"
    assert texts(found) == ""


@pytest.mark.parametrize("question", ["邻居会不会知道", "低保要什么材料"])
async def test_who_asks_while_a_person_is_awaited_is_answered(
    parts: Parts, store: Store, question: str
) -> None:
    """CR-5, CR-25: a question by its form is one, whatever it was taken for; nobody is met with silence."""
    agent, conversation = parts.agent(store=store), await begin(store)
    await say(agent, conversation, DANGER)
    await say(agent, conversation, "嗯")
    await say(agent, conversation, question)
    assert texts(await events(store, conversation)) != ""


async def test_staff_read_why_and_what_was_said(parts: Parts, store: Store) -> None:
    """CR-29: asked, known, answered and why stand in the note."""
    agent, conversation = parts.agent(store=store), await begin(store)
    await say(agent, conversation, STORY)
    await say(agent, conversation, "我要人工")
    ticket = await store.tickets.of(conversation)
    assert ticket is not None
    note = dict(ticket.note)
    assert "我要人工" in note["asked"]
    assert any("爸爸" in line for line in note["known"])
    assert any("很可能符合" in line for line in note["answered"])
    assert note["why"]


@pytest.mark.parametrize("broken", ["library", "catalogue", "understander"])
async def test_when_our_own_parts_break_the_family_still_has_an_answer(
    parts: Parts, store: Store, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-45, R-46, AX-10: no verdict, no silence, a number and a person."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("broken on purpose")

    agent, conversation = parts.agent(store=store), await begin(store)
    if broken == "library":
        monkeypatch.setattr(type(parts.library), "search", fail)
    elif broken == "catalogue":
        monkeypatch.setattr(type(parts.catalogue), "verdicts_of", fail)
    else:
        monkeypatch.setattr(type(agent.understander), "read", fail)
    await say(agent, conversation, STORY)
    found = await events(store, conversation)
    assert names(found)[-1] == "done"
    assert texts(found)
    if broken != "library":
        assert "很可能符合" not in texts(found)
        assert "12345" in texts(found)
    monkeypatch.undo()
    await say(agent, conversation, "低保是什么")
    assert "低保" in texts(await events(store, conversation)), "the talk goes on afterwards"
