"""The questions as data: what the family says, what must be said, may not be said, and must be cited."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from tools.types import Outcome

FOLDER = Path(__file__).parent / "questions"
FORBIDDEN = Path(__file__).parent / "forbidden.yaml"

Half = Literal["development", "reported"]
Kind = Literal[
    "short",
    "plain",
    "long",
    "dialect",
    "follow_up",
    "typos",
    "several",
    "staff",
    "child",
    "not_covered",
    "outside",
    "old_document",
]
HALVES: tuple[Half, ...] = get_args(Half)


def _split(value: Any) -> Any:
    """`A|B` in a list stands for two alternatives."""
    if not isinstance(value, list):
        return value
    return [item.split("|") if isinstance(item, str) else item for item in value]


class AnswerQuestion(BaseModel):
    """One talk, and what a careful policy officer demands of its last answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[bl]\d\d_[a-z0-9_]+$")
    entry: str = Field(pattern=r"^[BL]\d\d$")
    """The benefit, service or life guide that it is about."""
    kind: Kind
    half: Half
    talk: tuple[str, ...] = Field(min_length=1)
    """What the family says; the answer to the last message is judged."""
    must: tuple[re.Pattern[str], ...] = Field(min_length=1)
    """Each must be found in the answer, in the spelling of `text.normal`."""
    must_not: tuple[re.Pattern[str], ...] = ()
    """Claims that none may be found of."""
    cites: tuple[tuple[str, ...], ...]
    """Groups of clauses; one of each group must be cited. A document alone stands for all its clauses.

    Empty only for a question about another place: that we do not know its rules rests on no clause.
    """
    verdict: dict[str, tuple[Outcome, ...]] = Field(default_factory=dict)
    """Entry and the outcomes of which one must be shown."""
    card: Literal["no", "may"] = "no"
    """`may`: the talk tells of danger, and a card with the lines to call is a right answer to it."""
    as_of: dt.date | None = None

    @model_validator(mode="after")
    def _rests_on_something(self) -> AnswerQuestion:
        if not self.cites and self.kind != "outside":
            raise ValueError(f"{self.id}: name the clauses that the answer must cite")
        return self

    @field_validator("must", "must_not", mode="before")
    @classmethod
    def _alternatives(cls, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return ["|".join(item) if isinstance(item, list) else item for item in value]

    @field_validator("cites", mode="before")
    @classmethod
    def _groups(cls, value: Any) -> Any:
        return _split(value)

    @field_validator("verdict", mode="before")
    @classmethod
    def _outcomes(cls, value: Any) -> Any:
        return {entry: one.split("|") for entry, one in value.items()} if isinstance(value, dict) else value


class ForbiddenClaim(BaseModel):
    """A claim that no answer may make, whatever was asked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None = None
    """Found in the same answer, it makes the claim harmless."""


def load_questions(half: Half | None = None, folder: Path = FOLDER) -> list[AnswerQuestion]:
    """The questions of one half, or all, in file order.

    Raises:
        pydantic.ValidationError: a question that does not fit; the file is the evaluators' to mend.
    """
    found: list[AnswerQuestion] = []
    for name in HALVES if half is None else (half,):
        for path in sorted(folder.glob(f"{name}_*.yaml")):
            raw = yaml.safe_load(path.read_text(encoding="utf-8"))
            found += [AnswerQuestion.model_validate({"half": name, **item}) for item in raw["questions"]]
    return found


def load_forbidden(path: Path = FORBIDDEN) -> tuple[ForbiddenClaim, ...]:
    """The claims that no answer may make."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tuple(ForbiddenClaim.model_validate(item) for item in raw["claims"])


def chosen(questions: Iterable[AnswerQuestion], only: str = "") -> list[AnswerQuestion]:
    """Those of one entry, such as B07, or whose id starts so; all when empty."""
    wanted = only.lower()
    return [q for q in questions if not wanted or q.id.startswith(wanted)]
