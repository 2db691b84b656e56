"""What a model has cost: tokens as the server reports them, money by the operator's own prices."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Price:
    """Per million tokens, in the operator's currency. Not set: no cost is told, none is made up."""

    input: float
    output: float
    currency: str

    def of(self, input_tokens: int, output_tokens: int) -> float:
        """What so many tokens cost."""
        return (input_tokens * self.input + output_tokens * self.output) / 1_000_000


@dataclass(slots=True)
class Counters:
    """What one model has done since the start."""

    calls: int = 0
    """Requests to the server, retries and rounds with tools included."""
    answers: int = 0
    """Turns that it worded."""
    failures: int = 0
    """Turns that it could not word in time."""
    tool_calls: int = 0
    sentences_dropped: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    answers_without_usage: int = 0
    """Turns whose server reported no tokens: for them nothing is counted."""


@dataclass(slots=True)
class TurnSpending:
    """What one turn has cost, for its trace."""

    models: list[str] = field(default_factory=list)
    """Asked, in order."""
    calls: int = 0
    tool_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None
    currency: str = ""
    released: int = 0
    """Sentences of the model that the family read."""
    dropped: list[tuple[str, str]] = field(default_factory=list)
    """Why, and the words of each sentence that was not released."""
    failures: list[str] = field(default_factory=list)

    def paid(self, amount: float, currency: str) -> None:
        """Add to the cost."""
        self.cost, self.currency = (self.cost or 0.0) + amount, currency

    def shown(self) -> dict[str, object]:
        """For the trace of the turn: no words of a sentence."""
        return {
            "asked": self.models,
            "calls": self.calls,
            "tool_calls": self.tool_calls,
            "input_tokens": self.input_tokens,
            "output_tokens": self.output_tokens,
            "cost": None if self.cost is None else round(self.cost, 6),
            "currency": self.currency,
            "released": self.released,
            "dropped": [why for why, _ in self.dropped],
            "failures": self.failures,
        }


@dataclass(slots=True)
class DailyCap:
    """Tokens of one day; beyond them answers are worded offline until the next (SE-8)."""

    tokens: int = 0
    """0: no cap."""
    _day: dt.date | None = None
    _used: int = 0

    def left(self, day: dt.date) -> bool:
        """Whether a model may be asked today."""
        if day != self._day:
            self._day, self._used = day, 0
        return not self.tokens or self._used < self.tokens

    def count(self, tokens: int) -> None:
        """Note what a turn used."""
        self._used += tokens


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """One model as health and metrics show it."""

    name: str
    resting: bool
    """The breaker is open: the model is left alone for now."""
    counters: Counters
    price: Price | None

    @property
    def cost(self) -> float | None:
        """Since the start; None without prices."""
        spent = self.counters
        return self.price.of(spent.input_tokens, spent.output_tokens) if self.price else None
