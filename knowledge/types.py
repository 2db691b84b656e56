"""What the documents say, as values: sources, clauses, and what a search found."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Standing(StrEnum):
    """Whose words a clause is."""

    OFFICIAL = "official"
    """The issuer's own text."""
    RESTATED = "restated"
    """Our own words, from the clause that is named."""


class Confidence(StrEnum):
    """How sure we are. `recalled` is never shipped, so it is not a value."""

    CONFIRMED = "confirmed"
    REPORTED = "reported"


class Extent(StrEnum):
    """How much of the document we hold."""

    WHOLE = "whole"
    PARTIAL = "partial"
    NONE = "none"
    """Registered so that guides and rules can cite it; the text itself is not shipped."""


class UnansweredReason(StrEnum):
    """Why a question is not answered from the documents."""

    NOTHING_FOUND = "nothing_found"
    NO_AMOUNT = "no_amount"
    OTHER_PLACE = "other_place"
    OUT_OF_DATE = "out_of_date"


class Source(BaseModel):
    """One document of the registry `corpus/sources.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    """Stable, such as `hz_kunjing_2025_70`: the file name without its ending."""
    title: str
    number: str | None = None
    """文号 such as `民发〔2019〕62号`; None where the document has none."""
    short: str | None = None
    """How people and our guides call it, such as `社会救助法`. References may use it instead of the 文号."""
    issuer: str
    issued: dt.date | None = None
    in_force_from: dt.date | None = None
    in_force_to: dt.date | None = None
    superseded_by: str | None = None
    region: str
    """`全国`, `浙江省`, `杭州市`, or a district; other provinces by their name."""
    extent: Extent
    standing: Standing
    confidence: Confidence
    checked_on: dt.date
    note: str = ""
    articles: tuple[int, int] | None = None
    """First and last article, where several files make up one law (民法典)."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A pointer to a clause of a document, as guides and benefits write it: `[民发〔2019〕62号 二(二)]`."""

    document: str
    """Source id."""
    clause: str
    """Label such as `三(一)`, `二(二)1` or `第十八条`; empty for the whole document."""


@dataclass(frozen=True, slots=True)
class Citation:
    """What an answer shows for a clause, and what the machine-readable door exports."""

    clause_id: str
    document: str
    """Official title of the document that the words rest on (for a guide: the document it restates)."""
    document_id: str
    number: str | None
    clause: str
    standing: Standing
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Clause:
    """One citable piece of text, found by search and opened by a citation."""

    id: str
    """`hz_kunjing_2025_70#三(一)` for a document, `guide:B02#谁可以/2` for a paragraph of a guide."""
    text: str
    heading_path: tuple[str, ...]
    citation: Citation
    region: str
    in_force_from: dt.date | None
    in_force_to: dt.date | None
    start: int
    """Character offsets into the original file, end exclusive."""
    end: int
    guide: str | None = None
    """Entry id such as `B02` when the clause is a paragraph of a guide."""
    section: str | None = None
    """Section of the guide: 谁可以, 给什么, 怎么办理, 注意什么, 问谁, 依据."""
    also: tuple[Citation, ...] = ()
    """Further clauses that a guide paragraph rests on."""
    links: tuple[str, ...] = ()
    """Ids of clauses this one refers to or whose definitions it uses."""
    page: int | None = None
    """Page of the original where the clause begins, for formats that have pages."""


class GuideKind(StrEnum):
    """What a guide is about."""

    BENEFIT = "benefit"
    SERVICE = "service"
    GROUP = "group"
    LIFE = "life"


@dataclass(frozen=True, slots=True)
class Guide:
    """One guide in our own words, as families may read it."""

    entry: str
    """`B02` for the entries of names.md; G… for groups of children, L… for things families live through."""
    name: str
    summary: str
    kind: GuideKind
    also_called: tuple[str, ...]
    sections: tuple[tuple[str, tuple[Clause, ...]], ...]
    """(heading, its paragraphs), in order."""

    def section(self, heading: str) -> tuple[Clause, ...]:
        """The paragraphs under `heading`; empty where the guide has no such section."""
        return next((clauses for name, clauses in self.sections if name == heading), ())


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause that a search found."""

    clause: Clause
    score: float
    """Fused score in [0, 1]; comparable within one search only."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found, and whether it answers the question."""

    hits: tuple[Hit, ...]
    answerable: bool
    reason: UnansweredReason | None = None
    expanded_terms: tuple[str, ...] = field(default=())
    """Official terms that lay words of the question were expanded to."""
