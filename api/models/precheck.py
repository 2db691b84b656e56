"""Declared facts in, verdicts and the next question out."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.models.base import Strict, Text
from api.models.policy import CitationOut
from api.models.talk import FactChoice
from tools.types import Declaration, Declarer, Outcome, Truth


class DeclarationIn(Strict):
    """Who declared a fact, and when."""

    by: Literal["family", "form", "staff", "document"]
    message_id: Text = Field(default="", max_length=64)
    at: dt.datetime | None = None

    def declaration(self) -> Declaration:
        """The same as a value of `tools`."""
        return Declaration(Declarer(self.by), self.message_id, self.at)


class PrecheckIn(Strict):
    """Declared facts, by name of `facts.yaml`. What is left out is unknown."""

    facts: dict[str, bool | int | float | Text] = Field(max_length=200)
    declared: dict[str, DeclarationIn] = Field(default_factory=dict, max_length=200)
    """Who declared each fact; one that is not named here counts as told by the family."""
    focus: list[Annotated[str, Field(max_length=10)]] = Field(default_factory=list, max_length=60)
    """Entries to settle with questions; empty: every benefit that may be brought up unasked."""
    compound: bool = False
    """Whether the next question may be about several facts at once (`several`)."""
    as_of: dt.date | None = None
    district: Text = Field(default="", max_length=20)


class ReadOut(BaseModel):
    """A fact that a condition read, and who declared it."""

    name: str
    label: str
    value: bool | int | float | str | None
    """None for a sensitive fact: it is not repeated back."""
    value_label: str
    declared_by: Declarer
    message_id: str
    at: dt.datetime | None
    because: str
    """Of an implied fact: the reason."""


class TraceOut(BaseModel):
    """One condition and how it came out."""

    condition: str
    truth: Truth
    facts: list[ReadOut]
    missing: list[str]
    source: CitationOut
    depth: int


class VerdictOut(BaseModel):
    """What a family may be entitled to. The 乡镇(街道) and 民政 decide."""

    benefit: str
    name: str
    outcome: Outcome
    failed: list[str]
    missing: list[str]
    notes: list[str]
    sources: list[CitationOut]
    trace: list[TraceOut]


class QuestionOut(BaseModel):
    """The one next thing to ask."""

    fact: str
    text: str
    why: str
    choices: list[FactChoice]
    sensitive: bool
    unit: str
    facts: list[str]
    """All facts that the answer settles."""
    several: bool
    """As many choices may be taken as hold; what is not taken is not so."""
    says: list[dict[str, bool | int | float | str]]
    """Where `several`: what each choice says, in order."""
    otherwise: dict[str, bool | int | float | str]
    """Where `several`: what holds of the facts that nothing was chosen for."""


class PrecheckOut(BaseModel):
    """All verdicts, and what to ask next."""

    verdicts: list[VerdictOut]
    next_question: QuestionOut | None
    as_of: dt.date
    district: str
