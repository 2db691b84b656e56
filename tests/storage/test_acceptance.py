"""Taking in family messages: once per key, with ticket and card or not at all."""

from __future__ import annotations

import asyncio
import datetime as dt

from storage.store import Store
from storage.types import Accepted, NewEvent, NewSignal, NewTicket
from tests.storage.conftest import NOW, staff

CARD = NewEvent("card", {"id": "crisis", "title": "先打 120"})


async def say(
    store: Store,
    conversation_id: str,
    key: str,
    severity: int = 0,
    ticket: NewTicket | None = None,
    body: str = "body",
    now: dt.datetime = NOW,
) -> Accepted:
    accepted = await store.accept(
        conversation_id,
        key=key,
        body_hash=body,
        text=f"文字 {key}",
        severity=severity,
        sticky=0,
        vault_json='{"n":1}',
        signals=(NewSignal("suicide_self", severity, "crisis_now", "rule:direct", ("不想活",)),)
        if severity
        else (),
        ticket=ticket,
        events=(CARD,) if severity >= 3 else (),
        now=now,
    )
    assert accepted is not None
    return accepted


async def test_same_key_and_body_fifty_times_at_once_is_one_message(store: Store) -> None:
    """R-01, R-04."""
    identifier, _ = await store.conversations.create(NOW)
    answers = await asyncio.gather(*(say(store, identifier, "k", severity=4) for _ in range(50)))
    assert len({(a.message_id, a.seq, a.ticket_id, a.created_ticket) for a in answers}) == 1
    assert sum(not a.duplicate for a in answers) == 1
    assert len(await store.messages.of(identifier)) == 1
    assert len(await store.tickets.queue()) == 1
    assert [e.name for e in await store.events.after(identifier)] == ["message", "card"]


async def test_same_key_with_another_body_is_a_conflict(store: Store) -> None:
    """R-02."""
    identifier, _ = await store.conversations.create(NOW)
    await say(store, identifier, "k")
    other = await say(store, identifier, "k", body="another", severity=4)
    assert other.conflict and not other.duplicate
    assert len(await store.messages.of(identifier)) == 1
    assert await store.tickets.queue() == ()


async def test_a_key_belongs_to_its_conversation(store: Store) -> None:
    """R-03."""
    one, _ = await store.conversations.create(NOW)
    two, _ = await store.conversations.create(NOW)
    first, second = await say(store, one, "k"), await say(store, two, "k")
    assert not second.duplicate and first.message_id != second.message_id


async def test_unknown_conversation_accepts_nothing(store: Store) -> None:
    assert (
        await store.accept(
            "nobody", key="k", body_hash="b", text="t", severity=4, sticky=0, vault_json=None, now=NOW
        )
        is None
    )


async def test_urgent_message_has_a_ticket_even_when_nobody_asked_for_one(store: Store) -> None:
    """CR-21: the transaction itself makes sure."""
    identifier, _ = await store.conversations.create(NOW)
    accepted = await say(store, identifier, "k", severity=3)
    ticket = await store.tickets.of(identifier)
    assert ticket is not None and ticket.id == accepted.ticket_id and ticket.severity == 3
    assert [page.step for page in await store.pages.undelivered()] == ["page"]


async def test_second_urgent_message_raises_the_open_ticket(store: Store) -> None:
    """CR-21, I-2: exactly one open ticket, with the higher severity, and staff are called again."""
    identifier, _ = await store.conversations.create(NOW)
    first = await say(store, identifier, "1", severity=3)
    second = await say(store, identifier, "2", severity=4)
    third = await say(store, identifier, "3", severity=3)
    assert first.ticket_id == second.ticket_id == third.ticket_id
    assert (first.created_ticket, second.created_ticket, third.created_ticket) == (True, False, False)
    (ticket,) = await store.tickets.queue()
    assert (ticket.severity, ticket.round) == (4, 2)
    assert [(page.round, page.step) for page in await store.pages.of(ticket.id)] == [(1, "page"), (2, "page")]


async def test_severity_of_a_conversation_never_falls_by_itself(store: Store) -> None:
    """CR-4."""
    identifier, _ = await store.conversations.create(NOW)
    await say(store, identifier, "1", severity=3)
    assert (await say(store, identifier, "2", severity=0)).severity == 3


async def test_message_after_a_close_reopens_the_same_case(store: Store) -> None:
    """R-28; a day later it is a new case."""
    identifier, _ = await store.conversations.create(NOW)
    first = await say(store, identifier, "1", severity=3)
    assert first.ticket_id is not None
    member = await staff(store)
    await store.tickets.claim(first.ticket_id, member, (), NOW)
    await store.tickets.close(
        first.ticket_id, member, outcome="联系上", follow_up_on=None, sticky=0, events=(), now=NOW
    )
    assert (await say(store, identifier, "2")).ticket_id is None
    again = await say(store, identifier, "3", severity=4, now=NOW + dt.timedelta(hours=1))
    assert again.ticket_id == first.ticket_id and again.created_ticket
    await store.tickets.claim(first.ticket_id, member, (), NOW)
    await store.tickets.close(
        first.ticket_id, member, outcome="联系上", follow_up_on=None, sticky=0, events=(), now=NOW
    )
    later = await say(store, identifier, "4", severity=4, now=NOW + dt.timedelta(days=2))
    assert later.ticket_id != first.ticket_id


async def test_sequence_has_no_gap_under_parallel_writers(store: Store) -> None:
    """I-3, R-15: order is the sequence, not the clock."""
    identifier, _ = await store.conversations.create(NOW)
    await asyncio.gather(
        *(say(store, identifier, str(n), now=NOW - dt.timedelta(hours=n % 3)) for n in range(20)),
        *(store.publish(identifier, None, [NewEvent("text", {"text": str(n)})]) for n in range(20)),
    )
    events = await store.events.after(identifier)
    assert [event.seq for event in events] == list(range(1, 41))
    assert [event.seq for event in await store.events.after(identifier, 37, limit=2)] == [38, 39]


async def test_lone_surrogate_and_nul_do_not_lose_a_message(store: Store) -> None:
    identifier, _ = await store.conversations.create(NOW)
    accepted = await store.accept(
        identifier,
        key="k",
        body_hash="b",
        text="救\ud800命\x00",
        severity=4,
        sticky=0,
        vault_json=None,
        now=NOW,
    )
    assert accepted is not None
    message = await store.messages.get(accepted.message_id)
    assert message is not None and message.text == "救?命\x00"
