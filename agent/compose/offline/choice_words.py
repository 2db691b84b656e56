"""`choice.yaml`: the words that tell which guide and which paragraph a question is about."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from agent.types import Intent

CHOICE_FILE = Path(__file__).with_name("choice.yaml")


class Aim(BaseModel):
    """Words of a question, and words of the paragraph it looks for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    asked: re.Pattern[str]
    found: re.Pattern[str]
    before: bool = False
    """Whether a short message goes on about what the one before said: 他不想读了, then 那钱还发不."""


class Choice(BaseModel):
    """`choice.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    guides: dict[str, re.Pattern[str]]
    meant: dict[Intent, tuple[str, ...]]
    """Guides that an intent leads to, whatever the words."""
    sued: re.Pattern[str]
    """Would sue parents or an heir, …"""
    offices: re.Pattern[str]
    """… unless the talk has words of offices."""
    schools: re.Pattern[str]
    """Who refuses is a school or a nursery, not an office."""
    denied: dict[str, re.Pattern[str]]
    sections: dict[Intent, dict[str, float]]
    aims: tuple[Aim, ...]
    grounds: re.Pattern[str]
    only_grounds: re.Pattern[str]
    back: re.Pattern[str]
    goes_on: re.Pattern[str]
    """Goes on about what was spoken of: 还能接着领吗."""
    dated: re.Pattern[str]
    """Asks which of two documents counts: their own paragraphs answer that."""
    list: re.Pattern[str]
    """Asks for all there is of something."""
    more: re.Pattern[str]
    """Asks for what the answer before left out."""
    sum: re.Pattern[str]
    """A figure that is wrong beside any other benefit."""
    silent: re.Pattern[str]
    """A paragraph that says what no document says: after those that answer."""
    soothes: re.Pattern[str]
    """A paragraph for who is in distress …"""
    weary: re.Pattern[str]
    """… and words that ask for one."""
    refutes: re.Pattern[str]
    """A paragraph that says no."""
    whether: re.Pattern[str]
    """Asks whether, or who: 能不能, 算不算, 还是."""
    visits: re.Pattern[str]
    """Asks for a visit: 多久能见一次 is no question about the days of a procedure."""
    confides: re.Pattern[str]
    """Wants somebody to listen, not somebody of an office."""
    alone: re.Pattern[str]
    """Says that one person carries everything."""
    bare: re.Pattern[str]
    """Begins a paragraph that, beside another benefit's, would be read as that one's step, place or term."""
    faint: dict[str, float]
    general: re.Pattern[str]
    leans_back: re.Pattern[str]
    """Begins a paragraph that makes sense only behind the one before it."""
    unspoken: tuple[str, ...]
    """Entries of which nothing is shown to who did not speak of them."""
    unsuggested: tuple[str, ...]
    """Entries that are never suggested: whom they concern asks for them."""
    prevails: tuple[str, ...]
    """Guides that a story leads to although another entry is named: 低保停了 is about the stop."""
    directs: re.Pattern[str]
    taken: dict[str, dict[str, tuple[str | bool, ...]]]
    """Benefits that what the family has already takes the place of: no 低保 for who has 特困."""
    ours: str
    """Says that a family comes from `{place}` and lives here."""


@cache
def load_choice() -> Choice:
    """Read once a process."""
    return Choice.model_validate(yaml.safe_load(CHOICE_FILE.read_text(encoding="utf-8")))
