"""Requests and responses of a conversation, and of the facts that Minxing believes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import BaseModel, Field

from api.models.base import Strict, Text
from guardrails.types import Route


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
