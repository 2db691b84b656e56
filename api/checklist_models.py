"""Checklists as OpenAPI publishes them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, Field

from api.models import CitationOut, Strict, Text


class ChecklistIn(Strict):
    """Which page to make, and what the family chose to have on it."""

    benefit: Text = Field(max_length=10)
    applied: dt.date | None = None
    print_facts: list[Annotated[str, Field(max_length=60)]] = Field(default_factory=list, max_length=60)


class ItemOut(BaseModel):
    """A sentence with its clause; for a paper also what to do without it."""

    text: str
    otherwise: str
    source: CitationOut


class LimitOut(BaseModel):
    """A time limit."""

    text: str
    amount: int
    unit: str
    counts_from: str
    due: dt.date | None
    due_is_exact: bool
    """False where no calendar of public holidays covers the time yet."""
    source: CitationOut


class ChecklistOut(BaseModel):
    """What a family takes to the counter."""

    benefit: str
    name: str
    summary: str
    automatic: bool
    where: ItemOut
    channel: list[ItemOut]
    materials: list[ItemOut]
    steps: list[ItemOut]
    limits: list[LimitOut]
    notice: ItemOut | None
    beware: list[ItemOut]
    gives: list[ItemOut]
    department: ItemOut
    reported: bool
    as_of: dt.date


class PageOut(BaseModel):
    """A page to save or print. Its style is inside, and it loads nothing."""

    html: str
