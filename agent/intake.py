"""Steps 1 to 4: screened in memory, stored redacted with ticket and card, or left to a person."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from agent import events
from agent.types import Admission
from desk.handover import from_events
from guardrails.types import Author, Route, Screening, Severity, Utterance
from storage.types import Author as StoredAuthor
from storage.types import Conversation, NewEvent, NewSignal, NewTicket

if TYPE_CHECKING:
    from agent.turn import Agent
    from guardrails.pii import Vault
    from storage.store import Store

WINDOW_LINES = 20
"""At least the last ten turns of both sides (CR-4)."""
_AUTHORS = {
    StoredAuthor.FAMILY: Author.FAMILY,
    StoredAuthor.BOT: Author.ASSISTANT,
    StoredAuthor.STAFF: Author.STAFF,
}


async def window_of(
    store: Store, conversation_id: str, before_seq: int | None = None
) -> tuple[Utterance, ...]:
    """Earlier lines of both sides, oldest first, redacted as they were stored."""
    lines = await store.messages.window(conversation_id, WINDOW_LINES, before_seq)
    return tuple(Utterance(_AUTHORS[line.author], line.text) for line in lines)


async def screen(agent: Agent, conversation_id: str, text: str) -> Screening:
    """Step 1 alone. Where the database does not answer the message is scanned without its talk (R-62)."""
    try:
        screening, *_ = await _screened(agent, conversation_id, text)
    except Exception:
        return await asyncio.to_thread(agent.screen_alone, text)
    return screening


async def _screened(
    agent: Agent, conversation_id: str, text: str
) -> tuple[Screening, Vault, Conversation | None, tuple[Utterance, ...]]:
    from guardrails.pii import RedactionError, Vault

    store = agent.stored
    conversation = await store.conversations.get(conversation_id)
    window = await window_of(store, conversation_id) if conversation else ()
    try:
        vault = (
            Vault.from_json(conversation.vault_json) if conversation and conversation.vault_json else Vault()
        )
    except RedactionError:
        vault = Vault()
    sticky = Severity(conversation.severity) if conversation else Severity.S0
    screening = await asyncio.to_thread(agent.screen_in, text, window, vault, sticky)
    return screening, vault, conversation, window


async def receive(agent: Agent, conversation_id: str, key: str, text: str, now: dt.datetime) -> Admission:
    """Take a message in. The scan waits for no lock; an urgent one ends the running answer (R-13)."""
    screening, vault, conversation, window = await _screened(agent, conversation_id, text)
    owned = conversation is not None and conversation.owner_id is not None
    standing = conversation is not None and conversation.severity >= Severity.S3
    again = standing and not await asyncio.to_thread(agent.urgent_by_itself, text)
    interrupts = screening.route.interrupts and not again
    ticket = _ticket(agent, screening, interrupts=interrupts)
    if ticket is not None:
        ticket = await _with_note(agent, conversation_id, ticket, screening.redacted)
    card = None
    new_events: list[NewEvent] = []
    if interrupts and not owned:
        made = await asyncio.to_thread(agent.card, screening, now, ticket_stored=ticket is not None)
        card = made.id
        new_events.append(events.card(made, screening.route.value))
    if ticket is not None and ticket.reason != "needs_review" and not owned:
        # Nobody is being fetched for a mere second look; the answer offers a person by itself (CR-9).
        new_events.append(events.status("waiting_for_person", _waiting(agent, ticket), unless_owned=True))
    accepted = await agent.stored.accept(
        conversation_id,
        key=key,
        body_hash=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        text=screening.redacted,
        severity=int(screening.severity if interrupts or not again else Severity.S0),
        sticky=int(screening.severity),
        vault_json=vault.to_json(),
        signals=[_signal(signal) for signal in screening.signals],
        ticket=ticket,
        events=new_events,
        needs_answer=not interrupts,
        now=now,
    )
    if accepted is None:
        raise LookupError("no such conversation")
    if interrupts:
        agent.stop_answering(conversation_id)
        if agent.evaluation and not accepted.duplicate and not accepted.conflict:
            await _trace(agent, conversation_id, accepted.message_id, screening)
    elif not accepted.duplicate and not accepted.conflict:
        kept = replace(screening, route=Route.HUMAN_OFFER) if again else screening
        unbroken = conversation is not None and accepted.seq == conversation.last_seq + 1
        agent.keep_screening(accepted.message_id, kept, window if unbroken else None)
    return Admission(
        message_id=accepted.message_id,
        seq=accepted.seq,
        route=Route.HUMAN_OFFER if again else screening.route,
        card=card,
        duplicate=accepted.duplicate,
        conflict=accepted.conflict,
        owned_by_person=accepted.owned_by_person,
        ticket_id=accepted.ticket_id,
    )


def _ticket(agent: Agent, screening: Screening, *, interrupts: bool) -> NewTicket | None:
    """One request for a person: danger, the family's wish, or a failed detector (CR-9, 21, 28)."""
    category = screening.category.value if screening.category else None
    speaker = screening.speaker.value
    if interrupts:
        return NewTicket(int(screening.severity), category, "signal", speaker)
    if agent.asks_for_person(screening.redacted):
        return NewTicket(min(int(screening.severity), 2), category, "family_asked", speaker)
    if screening.needs_review:
        return NewTicket(min(int(screening.severity), 2), category, "needs_review", speaker)
    return None


async def _with_note(agent: Agent, conversation_id: str, ticket: NewTicket, redacted: str) -> NewTicket:
    """What was asked, known, missing and answered, and why a person is needed (CR-29)."""
    why = agent.rooms.phrases(f"person.note_{ticket.reason}")
    note = from_events(await agent.stored.events.after(conversation_id, 0, 1_000), why)
    note = replace(note, asked=(*note.asked[-4:], redacted[:400]))
    return replace(ticket, note=note.to_json())


async def _trace(agent: Agent, conversation_id: str, message_id: str, screening: Screening) -> None:
    ticket = await agent.stored.tickets.of(conversation_id)
    shown = {"severity": Severity(ticket.severity).name, "category": ticket.category} if ticket else None
    await agent.stored.publish(conversation_id, None, [events.trace_of(message_id, screening, ticket=shown)])


def _waiting(agent: Agent, ticket: NewTicket) -> str:
    key = "person.human_sent" if ticket.reason == "family_asked" else "person.waiting"
    return agent.rooms.phrases(key)


def _signal(signal: object) -> NewSignal:
    from guardrails.types import Signal

    assert isinstance(signal, Signal)
    return NewSignal(
        category=signal.category.value,
        severity=int(signal.severity),
        route=signal.route.value,
        found_by=signal.found_by,
        triggers=tuple(span.text for span in signal.triggers),
        score=signal.score,
        past=signal.past,
    )
