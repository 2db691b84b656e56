"""Clauses, searches and the catalogue of benefits."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel

from knowledge.types import Confidence, Extent, Standing


class CitationOut(BaseModel):
    """Where a statement stands."""

    clause_id: str
    document: str
    document_id: str
    number: str | None
    clause: str
    standing: Standing
    confidence: Confidence


class SourceOut(BaseModel):
    """The document a clause is part of."""

    id: str
    title: str
    number: str | None
    issuer: str
    issued: dt.date | None
    extent: Extent
    checked_on: dt.date


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
