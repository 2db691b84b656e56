"""The case file: all that a person needs to take over, gathered from the rooms (CR-29)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from api import desk_models as models
from api import desk_views as views
from api.services import Services
from desk.desk import Desk
from desk.handover import HandoverNote, from_events
from desk.texts import texts
from storage.types import Event, StaffMember, Ticket
from tools.errors import FactError
from tools.types import Outcome

_EVENTS_MAX = 5000
"""A talk of several hundred turns; staff see the latest part of a longer one."""


async def case_file(rooms: Services, desk: Desk, ticket: Ticket, viewer: StaffMember) -> models.CaseOut:
    """Everything about one ticket. The caller has checked that `viewer` may read it."""
    events = await talk(rooms, ticket.conversation_id)
    signals = await rooms.store.messages.signals(ticket.conversation_id)
    conversation = await rooms.store.conversations.get(ticket.conversation_id)
    facts = _last_items(events, "facts")
    why = texts().labels.reason.get(ticket.reason, ticket.reason)
    # The agent's own note is kept with the ticket; without one the events tell the same.
    note = HandoverNote.from_json(ticket.note) if ticket.note.get("asked") else from_events(events, why)
    categories = [signal.category for signal in signals if not signal.past]
    return models.CaseOut(
        ticket=views.ticket(ticket, viewer),
        severity=conversation.severity if conversation else ticket.severity,
        events=[views.event(event) for event in events],
        facts=facts,
        verdicts=_verdicts(rooms, events, facts),
        signals=[views.signal(signal) for signal in signals],
        note=views.note(_named(rooms, note), str(dict(ticket.note.get("closing") or {}).get("remark", ""))),
        duty=views.duty(),
        checklist=views.checks([*categories, *([ticket.category] if ticket.category else [])]),
        pages=[views.page(page) for page in await rooms.store.pages.of(ticket.id)],
        colleagues=[member.name for member in await desk.colleagues(viewer)],
    )


async def talk(rooms: Services, conversation_id: str, after: int = 0) -> list[Event]:
    """All events above `after`."""
    events: list[Event] = []
    while len(events) < _EVENTS_MAX:
        batch = await rooms.store.events.after(conversation_id, events[-1].seq if events else after)
        events += batch
        if not batch:
            break
    return events


def _named(rooms: Services, note: HandoverNote) -> HandoverNote:
    """Missing facts by their Chinese names."""
    book = rooms.catalogue.facts
    return replace(note, missing=tuple(book[name].label if name in book else name for name in note.missing))


def _verdicts(rooms: Services, events: list[Event], facts: list[dict[str, Any]]) -> list[models.VerdictOut]:
    """The rules run again over the facts told so far: the same verdicts, with every condition and its clause.

    Shown are those the family was told of, and whatever else is likely.
    """
    told = {item.get("benefit") for event in events if event.name == "verdicts" for item in _items(event)}
    book = rooms.catalogue.facts
    values = {str(fact["name"]): fact["value"] for fact in facts if "name" in fact and "value" in fact}
    if not values and not told:
        return []
    try:
        found = rooms.catalogue.verdicts(book.check(values), rooms.now().date(), rooms.settings.district)
    except FactError:
        return []
    names = {fact.name: fact.label for fact in book}
    return [
        views.verdict(verdict, names, told=verdict.benefit in told)
        for verdict in found
        if verdict.benefit in told or verdict.outcome in (Outcome.LIKELY, Outcome.CHOICE)
    ]


def _items(event: Event) -> list[dict[str, Any]]:
    items = event.data.get("items")
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _last_items(events: list[Event], name: str) -> list[dict[str, Any]]:
    return next((_items(event) for event in reversed(events) if event.name == name), [])
