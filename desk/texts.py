"""The desk's words, from `texts.yaml`, validated once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict


class Status(BaseModel):
    """What the family reads when a person comes or goes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    person_joined: str
    person_left: str
    person_away: str
    person_lost: str
    handed_over: str
    closed: str


class Labels(BaseModel):
    """Codes in plain Chinese, for the desk page."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    severity: dict[int, str]
    reason: dict[str, str]
    category: dict[str, str]
    speaker: dict[str, str]
    step: dict[str, str]


class Texts(BaseModel):
    """All of `texts.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: Status
    errors: dict[str, str]
    labels: Labels


@cache
def texts() -> Texts:
    """Read the file."""
    raw = Path(__file__).with_name("texts.yaml").read_text(encoding="utf-8")
    return Texts.model_validate(yaml.safe_load(raw))
