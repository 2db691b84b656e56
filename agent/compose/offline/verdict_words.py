"""`verdicts.yaml`: the words that decide what is said of a verdict."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from tools.types import Outcome

WORDS_FILE = Path(__file__).with_name("verdicts.yaml")


class VerdictWords(BaseModel):
    """`verdicts.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    speaks: dict[str, re.Pattern[str]]
    """Says that the father, or the mother, writes."""
    to_child: dict[str, str]
    """Words of a question, and what a child is asked instead."""
    said: dict[Outcome, str]
    """How an answer says the verdict of the benefit `{name}`."""
    pointed: re.Pattern[str]
    """Points at what was just spoken of."""
    otherwise: re.Pattern[str]
    """Asks what else there is."""
    besides: re.Pattern[str]
    """Asks for what there is beside the benefit that was spoken of."""
    certificate_notes: re.Pattern[str]
    """A note for who has a disability and no certificate."""
    ungraded_notes: re.Pattern[str]
    """The same where it is a parent."""
    left_notes: re.Pattern[str]
    """A note about a parent who could care and does not …"""
    left: re.Pattern[str]
    """… and words that tell of one …"""
    pays: re.Pattern[str]
    """… who pays after all."""
    money: re.Pattern[str]
    """Tells of money …"""
    costs: re.Pattern[str]
    """… or of what something costs."""
    plain: re.Pattern[str]
    """A statement, in so many words."""


@cache
def load_words() -> VerdictWords:
    """Read once a process."""
    return VerdictWords.model_validate(yaml.safe_load(WORDS_FILE.read_text(encoding="utf-8")))


OF_THE_TOPIC = 16
"""Characters up to which 现在就能申请吗 asks about what was spoken of, and about nothing else."""


def points_back(text: str) -> bool:
    """Whether a message asks for the benefit just spoken of, and for no other.

    Examples:
        >>> points_back("能不能领那个补贴"), points_back("这个没有，别的有什么能申请的")
        (True, False)
    """
    words = load_words()
    return bool(words.pointed.search(text)) and not words.besides.search(text)
