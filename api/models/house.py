"""Whom to call, and how the house is."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel


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
