"""How simulated families say things: `words.yaml`, read and filled in."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

from tools.types import FactValue

_FILE = Path(__file__).with_name("words.yaml")
_PARENTS = {"father": ("他爸爸", "孩子爸爸", "孩子他爸"), "mother": ("他妈妈", "孩子妈妈", "孩子他妈")}
_ANY = "*"
"""Key of what is said the same way whatever the value is: numbers."""


class Said(BaseModel):
    """The ways to say one value."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    answer: tuple[str, ...] = Field(min_length=1)
    """When asked for it."""
    story: tuple[str, ...] = ()
    """Told unasked."""


class Words(BaseModel):
    """All of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    facts: dict[str, dict[str, Said]]
    child_called: dict[str, tuple[str, ...]]
    asks: tuple[str, ...]
    digressions: tuple[str, ...]
    declines: tuple[str, ...]
    unknowns: tuple[str, ...]
    dangers: tuple[str, ...]

    def said(self, name: str, value: FactValue) -> Said | None:
        """The ways to say this value of this fact; None where there is none."""
        parent, _, rest = name.partition("_")
        own = self.facts.get(name)
        if own is None and parent in _PARENTS:
            own = self.facts.get(f"parent_{rest}") or self.facts.get(rest)
        if own is None and name.startswith("child_disability"):
            own = self.facts.get(name.removeprefix("child_"))
        if own is None:
            return None
        key = str(value).lower() if isinstance(value, bool) else str(value)
        return own.get(key) or own.get(_ANY)

    def answer(self, name: str, value: FactValue, dice: random.Random) -> str | None:
        """The value as an answer to our question."""
        said = self.said(name, value)
        return _filled(dice.choice(said.answer), name, value, dice) if said else None

    def tells_which(self, text: str) -> bool:
        """Whether an answer says by itself what it answers: a bare 没有 may belong to any question."""
        return sum(any(text in said.answer for said in ways.values()) for ways in self.facts.values()) < 2

    def story(self, name: str, value: FactValue, dice: random.Random) -> str | None:
        """The value told unasked; None where nobody would."""
        said = self.said(name, value)
        return _filled(dice.choice(said.story), name, value, dice) if said and said.story else None


def _filled(text: str, name: str, value: FactValue, dice: random.Random) -> str:
    parent = name.partition("_")[0]
    called = dice.choice(_PARENTS.get(parent, ("",)))
    number = value if isinstance(value, int) else 0
    years, months = divmod(number, 12)
    span = f"{years}年" if years and not months else f"{number}个月"
    return text.format(p=called, n=number, y=span, v=value)


@cache
def load_words() -> Words:
    """The file, once."""
    raw: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    rest = {key: raw.pop(key) for key in Words.model_fields if key != "facts"}
    facts = {
        name: {_ANY: ways} if "answer" in ways else {_key(value): one for value, one in ways.items()}
        for name, ways in raw.items()
    }
    return Words.model_validate({"facts": facts, **rest})


def _key(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
