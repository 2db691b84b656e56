"""Who seems to be writing: which template fits (CR-17, CR-18, CR-19)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from guardrails.types import Category, Severity, Signal, Speaker

FILE = Path(__file__).with_name("speakers.yaml")


class SpeakerFile(BaseModel):
    """The file `speakers.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    caregiver_at_risk_categories: frozenset[Category]
    child: tuple[str, ...]
    third_party: tuple[str, ...]
    oneself: tuple[str, ...]


@lru_cache(maxsize=1)
def _load() -> SpeakerFile:
    return SpeakerFile.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))


@lru_cache
def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


def who_speaks(texts: Iterable[str], signals: Iterable[Signal]) -> Speaker:
    """The likeliest speaker of normalised family texts, newest first.

    A carer at risk comes first: the child's safety hangs on that template. Who reported a neighbour an hour
    ago and cannot go on now is spoken to, not asked to stand by somebody.
    """
    data, said = _load(), list(texts)
    own = bool(said) and _any(data.oneself).search(said[0])
    for signal in signals:
        if signal.category in data.caregiver_at_risk_categories and signal.severity >= Severity.S3:
            return Speaker.CAREGIVER_AT_RISK
    for text in said:
        if not own and _any(data.third_party).search(text):
            return Speaker.THIRD_PARTY
        if _any(data.child).search(text):
            return Speaker.CHILD
    return Speaker.ADULT
