"""The family's door: conversations, messages, the event stream, facts, erasure."""

from __future__ import annotations

import json
import logging
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from api import models, sse
from api.deps import Address, Bearer, Held, Open
from api.errors import ApiError, documented, not_found
from api.intake import take_in
from api.services import Services
from api.talk import EraseRefusedError
from storage.types import Event

logger = logging.getLogger("minxing.api")

router = APIRouter(
    prefix="/api/conversations", tags=["conversations"], responses=documented(400, 404, 422, 503)
)

IdempotencyKey = Annotated[
    str, Header(alias="Idempotency-Key", min_length=1, max_length=128, pattern=r"^[!-~]+$")
]


@router.post("", status_code=201, responses=documented(429, 503))
async def open_conversation(rooms: Open, address: Address) -> models.OpenedOut:
    """Begin a talk. No name, no account; the token opens this conversation only."""
    wait = rooms.limits.conversations.wait(address)
    if wait:
        raise ApiError(
            429,
            "too_many_conversations",
            headers={"Retry-After": str(wait)},
            minutes=max(1, round(wait / 60)),
        )
    rooms.limits.conversations.count(address)
    opened = await rooms.talk.open()
    events = await rooms.talk.events(opened.id, 0, sse.BATCH)
    logger.info("conversation opened id=%s", opened.id)
    return models.OpenedOut(
        id=opened.id,
        token=opened.token,
        expires_at=opened.expires_at,
        events=[models.EventOut(seq=e.seq, event=e.name, data=e.data) for e in events],
    )


@router.post("/{conversation_id}/token", responses=documented(404, 422))
async def rotate_token(rooms: Open, token: Bearer, conversation_id: str) -> models.TokenOut:
    """Exchange the token for a fresh one. A token that ended lately is still good for this alone."""
    rotated = await rooms.talk.rotate(conversation_id, token)
    if rotated is None:
        raise not_found()
    return models.TokenOut(token=rotated.token, expires_at=rotated.expires_at)


@router.post(
    "/{conversation_id}/messages", status_code=202, responses=documented(404, 409, 413, 422, 429, 503)
)
async def send_message(
    rooms: Open, held: Held, address: Address, key: IdempotencyKey, message: models.MessageIn
) -> models.MessageOut:
    """Take one message in. It is scanned before any limit applies; what follows comes as events."""
    received = await take_in(rooms, held.id, address, key, message.text)
    return models.MessageOut(
        message_id=received.message_id, seq=received.seq, route=received.route, card=received.card
    )


def _polled(events: tuple[Event, ...]) -> Response:
    """The stored JSON as it is, so that polling and streaming carry the same bytes."""
    items = ",".join(
        f'{{"seq":{event.seq},"event":{json.dumps(event.name)},"data":{event.json}}}' for event in events
    )
    return Response(f'{{"events":[{items}]}}', media_type="application/json")


@router.get(
    "/{conversation_id}/events",
    response_model=models.EventsOut,
    responses={
        **documented(400, 404, 422, 429, 503),
        200: {"content": {sse.EventStream.media_type: {"schema": {"type": "string"}}}},
    },
)
async def read_events(
    rooms: Open,
    held: Held,
    last_event_id: Annotated[str | None, Header(alias="Last-Event-ID")] = None,
    after: Annotated[str | None, Query(max_length=64)] = None,
    poll: Annotated[bool, Query()] = False,
) -> Response:
    """Everything stored after a point, and then what follows: as a stream, or with `poll=1` as one answer."""
    cursor = sse.parse_cursor(last_event_id if last_event_id is not None else after, held.last_seq)
    if poll:
        return _polled(await rooms.talk.events(held.id, cursor, sse.BATCH))
    if not rooms.limits.streams.enter(held.id):
        raise ApiError(429, "too_many_streams", headers={"Retry-After": "5"})
    seconds = max(1.0, (held.expires_at - rooms.now()).total_seconds())
    return sse.EventStream(
        rooms.talk,
        held.id,
        cursor,
        seconds=seconds,
        closing=rooms.closing,
        on_close=lambda: rooms.limits.streams.leave(held.id),
    )


async def facts_of(rooms: Services, conversation_id: str) -> models.FactsOut:
    """What a conversation believes, in words."""
    book = rooms.catalogue.facts
    items = [
        models.FactOut(
            name=fact.name,
            label=book[fact.name].label,
            value=fact.value,
            value_label=book[fact.name].say(fact.value),
            certain=fact.certain,
            declared_by=fact.declared_by,
        )
        for fact in await rooms.talk.facts(conversation_id)
        if fact.name in book
    ]
    return models.FactsOut(items=items)


@router.get("/{conversation_id}/facts", responses=documented(404))
async def read_facts(rooms: Open, held: Held) -> models.FactsOut:
    """「我了解到的情况」: everything Minxing believes of this family."""
    return await facts_of(rooms, held.id)


@router.put("/{conversation_id}/facts/{name}", responses=documented(404, 422))
async def correct_fact(rooms: Open, held: Held, name: str, fact: models.FactIn) -> models.FactsOut:
    """The family puts one fact right."""
    if name not in rooms.catalogue.facts:
        raise ApiError(422, "unknown_fact", field=name[:60])
    await rooms.talk.set_fact(held.id, name, rooms.catalogue.facts[name].check(fact.value))
    return await facts_of(rooms, held.id)


@router.delete("/{conversation_id}/facts/{name}", responses=documented(404, 422))
async def forget_fact(rooms: Open, held: Held, name: str) -> models.FactsOut:
    """The family takes one fact back."""
    if name not in rooms.catalogue.facts:
        raise ApiError(422, "unknown_fact", field=name[:60])
    await rooms.talk.set_fact(held.id, name, None)
    return await facts_of(rooms, held.id)


@router.post("/{conversation_id}/erase", status_code=204, responses=documented(404, 409))
async def erase(rooms: Open, held: Held) -> Response:
    """Delete this conversation for good, unless a person is looking after an urgent ticket of it (R-33)."""
    try:
        await rooms.talk.erase(held.id)
    except EraseRefusedError:
        raise ApiError(409, "erase_refused", phone=("110", "120", "12356")) from None
    return Response(status_code=204)
