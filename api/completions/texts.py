"""The door's sentences, from `texts.yaml`, validated once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict


class DoorTexts(BaseModel):
    """What chat clients show."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    errors: dict[str, str]
    """By error code; placeholders in braces."""
    sources: str
    restated: str
    item: str
    person: str
    waiting: str
    hidden: str


@cache
def door_texts() -> DoorTexts:
    """Read `api/completions/texts.yaml`."""
    raw = Path(__file__).with_name("texts.yaml").read_text(encoding="utf-8")
    return DoorTexts.model_validate(yaml.safe_load(raw))
