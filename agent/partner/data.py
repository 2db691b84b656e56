"""Topics and texts of the hand-off, validated once."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from agent.phrases import Phrases

_HERE = Path(__file__).parent


class Topics(BaseModel):
    """`topics.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    partner: dict[str, re.Pattern[str]]
    ours: re.Pattern[str]
    shareable: tuple[str, ...]

    def of(self, text: str) -> str | None:
        """The partner's topic that a text is about; None where it is ours or neither's."""
        if self.ours.search(text):
            return None
        return next((name for name, pattern in self.partner.items() if pattern.search(text)), None)


class Consent(BaseModel):
    """How people agree and refuse."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    yes: re.Pattern[str]
    words: re.Pattern[str]
    person: re.Pattern[str]
    """转人工 is no consent to anything."""
    no: re.Pattern[str]


class Dropped(BaseModel):
    """Sentences of a partner that nobody reads, and the phrase that is said in their place."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    then: str
    pattern: re.Pattern[str]


class Texts(BaseModel):
    """`texts.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    partner: dict[str, str]
    consent: Consent
    dropped: tuple[Dropped, ...]

    @property
    def say(self) -> Phrases:
        """The phrases, by `partner.<key>`."""
        return Phrases(groups={"partner": self.partner})


@cache
def topics() -> Topics:
    """Read once a process."""
    return Topics.model_validate(yaml.safe_load((_HERE / "topics.yaml").read_text(encoding="utf-8")))


@cache
def texts() -> Texts:
    """Read once a process."""
    return Texts.model_validate(yaml.safe_load((_HERE / "texts.yaml").read_text(encoding="utf-8")))
