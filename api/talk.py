"""What the chat routes ask of the rooms below, as one protocol: a conversation, its events, its facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from agent.types import Admission, ConversationState, RememberedFact
from guardrails.types import Route, Screening
from storage.types import Event
from tools.types import FactValue

Wake = Callable[[float], Awaitable[bool]]
"""`await wake(seconds)`: True as soon as something new may be stored, False when the time is over."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation's door. The token is shown once and stored only as a hash."""

    id: str
    token: str
    expires_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Holder:
    """What a good token opens."""

    expires_at: dt.datetime
    last_seq: int
    """Sequence number of the newest event: a cursor beyond it is not one of ours."""


@dataclass(frozen=True, slots=True)
class Received:
    """An accepted message."""

    message_id: str
    seq: int
    route: Route
    card: str | None
    """Id of the template card that took the place of an answer."""
    replayed: bool = False
    """The same key and body came before: nothing was stored again (SE-11)."""
    owned: bool = False
    """A person has taken the talk over: the bot says nothing."""


class KeyReusedError(Exception):
    """The page sees 409: the same idempotency key came with another body."""


class EraseRefusedError(Exception):
    """The family sees why: a person is looking after an urgent ticket of this conversation (R-33)."""


class Talk(Protocol):
    """Conversations as the door sees them. Implemented over `storage` and `agent`."""

    async def open(self) -> Opened:
        """Make a conversation with its greeting."""
        ...

    async def holder(self, conversation_id: str, token: str) -> Holder | None:
        """What this token opens, if it opens this conversation now; otherwise None."""
        ...

    async def rotate(self, conversation_id: str, token: str) -> Opened | None:
        """A fresh token for a fresh or lately expired one; the old one ends."""
        ...

    async def screen(self, conversation_id: str, text: str) -> Screening:
        """Scan a message against its conversation, storing nothing.

        Where the database does not answer, the message is scanned alone.
        """
        ...

    async def receive(self, conversation_id: str, key: str, text: str) -> Received:
        """Screen, store, card. Raises KeyReusedError."""
        ...

    def answer(self, conversation_id: str, received: Received) -> None:
        """Begin the answer in the background; its events are stored as they are released."""
        ...

    async def catch_up(self, conversation_id: str, key: str, text: str) -> Received:
        """Take in and answer, without a model, a message of a talk that was held elsewhere."""
        ...

    async def resume(self) -> None:
        """Answer whatever was accepted and left unanswered, such as by a server that stopped (I-1, R-61)."""
        ...

    async def events(self, conversation_id: str, after: int, limit: int) -> tuple[Event, ...]:
        """Stored events with a sequence number above `after`, in order."""
        ...

    def live(self, conversation_id: str) -> AbstractAsyncContextManager[Wake]:
        """Be told of new events."""
        ...

    async def facts(self, conversation_id: str) -> tuple[RememberedFact, ...]:
        """What the conversation believes."""
        ...

    async def set_fact(self, conversation_id: str, name: str, value: FactValue | None) -> None:
        """The family corrects or (None) removes a fact; a `facts` event follows."""
        ...

    async def erase(self, conversation_id: str) -> None:
        """Delete text, facts and events for good. Raises EraseRefusedError."""
        ...


class Assistant(Protocol):
    """What the door needs of the agent (`agent.turn.Agent`)."""

    async def screen(self, conversation_id: str, text: str) -> Screening:
        """Step 1 alone: storing nothing."""
        ...

    async def receive(self, conversation_id: str, key: str, text: str) -> Admission:
        """Steps 1 to 4."""
        ...

    async def answer(self, conversation_id: str) -> None:
        """Steps 5 to 9 for every message that waits; returns when none is left or another turn runs."""
        ...

    async def catch_up(self, conversation_id: str) -> None:
        """Steps 5 to 9 for what waits, with the composer that needs no model."""
        ...

    async def state(self, conversation_id: str) -> ConversationState:
        """What the conversation remembers."""
        ...

    async def set_fact(self, conversation_id: str, name: str, value: FactValue | None) -> None:
        """The family's own correction."""
        ...
