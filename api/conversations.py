"""The chat routes' protocol over the real rooms: `storage` for what is kept, `agent` for what is said."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from agent.types import RememberedFact
from api.talk import Assistant, EraseRefusedError, Holder, KeyReusedError, Opened, Received, Wake
from api.texts import texts
from guardrails.types import Screening
from storage.conversations import TOKEN_LIFETIME
from storage.store import Store
from storage.types import Event, NewEvent
from tools.types import FactValue

logger = logging.getLogger("minxing.api")

TOKEN_GRACE = dt.timedelta(hours=12)
"""How long after its end a token may still be exchanged for a fresh one: a phone that slept over the
afternoon goes on with its talk. For anything else an ended token is worth nothing (SE-10)."""
TRIES = 2
"""How often an answer may fail before the family is told that there is none."""


def greeting() -> list[NewEvent]:
    """The first events of a talk: a machine speaks, what it can do, what it is not (LG-1)."""
    words = texts()
    turn = "greeting"
    said = [
        NewEvent("text", {"turn": turn, "text": line.text, "role": line.role, "citations": []})
        for line in words.greeting
    ]
    offered = NewEvent("suggestions", {"turn": turn, "items": list(words.greeting_suggestions)})
    return [*said, offered, NewEvent("done", {"turn": turn, "message_id": None})]


class Conversations:
    """Implements `api.talk.Talk`."""

    def __init__(self, store: Store, agent: Assistant, now: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._agent = agent
        self._now = now
        self._answering: set[asyncio.Task[None]] = set()
        self._failures: dict[str, int] = {}

    async def open(self) -> Opened:
        """Make a conversation with its greeting."""
        now = self._now()
        conversation_id, token = await self._store.conversations.create(now)
        await self._store.publish(conversation_id, None, greeting())
        return Opened(conversation_id, token, now + TOKEN_LIFETIME)

    async def holder(self, conversation_id: str, token: str) -> Holder | None:
        """What this token opens, if it opens this conversation now."""
        conversation = await self._store.conversations.authenticate(conversation_id, token, self._now())
        return Holder(conversation.token_expires_at, conversation.last_seq) if conversation else None

    async def rotate(self, conversation_id: str, token: str) -> Opened | None:
        """A fresh token for a fresh or lately expired one."""
        now = self._now()
        conversations = self._store.conversations
        known = await conversations.authenticate(conversation_id, token, now)
        if known is None:
            known = await conversations.authenticate(conversation_id, token, now - TOKEN_GRACE)
        fresh = await conversations.rotate_token(conversation_id, now) if known else None
        return Opened(conversation_id, fresh, now + TOKEN_LIFETIME) if fresh else None

    async def screen(self, conversation_id: str, text: str) -> Screening:
        """Scan a message, storing nothing."""
        return await self._agent.screen(conversation_id, text)

    async def receive(self, conversation_id: str, key: str, text: str) -> Received:
        """Screen, store, card."""
        accepted = await self._agent.receive(conversation_id, key, text)
        if accepted.conflict:
            raise KeyReusedError
        return Received(
            accepted.message_id,
            accepted.seq,
            accepted.route,
            accepted.card,
            replayed=accepted.duplicate,
            owned=accepted.owned_by_person,
        )

    async def catch_up(self, conversation_id: str, key: str, text: str) -> Received:
        """Take in and answer a message of a talk that was held elsewhere."""
        received = await self.receive(conversation_id, key, text)
        await self._agent.catch_up(conversation_id)
        return received

    def answer(self, conversation_id: str, received: Received) -> None:
        """Begin the answer in the background."""
        task = asyncio.create_task(self._answer(conversation_id))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _answer(self, conversation_id: str) -> None:
        try:
            if self._failures.get(conversation_id, 0) >= TRIES:
                await self._give_up(conversation_id)
            await self._agent.answer(conversation_id)
        except Exception as error:
            # PR-9: the kind of fault only. `resume` tries again when the lease of the turn has ended.
            self._failures[conversation_id] = self._failures.get(conversation_id, 0) + 1
            logger.error("answer failed conversation=%s error=%s", conversation_id, type(error).__name__)

    async def _give_up(self, conversation_id: str) -> None:
        """Say that there is no answer, and who to ask, rather than fail on the same message for ever."""
        turn = await self._store.turns.claim(conversation_id, self._now())
        if turn is None:
            return
        name = turn.message.id
        said = NewEvent("text", {"turn": name, "text": texts().gave_up, "role": "referral", "citations": []})
        done = NewEvent("done", {"turn": name, "message_id": name})
        await self._store.publish(conversation_id, turn.token, [said, done], answers=turn.message.id)
        del self._failures[conversation_id]

    async def resume(self) -> None:
        """Take up what was accepted and not answered (I-1)."""
        for conversation_id in await self._store.turns.unanswered():
            await self._answer(conversation_id)

    async def close(self) -> None:
        """Let running answers end; what does not end in time is taken up at the next start."""
        if self._answering:
            _, late = await asyncio.wait(self._answering, timeout=5)
            for task in late:
                task.cancel()

    async def events(self, conversation_id: str, after: int, limit: int) -> tuple[Event, ...]:
        """Stored events above `after`, in order."""
        return await self._store.events.after(conversation_id, after, limit)

    @asynccontextmanager
    async def live(self, conversation_id: str) -> AsyncIterator[Wake]:
        """Be told of new events."""
        with self._store.live(conversation_id) as listener:
            yield listener.wait

    async def facts(self, conversation_id: str) -> tuple[RememberedFact, ...]:
        """What the conversation believes."""
        return (await self._agent.state(conversation_id)).facts

    async def set_fact(self, conversation_id: str, name: str, value: FactValue | None) -> None:
        """The family corrects or removes a fact."""
        await self._agent.set_fact(conversation_id, name, value)

    async def erase(self, conversation_id: str) -> None:
        """Delete for good."""
        erasure = await self._store.conversations.erase(conversation_id, self._now())
        if erasure.refused_open_ticket:
            raise EraseRefusedError
