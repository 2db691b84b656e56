"""One benefit as an editor writes it in `benefits/<entry>.yaml`."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tools.conditions import Comparison, Condition


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Standing(StrEnum):
    """How firmly the documents promise it."""

    ENTITLEMENT = "entitlement"
    ENCOURAGED = "encouraged"
    """Places are only encouraged to give it: never a yes (facts.md trap 12)."""
    SERVICE = "service"
    """Help that is given, not money that is paid."""


class Relation(StrEnum):
    """What two benefits do to each other."""

    HIGHEST_ONLY = "highest_only"
    """就高不重复: the higher one is paid."""
    TOP_UP = "top_up"
    """补差: this one pays the difference above the other."""
    CHOOSE_ONE = "choose_one"
    EXCLUDES = "excludes"
    STACKS_WITH = "stacks_with"
    OPENS = "opens"
    """Having this one is what the other one asks for, such as 认定 before 资助参保."""


class TimeUnit(StrEnum):
    """In what a time limit is counted. Never mix them up (facts.md trap 10)."""

    WORKING_DAYS = "working_days"
    DAYS = "days"
    HOURS = "hours"
    MONTHS = "months"


class PlaceKind(StrEnum):
    """Where one applies (facts.md trap 8)."""

    REGISTERED_RESIDENCE = "registered_residence"
    RESIDENCE_OR_PERMIT = "residence_or_permit"
    WHERE_IT_HAPPENS = "where_it_happens"
    SCHOOL = "school"
    ANYWHERE = "anywhere"
    HOSPITAL = "hospital"
    COURT = "court"
    LEGAL_AID = "legal_aid"
    RESIDENCE = "residence"
    NONE = "none"
    """Nothing to apply for: it comes by itself."""


class Said(_Data):
    """A sentence of policy and the clause it rests on."""

    say: str
    source: str


class DatedValue(_Data):
    """What a parameter is from a day on, in a place."""

    since: dt.date = Field(alias="from")
    value: int
    place: str = ""
    """Empty: everywhere this benefit applies. A district's name beats it."""
    source: str


class Parameter(_Data):
    """A number of policy with its history. The latest value on the day, the nearest place first."""

    unit: str
    values: tuple[DatedValue, ...] = Field(min_length=1)

    def on(self, day: dt.date, district: str = "") -> DatedValue | None:
        """The value in force on a day, or None before the first one."""
        current = [v for v in self.values if v.since <= day and v.place in ("", district)]
        return max(current, key=lambda v: (v.place != "", v.since), default=None)


class Gift(Said):
    """Something the family gets."""

    parameter: str = ""
    """Name of the dated parameter that holds the figure."""
    not_published: bool = False
    """The documents name no figure for Hangzhou: never fill one in."""
    ask: str = ""
    """Who knows the figure, where it is not published."""

    @model_validator(mode="after")
    def _asks(self) -> Self:
        if self.not_published and not self.ask:
            raise ValueError("an amount that is not published says who to ask (ask: …)")
        return self


class Conflict(Said):
    """What this benefit does to others."""

    kind: Relation
    others: tuple[str, ...] = Field(alias="with", min_length=1)
    consequence: str = ""
    """For a choice: what taking this one means."""


class Place(Said):
    """Where to apply."""

    kind: PlaceKind


class Material(Said):
    """A paper to bring."""

    if_missing: str = ""
    """What to do without it."""
    when: Comparison | None = None
    """Only for families of whom this holds; unknown counts as holding."""


class TimeLimit(Said):
    """How long an office may take for a step."""

    amount: int = Field(ge=1)
    unit: TimeUnit
    counts_from: str
    """In plain Chinese: 收到申请之日."""
    after: str = ""
    """`say` of the step it follows, for adding up the day an answer is due."""


class PublicNotice(Said):
    """Whether names are put up in the village or community (facts.md trap 9)."""

    held: bool
    days: int | None = None


class Apply(_Data):
    """How one gets it."""

    automatic: bool = False
    """Comes without an application: the family checks that it happened (facts.md trap 15)."""
    place: Place
    channel: tuple[Said, ...] = ()
    materials: tuple[Material, ...] = ()
    steps: tuple[Said, ...] = Field(min_length=1)
    time_limits: tuple[TimeLimit, ...] = ()
    public_notice: PublicNotice | None = None
    beware: tuple[Said, ...] = ()


class Benefit(_Data):
    """A benefit or service whose conditions are rules."""

    id: str = Field(pattern=r"^B\d\d$")
    name: str
    """Official name of the entry."""
    summary: str
    """One or two plain sentences."""
    standing: Standing
    hallmarks: tuple[str, ...] = ()
    """Facts that make this one worth asking about when the family tells them."""
    in_force_from: dt.date | None = None
    in_force_source: str = ""
    residence: Condition | None = None
    """Whose benefit it is by place. A family that has not said where the child is registered counts as
    registered in Hangzhou here: the place is an input of a pre-check, and the verdict says so."""
    parameters: dict[str, Parameter] = Field(default_factory=dict)
    who: Condition
    gives: tuple[Gift, ...] = Field(min_length=1)
    conflicts: tuple[Conflict, ...] = ()
    apply: Apply
    department: Said
    notes: tuple[Said, ...] = ()
    """Said with every verdict that is not `unlikely`."""
    notes_if_unlikely: tuple[Said, ...] = ()
    """Said with `unlikely`, such as a reported widening that we could not read."""
    urgent: bool = False
    """Can be had at once, before anything that takes weeks."""
    sources: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _dated(self) -> Self:
        if self.in_force_from and not self.in_force_source:
            raise ValueError("in_force_from needs in_force_source: the clause that says when it starts")
        return self
