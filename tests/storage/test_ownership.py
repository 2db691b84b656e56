"""Who may speak: turns, claims, releases, closing."""

from __future__ import annotations

import asyncio
import datetime as dt
import random

import pytest

from storage.store import Store
from storage.types import (
    Author,
    NewEvent,
    NewTicket,
    NotOwner,
    Refused,
    RefusedBecause,
    Replied,
    Ticket,
    TicketStatus,
)
from tests.storage.conftest import NOW, staff
from tests.storage.test_acceptance import say

JOINED = NewEvent("status", {"state": "person_joined", "text": "王芳来了"})
TEXT = NewEvent("text", {"text": "可以申请。"})
ASKED = NewTicket(severity=0, category=None, reason="family_asked", note={"asked": ["要多久"]})


async def waiting(store: Store, severity: int = 4) -> tuple[str, str]:
    """A conversation with a waiting ticket."""
    identifier, _ = await store.conversations.create(NOW)
    accepted = await say(store, identifier, "first", severity=severity, ticket=ASKED)
    assert accepted.ticket_id is not None
    return identifier, accepted.ticket_id


async def test_of_many_who_claim_at_once_one_wins(store: Store) -> None:
    """R-21: the others learn the owner's name."""
    _, ticket = await waiting(store)
    people = [await staff(store, f"值班{n}") for n in range(8)]
    results = await asyncio.gather(
        *(store.tickets.claim(ticket, person, (JOINED,), NOW) for person in people)
    )
    (winner,) = [r for r in results if isinstance(r, Ticket)]
    losers = [r for r in results if isinstance(r, NotOwner)]
    assert len(losers) == 7
    assert {loser.owner_name for loser in losers} == {winner.owner_name}


@pytest.mark.parametrize("seed", range(8))
async def test_no_bot_text_after_a_claim(store: Store, seed: int) -> None:
    """CR-23, R-22, I-3: a claim falls anywhere between the bot's writes."""
    chance = random.Random(seed)
    identifier, ticket = await waiting(store, severity=2)
    person = await staff(store)
    turn = await store.turns.claim(identifier, NOW)
    assert turn is not None

    async def bot() -> None:
        for _ in range(6):
            await store.publish(identifier, turn.token, [TEXT])
            await asyncio.sleep(chance.random() / 2000)

    async def person_claims() -> None:
        await asyncio.sleep(chance.random() / 200)
        await store.tickets.claim(ticket, person, (JOINED,), NOW)

    await asyncio.gather(bot(), person_claims())
    names = [event.name for event in await store.events.after(identifier)]
    assert "status" in names
    assert "text" not in names[names.index("status") :]
    refused = await store.publish(identifier, None, [TEXT], state='{"facts":[]}')
    assert refused == Refused(RefusedBecause.OWNED_BY_PERSON, "王芳")
    assert await store.conversations.state(identifier) is None


async def test_claim_leaves_nothing_for_the_bot(store: Store) -> None:
    """R-27: after a release the bot does not answer what the person already handled."""
    identifier, ticket = await waiting(store)
    person = await staff(store)
    assert identifier in await store.turns.unanswered()
    await store.tickets.claim(ticket, person, (), NOW)
    accepted = await say(store, identifier, "while owned")
    assert accepted.owned_by_person
    assert await store.turns.claim(identifier, NOW) is None
    released = await store.tickets.release(ticket, person, (), NOW)
    assert isinstance(released, Ticket) and released.status is TicketStatus.WAITING and released.round == 2
    assert await store.turns.unanswered() == ()
    assert (await store.conversations.get(identifier)).severity == 4  # type: ignore[union-attr]


async def test_status_for_waiting_is_left_out_while_a_person_is_there(store: Store) -> None:
    identifier, ticket = await waiting(store)
    await store.tickets.claim(ticket, await staff(store), (), NOW)
    status = NewEvent("status", {"state": "waiting_for_person"}, unless_owned=True)
    card = NewEvent("card", {"id": "c"})
    await store.accept(
        identifier, key="k", body_hash="b", text="t", severity=4, sticky=0, vault_json=None,
        events=(status, card), now=NOW,
    )  # fmt: skip
    assert [event.name for event in await store.events.after(identifier, 2)] == ["message", "card"]


async def test_reply_needs_ownership(store: Store) -> None:
    """CR-24, R-24, R-26, R-32."""
    identifier, ticket = await waiting(store)
    first, second = await staff(store, "甲"), await staff(store, "乙")
    assert await store.tickets.reply(ticket, first, "1", "h", "我在", NOW) == NotOwner(
        TicketStatus.WAITING, None
    )
    await store.tickets.claim(ticket, first, (), NOW)
    reply = await store.tickets.reply(ticket, first, "1", "h", "我在", NOW)
    assert isinstance(reply, Replied) and not reply.duplicate
    again = await store.tickets.reply(ticket, first, "1", "h", "我在", NOW)
    assert isinstance(again, Replied) and again.duplicate and again.seq == reply.seq
    other = await store.tickets.reply(ticket, first, "1", "other", "别的", NOW)
    assert isinstance(other, Replied) and other.conflict
    assert isinstance(await store.tickets.hand_over(ticket, first, second, (), NOW), Ticket)
    assert await store.tickets.reply(ticket, first, "2", "h", "晚了", NOW) == NotOwner(
        TicketStatus.CLAIMED, "乙"
    )
    last = (await store.events.after(identifier))[-1]
    assert (last.author, last.data["text"], last.data["staff"]) == (Author.STAFF, "我在", "甲")
    assert isinstance(await store.tickets.reply("no such ticket", first, "3", "h", "x", NOW), NotOwner)


