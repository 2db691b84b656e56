"""One request from admitted message to told answer, as pieces of text."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

from api.chat import facts_of
from api.completions import history
from api.completions.errors import DoorError
from api.completions.follow import NoAnswerError, follow
from api.completions.history import Asked, Joined
from api.completions.own_words import OwnWords
from api.completions.texts import door_texts
from api.completions.told import Told
from api.intake import urgent_part
from api.services import Services
from api.talk import KeyReusedError, Received
from guardrails.types import Severity
from storage.key_types import ApiKey, Quota

logger = logging.getLogger("minxing.api")

Join = Callable[[Services, ApiKey, Asked], Awaitable[Joined]]
"""Finds the conversation of a request, or begins one."""


@dataclass
class Turn:
    """A request whose message is stored."""

    rooms: Services
    key: ApiKey
    asked: Asked
    joined: Joined
    received: Received
    told: Told = field(default_factory=Told)

    async def pieces(self) -> AsyncIterator[str]:
        """Text as it is released. However the caller goes, the talk stands where its user has come to."""
        conversation_id = self.joined.talk.conversation_id
        after = self.received.seq if self.received.replayed else self.joined.talk.delivered_seq
        last = after
        cards = [event for event in self.joined.before if event.name == "card"]
        greeting = [event for event in self.joined.before if event.name != "card"]
        urgent = bool(cards) or self.received.card is not None
        own_words = OwnWords(self.rooms, conversation_id, (*self.asked.earlier, self.asked.text))
        try:
            for event in [*cards, *([] if urgent else greeting)]:
                if piece := self.told.feed(event):
                    yield piece
            async for event in follow(self.rooms, conversation_id, self.received, after):
                last = event.seq
                if piece := self.told.feed(await own_words.of(event)):
                    yield piece
            for event in greeting if urgent else ():  # numbers to call come before who we are
                if piece := self.told.feed(event):
                    yield piece
            self.told.more["facts"] = await self._facts()
            if self.received.owned and not self.told.content:
                yield self.told.say(door_texts().waiting)
        except NoAnswerError:
            logger.error("no answer in time conversation=%s", conversation_id)
            yield self.told.say(DoorError(503, "no_answer").message)
        finally:
            await self._moved(max(last, self.joined.talk.delivered_seq))

    async def _facts(self) -> list[dict[str, object]]:
        """All that is believed now, whether or not this message changed it."""
        known = await facts_of(self.rooms, self.joined.talk.conversation_id)
        return [fact.model_dump() for fact in known.items]

    async def _moved(self, delivered_seq: int) -> None:
        said = (*self.asked.earlier, self.asked.text)
        await self.rooms.store.api_talks.move(
            self.joined.talk.conversation_id,
            head=history.head_of(self.rooms, self.key, self.asked, said),
            delivered_seq=delivered_seq,
            request=history.request_of(self.rooms, self.key, self.asked),
        )


async def admit(rooms: Services, key: ApiKey, asked: Asked, join: Join = history.join) -> Turn:
    """Quotas, then the conversation (`join`), then the message. No limit drops an S3 or S4 (SE-8).

    Raises:
        DoorError: 400 too long, 404, 409, 429.
        StorageUnavailableError: nothing could be stored.
    """
    refusal = await _refusal(rooms, key, asked)
    text = asked.text
    if refusal is not None:
        screening = await rooms.talk.screen(asked.conversation_id or "", text)
        if screening.severity < Severity.S3:
            raise refusal
        if len(text) > rooms.settings.message_chars_max:
            text = urgent_part(rooms, text, screening)
    joined = await join(rooms, key, asked)
    received = await _received(rooms, joined, text)
    logger.info(
        "completion key=%s conversation=%s message=%s chars=%d route=%s replayed=%s",
        key.id,
        joined.talk.conversation_id,
        received.message_id,
        len(asked.text),
        received.route,
        received.replayed,
    )
    if not received.replayed:
        rooms.talk.answer(joined.talk.conversation_id, received)
    return Turn(rooms, key, asked, joined, received)


async def _received(rooms: Services, joined: Joined, text: str) -> Received:
    try:
        return await rooms.talk.receive(joined.talk.conversation_id, joined.key, text)
    except LookupError:  # erased between the door and the store
        raise DoorError(404, "conversation_not_found") from None
    except KeyReusedError:
        raise DoorError(409, "key_reused", field="Idempotency-Key") from None
    except BaseException:
        if joined.taken_at is not None:  # nothing was stored: the talk stands where it stood
            talk = joined.talk
            await rooms.store.api_talks.move(
                talk.conversation_id, head=joined.taken_at, delivered_seq=talk.delivered_seq
            )
        raise


async def _refusal(rooms: Services, key: ApiKey, asked: Asked) -> DoorError | None:
    """Why a request does not fit, or None."""
    now = rooms.now()
    quota = await rooms.store.api_keys.spend(key, now)
    if quota is Quota.MINUTE:
        seconds = 60 - now.second
        headers = {"Retry-After": str(seconds)}
        return DoorError(
            429, "rate_limit_exceeded", headers=headers, phone=("110", "120", "12356"), seconds=seconds
        )
    if quota is Quota.DAY:
        # Clients that try again by themselves are told not to: the day is over for this key.
        headers = {"x-should-retry": "false"}
        return DoorError(429, "insufficient_quota", headers=headers, phone=("110", "120", "12356"))
    if len(asked.text) > rooms.settings.message_chars_max:
        return DoorError(
            400,
            "context_length_exceeded",
            field="messages",
            phone=("110", "120", "12356"),
            limit=rooms.settings.message_chars_max,
        )
    return None
