"""Following a stored conversation until what was asked is answered."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

from api.services import Services
from api.sse import BATCH
from api.talk import Received
from storage.types import Event

ANSWER_SECONDS = 60.0
"""The longest an answer may take; the agent's own limits lie far below."""
PERSON_SECONDS = 3.0
"""How long a request waits for a person who has taken the talk over."""
_ENDED = frozenset({"person_joined", "closed"})


class NoAnswerError(Exception):
    """The caller sees that there is no answer; the message is stored, and is answered when it can be."""


async def follow(
    rooms: Services, conversation_id: str, received: Received, after: int
) -> AsyncIterator[Event]:
    """Events above `after`, in order, until the answer to this message is whole.

    Raises:
        NoAnswerError: nothing came in time.
    """
    cursor, begun = after, time.monotonic()
    seconds = PERSON_SECONDS if received.owned else ANSWER_SECONDS
    async with rooms.talk.live(conversation_id) as wake:
        while True:
            events = await rooms.talk.events(conversation_id, cursor, BATCH)
            for event in events:
                cursor = event.seq
                yield event
                if event.seq > received.seq and _ends(event, received):
                    return
            if events:
                continue
            if received.card is not None:
                return  # a card is stored with its message: nothing more is to come by itself
            left = begun + seconds - time.monotonic()
            if left <= 0 or rooms.closing.is_set():
                if received.owned:
                    return
                raise NoAnswerError
            await wake(min(left, 1.0))


def _ends(event: Event, received: Received) -> bool:
    """Whether an event closes the answer: its own end, a person who came in, or another message's card."""
    if event.name == "done":
        return bool(event.data.get("message_id") == received.message_id)
    if event.name == "status" and not received.owned:
        return event.data["state"] in _ENDED
    if event.name == "card" and received.card is None:
        return True
    return event.name == "message" and received.owned and event.data.get("author") == "staff"