async def test_close_keeps_owner_outcome_and_frees_the_conversation(store: Store) -> None:
    """CR-27; the severity falls only because a named person set it (CR-4)."""
    identifier, ticket = await waiting(store)
    person = await staff(store)
    closing = {"outcome": "已报警", "follow_up_on": dt.date(2026, 11, 24), "events": (), "now": NOW}
    assert isinstance(await store.tickets.close(ticket, person, sticky=None, **closing), NotOwner)  # type: ignore[arg-type]
    await store.tickets.claim(ticket, person, (), NOW)
    closed = await store.tickets.close(ticket, person, sticky=1, **closing)  # type: ignore[arg-type]
    assert isinstance(closed, Ticket)
    assert (closed.status, closed.outcome, closed.owner_name) == (TicketStatus.CLOSED, "已报警", "王芳")
    assert closed.follow_up_on == dt.date(2026, 11, 24)
    conversation = await store.conversations.get(identifier)
    assert conversation is not None and conversation.owner_id is None and conversation.severity == 1
    assert await store.tickets.queue() == ()
    assert [t.id for t in await store.tickets.closed()] == [ticket]


async def test_queue_is_by_severity_then_age(store: Store) -> None:
    """R-31: an S4 never stands behind an S2."""
    for number, severity in enumerate((2, 4, 3, 4)):
        identifier, _ = await store.conversations.create(NOW)
        ticket = NewTicket(severity, None, "signal")
        await say(store, identifier, "k", severity, ticket, now=NOW + dt.timedelta(minutes=number))
    queue = await store.tickets.queue()
    assert [(t.severity, (t.opened_at - NOW).seconds // 60) for t in queue] == [
        (4, 1),
        (4, 3),
        (3, 2),
        (2, 0),
    ]


async def test_one_turn_at_a_time_in_order(store: Store) -> None:
    """R-10, R-12."""
    identifier, _ = await store.conversations.create(NOW)
    for key in "abc":
        await say(store, identifier, key)
    claims = await asyncio.gather(*(store.turns.claim(identifier, NOW) for _ in range(5)))
    (turn,) = [t for t in claims if t is not None]
    assert turn.message.text == "文字 a"
    assert await store.turns.renew(turn, NOW + dt.timedelta(seconds=5))
    assert await store.turns.claim(identifier, NOW + dt.timedelta(seconds=14)) is None
    taken = await store.turns.claim(identifier, NOW + dt.timedelta(seconds=15))
    assert taken is not None and taken.message.id == turn.message.id
    late = await store.publish(identifier, turn.token, [TEXT], answers=turn.message.id)
    assert late == Refused(RefusedBecause.TURN_LOST)
    assert not isinstance(
        await store.publish(identifier, taken.token, [TEXT], answers=taken.message.id), Refused
    )
    following = await store.turns.claim(identifier, NOW)
    assert following is not None and following.message.text == "文字 b"


async def test_an_answer_and_that_it_was_given_are_stored_together(store: Store) -> None:
    """R-10, CR-23: no reply without its message answered, and none answered whose reply was refused."""
    identifier, _ = await store.conversations.create(NOW)
    await say(store, identifier, "a")
    first = await store.turns.claim(identifier, NOW)
    assert first is not None and first.state is None
    await say(store, identifier, "b", severity=4)  # ends the turn
    refused = await store.publish(identifier, first.token, [TEXT], "[1]", answers=first.message.id)
    assert refused == Refused(RefusedBecause.TURN_LOST)
    assert await store.turns.waits(identifier) and await store.conversations.state(identifier) is None
    again = await store.turns.claim(identifier, NOW)
    assert again is not None and again.message.id == first.message.id
    await store.publish(identifier, again.token, [TEXT], "[1]", answers=again.message.id)
    following = await store.turns.claim(identifier, NOW)
    assert following is not None and following.message.text == "文字 b" and following.state == "[1]"
    assert not isinstance(
        await store.publish(identifier, following.token, (), answers=following.message.id), Refused
    )
    assert not await store.turns.waits(identifier)
    assert await store.turns.claim(identifier, NOW) is None


async def test_urgent_message_ends_the_running_turn(store: Store) -> None:
    """R-13: what the old turn still wants to say is refused by the store itself."""
    identifier, _ = await store.conversations.create(NOW)
    await say(store, identifier, "a")
    turn = await store.turns.claim(identifier, NOW)
    assert turn is not None
    assert not isinstance(await store.publish(identifier, turn.token, [TEXT]), Refused)
    await say(store, identifier, "b", severity=4)
    assert await store.publish(identifier, turn.token, [TEXT]) == Refused(RefusedBecause.TURN_LOST)


async def test_unknown_conversation(store: Store) -> None:
    assert await store.publish("nobody", None, [TEXT]) == Refused(RefusedBecause.NOT_FOUND)
    assert await store.turns.claim("nobody", NOW) is None
