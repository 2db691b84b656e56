"""What code decides, as values: facts, verdicts with their trace, contacts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from knowledge.types import Citation

FactValue = bool | int | float | str
"""A declared fact. Absent means unknown; `None` is never stored."""

Facts = Mapping[str, FactValue]
"""Facts by name of `facts.yaml`, such as `{"father_state": "imprisoned"}`."""


class Outcome(StrEnum):
    """What a pre-check may say. The decision is always the 乡镇(街道)'s and 民政's."""

    LIKELY = "likely"
    UNLIKELY = "unlikely"
    UNKNOWN = "unknown"
    CHOICE = "choice"
    """Likely, and in conflict with another likely benefit between which the family may choose."""
    DEPENDS_ON_DISTRICT = "depends_on_district"
    """The documents only encourage it: never a yes (facts.md trap 12)."""


class Truth(StrEnum):
    """Kleene's three values."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


class Declarer(StrEnum):
    """Where a fact comes from."""

    FAMILY = "family"
    """Said in the talk."""
    FORM = "form"
    """Ticked or corrected by the family on a form."""
    STAFF = "staff"
    DOCUMENT = "document"
    """Read from a paper that somebody checked."""
    IMPLIED = "implied"
    """Follows from another fact (`implications.yaml`)."""
    PRESUMED = "presumed"
    """Nobody said it: the place of a pre-check is Hangzhou until told otherwise."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """Who declared a fact, and when, as far as it is known."""

    by: Declarer
    message_id: str = ""
    at: dt.datetime | None = None
    """Aware."""
    because: str = ""
    """Of an implied fact: the reason, in plain Chinese."""
    source: str = ""
    """Of an implied fact: the clause, where a law makes it so."""


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One condition of a rule, how it came out, and the clause it stands on."""

    condition: str
    """In plain Chinese, as a policy officer would say it."""
    truth: Truth
    facts: tuple[tuple[str, FactValue], ...]
    """The facts it read, with their values (`Precheck.declared` says by whom); unknown ones are absent."""
    missing: tuple[str, ...]
    source: Citation
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one benefit for one family at one date and place."""

    benefit: str
    """Entry id such as `B02`."""
    name: str
    """Official name as in names.md."""
    outcome: Outcome
    failed: tuple[str, ...]
    """Conditions that failed, in plain Chinese; empty unless `unlikely`."""
    missing: tuple[str, ...]
    """Names of the facts that would settle it; empty unless `unknown`."""
    sources: tuple[Citation, ...]
    trace: tuple[TraceStep, ...]
    notes: tuple[str, ...] = ()
    """Choices, top-ups and exclusions that touch this verdict, in plain Chinese."""


@dataclass(frozen=True, slots=True)
class Question:
    """The one next thing to ask."""

    fact: str
    text: str
    why: str
    choices: tuple[tuple[str, str], ...]
    """(value, label) pairs; empty for a number."""
    sensitive: bool
    unit: str = ""
    """For a number: 岁, 个月, 元 …"""
    facts: tuple[str, ...] = ()
    """All facts that the answer settles, `fact` first; several only where `several` is true."""
    says: tuple[tuple[tuple[str, FactValue], ...], ...] = ()
    """Of a question about several facts: what each choice says, in order of `choices`."""
    otherwise: tuple[tuple[str, FactValue], ...] = ()
    """Of a question about several facts: what holds of those that nothing was chosen for."""
    both: tuple[tuple[str, FactValue], ...] = ()
    """What two choices about one fact mean together; else the first one counts."""

    @property
    def several(self) -> bool:
        """Whether as many choices may be taken as hold (`tools.questions.facts_said` reads the answer)."""
        return bool(self.says)


@dataclass(frozen=True, slots=True)
class Precheck:
    """All verdicts for a family, and what to ask next."""

    verdicts: tuple[Verdict, ...]
    next_question: Question | None
    as_of: dt.date
    district: str = ""
    declared: Mapping[str, Declaration] = field(default_factory=dict)
    """Who declared each fact that the traces read, by name."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One line of the directory, with what is known of it today."""

    id: str
    number: str
    name: str
    purpose: str
    scope: str
    hours: str
    open_now: bool | None
    """None where the hours are not confirmed: then the family reads 「服务时间以当地为准」."""
    confidence: str
    checked_on: dt.date
    emergency: bool = False
    tags: tuple[str, ...] = field(default=())
