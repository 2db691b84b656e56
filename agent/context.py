"""What one turn knows so far."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from agent.compose.protocol import Draft
from agent.ledger import Ledger
from agent.types import Sentence, TurnInput, TurnResult
from guardrails.types import Screening, Utterance


@dataclass(frozen=True, slots=True)
class Screened:
    """What is known of a message from the moment that it came, until it is answered."""

    screening: Screening | None
    """None after a restart: the redacted text is screened again."""
    window: tuple[Utterance, ...] | None = None
    """The lines before it; None where they are to be read anew: something came between, or it waited long."""


@dataclass(slots=True)
class Context:
    """What one turn knows so far. Every step adds to it and leaves its duration."""

    turn: TurnInput
    result: TurnResult
    message_id: str = "message"
    ledger: Ledger = field(default_factory=Ledger)
    sentences: list[Sentence] = field(default_factory=list)
    draft: Draft | None = None
    ticket_stored: bool = False

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step, in milliseconds."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.result.durations_ms[name] = (time.perf_counter() - begun) * 1000
