"""What a composer gets and gives. Two of them, one protocol: `offline` and `model`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from agent.compose.spending import TurnSpending
from agent.ledger import Ledger
from agent.phrases import Phrases
from agent.types import ConversationState, Sentence, Understanding, Work
from guardrails.types import Utterance

if TYPE_CHECKING:
    from knowledge.library import Library
    from tools.catalogue import Catalogue
    from tools.directory import Directory

Release = Callable[[Sentence], Awaitable[bool]]
"""Hands a sentence to the output check and, if it passes, to the family. False: it was dropped."""


@dataclass(frozen=True, slots=True)
class Rooms:
    """What a composer may look things up in."""

    library: Library
    catalogue: Catalogue
    directory: Directory
    phrases: Phrases


@dataclass(frozen=True, slots=True)
class Brief:
    """All that is known when the wording begins. Holds redacted text only."""

    text: str
    window: tuple[Utterance, ...]
    understanding: Understanding
    before: ConversationState
    """What was remembered before this message."""
    state: ConversationState
    """With this message's facts merged in."""
    work: Work
    ledger: Ledger
    rooms: Rooms
    as_of: dt.date
    now: dt.datetime
    child_speaks: bool = False
    """A child seems to be writing: who can go along is said."""
    care: bool = False
    """Quiet distress was heard: one warm sentence belongs in the answer."""
    distress: bool = False
    """It was heard in this very message, not only earlier in the talk."""
    offer_person: bool = False
    """A person is offered: S2, or a detector failed."""
    ticket_stored: bool = False
    """A ticket for a person is stored: the only ground for saying so (CR-22)."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a composer made of a brief."""

    sentences: tuple[Sentence, ...]
    suggestions: tuple[str, ...] = ()
    asked: str | None = None
    """Fact that the closing question asks for."""
    listed: tuple[str, ...] = ()
    """Entries named, in order: what 第二个 will mean."""
    topic: str | None = None
    """Entry that the answer was about."""
    missed: bool = False
    """Nothing was found: two in a row offer a person."""
    more: tuple[str, ...] = ()
    """Clauses that were found and left for 「还有哪些」."""
    errand: str = ""
    """Question that the family is asked to let us hand on."""
    composer: str = "offline"
    notes: dict[str, object] = field(default_factory=dict)
    """For the log of the turn."""
    spent: TurnSpending | None = None
    """What a language model did and cost; None where none was there to ask."""


class Composer(Protocol):
    """Words an answer from typed evidence."""

    @property
    def streams(self) -> bool:
        """Whether sentences come one by one, slowly enough to be shown as they come."""
        ...

    async def compose(self, brief: Brief, release: Release) -> Draft:
        """Make the answer, handing each sentence to `release` as it is ready."""
        ...
