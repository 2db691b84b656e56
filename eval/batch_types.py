"""The lines that go into and come out of `minxing batch`, the machine-readable door for evaluators."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class BatchMessage(_Line):
    """One turn of a conversation."""

    role: Literal["family", "assistant"]
    text: str


class BatchInput(_Line):
    """One line in: a single text, or a conversation whose last message is the family's."""

    id: str | int
    text: str | None = None
    messages: tuple[BatchMessage, ...] | None = None
    facts: dict[str, bool | int | float | str] = Field(default_factory=dict)
    """Facts already known, by name of tools/facts.yaml."""
    as_of: dt.date | None = None
    """The date for which to answer; today when absent."""
    district: str = ""

    @model_validator(mode="after")
    def _one_of(self) -> BatchInput:
        if (self.text is None) == (self.messages is None):
            raise ValueError("give either `text` or `messages`")
        if self.messages is not None and (not self.messages or self.messages[-1].role != "family"):
            raise ValueError("`messages` must end with a message of role `family`")
        return self

    @property
    def conversation(self) -> tuple[BatchMessage, ...]:
        """The talk as messages, whichever form it came in."""
        return self.messages or (BatchMessage(role="family", text=self.text or ""),)


class BatchEntity(_Line):
    """A personal identifier, in offsets of the last message."""

    start: int
    end: int
    type: str


class BatchSource(_Line):
    """A clause that a verdict rests on."""

    document: str
    number: str | None
    clause: str


class BatchCitation(BatchSource):
    """A clause that the reply cites."""

    document_id: str
    standing: str


class BatchHit(BatchCitation):
    """A clause that the search found."""

    clause_id: str
    score: float
    text: str


class BatchVerdict(_Line):
    """The outcome of one benefit."""

    benefit: str
    name: str
    outcome: Literal["likely", "unlikely", "unknown", "choice", "depends_on_district"]
    failed: tuple[str, ...]
    missing: tuple[str, ...]
    sources: tuple[BatchSource, ...]


class BatchQuestion(_Line):
    """The one next thing to ask."""

    fact: str
    text: str


class BatchSentence(_Line):
    """One sentence of the reply, with the ids of the evidence it rests on."""

    text: str
    evidence: tuple[str, ...]


class BatchTicket(_Line):
    """The ticket that the conversation has opened."""

    severity: str
    category: str | None


class ScreenOutput(_Line):
    """Stage `screen`."""

    id: str | int
    severity: Literal["S0", "S1", "S2", "S3", "S4"]
    category: str | None
    route: str
    triggers: tuple[str, ...]
    redacted: str
    entities: tuple[BatchEntity, ...]


class SearchOutput(_Line):
    """Stage `search`."""

    id: str | int
    answerable: bool
    reason: str | None
    hits: tuple[BatchHit, ...]


class PrecheckOutput(_Line):
    """Stage `precheck`."""

    id: str | int
    verdicts: tuple[BatchVerdict, ...]
    next_question: BatchQuestion | None
    facts: dict[str, bool | int | float | str]


class TurnOutput(ScreenOutput):
    """Stage `turn`: everything."""

    answerable: bool
    reason: str | None
    hits: tuple[BatchHit, ...]
    verdicts: tuple[BatchVerdict, ...]
    next_question: BatchQuestion | None
    intent: str | None
    intents: tuple[str, ...]
    facts: dict[str, bool | int | float | str]
    reply: tuple[BatchSentence, ...]
    card: str | None
    """All text of the crisis card, if one was shown instead of an answer."""
    citations: tuple[BatchCitation, ...]
    ticket: BatchTicket | None


class ErrorOutput(_Line):
    """A line that could not be worked: the rest goes on."""

    id: str | int | None
    line: int
    error: str
