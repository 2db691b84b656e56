"""Requests and responses of the HTTP door, as OpenAPI publishes them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from guardrails.types import Route
from knowledge.types import Confidence, Extent, Standing
from tools.types import Declaration, Declarer, Outcome, Truth

_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def clean_text(value: object) -> object:
    """Take out what no keyboard writes: NUL and control characters, halves of surrogate pairs.

    >>> clean_text("你" + chr(0) + "好" + chr(0xD83D))
    '你好�'
    """
    if not isinstance(value, str):
        return value
    return _UNWANTED.sub("", value.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


Text = Annotated[str, BeforeValidator(clean_text)]
OpaqueId = Annotated[str, Field(min_length=1, max_length=64)]


class Strict(BaseModel):
    """A request: what we do not know is refused and named."""

    model_config = ConfigDict(extra="forbid")


class EventOut(BaseModel):
    """One stored event (docs/architecture.md, "Events of a conversation")."""

    seq: int
    event: str
    data: dict[str, Any]


class OpenedOut(BaseModel):
    """A new conversation. The token goes into the `Authorization: Bearer` header and nowhere else."""

    id: str
    token: str
    expires_at: dt.datetime
    events: list[EventOut]


class TokenOut(BaseModel):
    """A fresh token; the one before it has ended."""

    token: str
    expires_at: dt.datetime


class MessageIn(Strict):
    """What a family writes."""

    text: Text = Field(description="As written, of any length; more than the limit is scanned, then refused.")


class MessageOut(BaseModel):
    """The message is stored; what follows comes as events."""

    message_id: str
    seq: int
    route: Route
    card: str | None = None


class EventsOut(BaseModel):
    """The polling door."""

    events: list[EventOut]


class FactOut(BaseModel):
    """One thing Minxing believes of the family."""

    name: str
    label: str
    value: bool | int | float | str
    value_label: str
    certain: bool
    declared_by: str


class FactIn(Strict):
    """A correction by the family."""

    value: bool | int | float | Text


class FactChoice(BaseModel):
    """One value a fact may take."""

    value: bool | int | float | str
    label: str


class FactMeaning(BaseModel):
    """One fact Minxing may ask for, and what it may be."""

    name: str
    label: str
    question: str
    why: str
    sensitive: bool
    unit: str
    min: int | None
    max: int | None
    choices: list[FactChoice]
    """Empty for a number."""


class VocabularyOut(BaseModel):
    """Every fact."""

    items: list[FactMeaning]


class FactsOut(BaseModel):
    """「我了解到的情况」."""

    items: list[FactOut]


class CitationOut(BaseModel):
    """Where a statement stands."""

    clause_id: str
    document: str
    document_id: str
    number: str | None
    clause: str
    standing: Standing
    confidence: Confidence


class ClauseOut(BaseModel):
    """A clause as a citation opens it."""

    id: str
    held: bool
    """False where the document is registered but its text is not here: the paragraphs are our own words."""
    paragraphs: list[str]
    heading_path: list[str]
    citation: CitationOut
    also: list[CitationOut]
    original: str | None
    """Id of the official clause that these own words restate, where its text is held."""
    region: str
    in_force_from: dt.date | None
    in_force_to: dt.date | None
    source: SourceOut | None


class SourceOut(BaseModel):
    """The document a clause is part of."""

    id: str
    title: str
    number: str | None
    issuer: str
    issued: dt.date | None
    extent: Extent
    checked_on: dt.date


class HitOut(BaseModel):
    """One clause that a search found."""

    clause_id: str
    text: str
    heading_path: list[str]
    citation: CitationOut
    score: float


class SearchOut(BaseModel):
    """What the documents say to a question."""

    answerable: bool
    reason: str | None
    hits: list[HitOut]


class BenefitSummary(BaseModel):
    """One benefit of the catalogue."""

    id: str
    name: str
    summary: str


class SaidOut(BaseModel):
    """A sentence of policy and where it stands."""

    say: str
    source: CitationOut


class GiftOut(SaidOut):
    """Something the family gets."""

    not_published: bool
    ask: str
    """Who knows the figure, where the documents publish none."""


class BenefitOut(BenefitSummary):
    """One benefit in full."""

    standing: str
    department: SaidOut
    gives: list[GiftOut]
    place: SaidOut
    materials: list[SaidOut]
    steps: list[SaidOut]
    time_limits: list[SaidOut]
    notes: list[SaidOut]
    sources: list[CitationOut]


class BenefitsOut(BaseModel):
    """The catalogue."""

    items: list[BenefitSummary]


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


class ContactOut(BaseModel):
    """One number of the directory."""

    id: str
    number: str
    name: str
    purpose: str
    scope: str
    hours: str
    open_now: bool | None
    checked_on: dt.date
    emergency: bool


class DirectoryOut(BaseModel):
    """Whom to call."""

    items: list[ContactOut]


class HealthOut(BaseModel):
    """Rooms open and the database answering; anything less is a 503."""

    status: Literal["ok", "degraded"]
    screening: bool
    """False when a detector is missing or broken: rules still stand, people look at what comes in (CR-9)."""
    model: Literal["none", "ok", "resting"] = "none"
    """The language model that words answers; `resting` while none is asked after failures (R-44)."""


ClauseOut.model_rebuild()
