"""Which stored conversation a list of messages goes on with, and where none does, a new one that catches up.

Only what the user wrote counts. A `system` message is an operator's wish and an `assistant` message may never
have been ours: neither is stored, understood or obeyed (SE-1).
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass, replace

from api.completions.errors import DoorError
from api.completions.models import CompletionIn
from api.intake import urgent_part
from api.services import Services
from guardrails.types import Severity
from storage.key_types import ApiKey, ApiTalk
from storage.types import Event

CAUGHT_UP_MOST = 12
"""Earlier messages that are understood again where a talk is not known here; older ones are only scanned."""
EVENTS_MOST = 2_000
"""More than a greeting and so many answers have."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, read."""

    text: str
    """The last message."""
    earlier: tuple[str, ...]
    """What the user wrote before it."""
    user: str
    conversation_id: str | None
    idempotency_key: str | None


@dataclass(frozen=True, slots=True)
class Joined:
    """The conversation that a request goes on with."""

    talk: ApiTalk
    key: str
    """Idempotency key of the message, in the scope of its conversation."""
    taken_at: str | None = None
    """Head that was taken, and is given back where nothing was stored."""
    before: tuple[Event, ...] = ()
    """Of a fresh conversation: its greeting, and the cards that earlier messages raised."""


def read(body: CompletionIn, idempotency_key: str | None) -> Asked:
    """The user's side of a request.

    Raises:
        DoorError: 400; the last message is not the user's, is empty, or is no text.
    """
    last = body.messages[-1]
    if last.role != "user":
        raise DoorError(400, "no_user_message", field="messages")
    if last.unreadable:
        raise DoorError(400, "only_text", field="messages")
    if not last.text.strip():
        raise DoorError(400, "empty_text", field="messages")
    said = [message.text for message in body.messages[:-1] if message.role == "user"]
    earlier = tuple(text for text in said if text.strip())
    return Asked(last.text, earlier, body.user or "", body.conversation_id, idempotency_key)


def head_of(rooms: Services, key: ApiKey, asked: Asked, said: tuple[str, ...]) -> str:
    """Keyed hash of who said what so far; white space does not count."""
    plain = [re.sub(r"\s+", " ", text).strip() for text in said]
    return rooms.store.fingerprint(json.dumps([key.id, asked.user, *plain], ensure_ascii=False))


async def join(rooms: Services, key: ApiKey, asked: Asked) -> Joined:
    """Find the conversation, or open one and catch up.

    Raises:
        DoorError: 404; a conversation id that is unknown, another key's, or erased (SE-9: the same answer).
    """
    talks = rooms.store.api_talks
    request = request_of(rooms, key, asked)
    message_key = asked.idempotency_key or secrets.token_urlsafe(16)
    if asked.conversation_id is not None:
        talk = await talks.of(asked.conversation_id, key.id)
        if talk is None:
            raise DoorError(404, "conversation_not_found", field="metadata.conversation_id")
        return Joined(talk, message_key)
    if request is not None and (talk := await talks.of_request(request, key.id)) is not None:
        return Joined(talk, message_key)
    if asked.earlier:
        head = head_of(rooms, key, asked, asked.earlier)
        if (talk := await talks.take(head, key.id)) is not None:
            return Joined(talk, message_key, taken_at=head)
    return await begin(rooms, key, message_key, request=request, earlier=asked.earlier)


async def begin(
    rooms: Services, key: ApiKey, message_key: str, *, request: str | None, earlier: tuple[str, ...] = ()
) -> Joined:
    """A fresh conversation that catches up with what was said elsewhere."""
    opened = await rooms.talk.open()
    talk = await rooms.store.api_talks.add(opened.id, key.id, request)
    await _catch_up(rooms, opened.id, earlier)
    events = await rooms.talk.events(opened.id, 0, EVENTS_MOST)
    before = tuple(e for e in events if e.name == "card" or (e.name == "text" and e.turn is None))
    return Joined(replace(talk, delivered_seq=events[-1].seq), message_key, before=before)


def request_of(rooms: Services, key: ApiKey, asked: Asked) -> str | None:
    """What is stored of an idempotency key, so that a resend of a first message finds its talk."""
    if asked.idempotency_key is None:
        return None
    return rooms.store.fingerprint(json.dumps(["request", key.id, asked.idempotency_key]))


async def _catch_up(rooms: Services, conversation_id: str, earlier: tuple[str, ...]) -> None:
    """Take in what was said elsewhere: all of it is scanned (CR-1), the latest is understood as well."""
    older, latest = earlier[:-CAUGHT_UP_MOST], earlier[-CAUGHT_UP_MOST:]
    for text in older:
        screening = await rooms.talk.screen(conversation_id, text)
        if screening.severity >= Severity.S3:
            part = urgent_part(rooms, text, screening)
            await rooms.talk.receive(conversation_id, secrets.token_urlsafe(16), part)
    for text in latest:
        kept = text
        if len(text) > rooms.settings.message_chars_max:
            kept = urgent_part(rooms, text, await rooms.talk.screen(conversation_id, text))
        await rooms.talk.catch_up(conversation_id, secrets.token_urlsafe(16), kept)
