"""The door's sentences, from `texts.yaml`, validated once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from agent.types import Role


class GreetingLine(BaseModel):
    """One sentence of the greeting."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Role
    text: str


class Texts(BaseModel):
    """What families read when the door itself has something to say."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    errors: dict[str, str]
    """By error code; placeholders in braces."""
    reasons: dict[str, str]
    """Why a field is wrong, in a few words."""
    phones: tuple[str, ...]
    """Shown with every failure of ours (AX-10)."""
    gave_up: str
    """In place of an answer that failed again and again."""
    greeting: tuple[GreetingLine, ...]
    greeting_suggestions: tuple[str, ...]


@cache
def texts() -> Texts:
    """Read `api/texts.yaml`."""
    raw = Path(__file__).with_name("texts.yaml").read_text(encoding="utf-8")
    return Texts.model_validate(yaml.safe_load(raw))
