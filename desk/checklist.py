"""The checklist of mandatory reports: what the signals suggest is ticked, a person decides (LG-4, LG-5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict


class Duty(BaseModel):
    """A sentence of law that binds staff, with its clause."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    source: str


class Item(Duty):
    """A situation that must be reported."""

    id: str
    categories: tuple[str, ...]
    """Signal categories that suggest it."""


class Reports(BaseModel):
    """All of `mandatory_reports.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    duty: tuple[Duty, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a case's checklist."""

    item: Item
    suggested: bool


@cache
def reports() -> Reports:
    """Read the file."""
    raw = Path(__file__).with_name("mandatory_reports.yaml").read_text(encoding="utf-8")
    return Reports.model_validate(yaml.safe_load(raw))


def checklist(categories: Iterable[str]) -> tuple[Line, ...]:
    """All situations, those that the categories of a talk suggest marked."""
    present = frozenset(categories)
    return tuple(Line(item, bool(present & set(item.categories))) for item in reports().items)
