"""What screening found, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from knowledge.encoder.inner import Pass


class Severity(IntEnum):
    """How bad it is. Software grades no finer than this (CR-7)."""

    S0 = 0
    S1 = 1
    """Quiet distress."""
    S2 = 2
    """Passive death wish, serious distress, ongoing bullying."""
    S3 = 3
    """Active ideation, intent, recent act, disclosed abuse."""
    S4 = 4
    """Imminent, in progress, plan with means and time, child in danger now."""


class Route(StrEnum):
    """What happens next with a message, most urgent first."""

    CRISIS_NOW = "crisis_now"
    HUMAN_URGENT = "human_urgent"
    HUMAN_OFFER = "human_offer"
    NORMAL_WITH_CARE = "normal_with_care"
    COMPLAINT = "complaint"
    NORMAL = "normal"

    @property
    def interrupts(self) -> bool:
        """Whether a fixed card takes the place of an answer."""
        return self in (Route.CRISIS_NOW, Route.HUMAN_URGENT)


class Category(StrEnum):
    """The kinds of danger signal."""

    SUICIDE_SELF = "suicide_self"
    SUICIDE_OTHER = "suicide_other"
    SELF_HARM = "self_harm"
    ABUSE_PHYSICAL = "abuse_physical"
    SEXUAL_ABUSE = "sexual_abuse"
    DOMESTIC_VIOLENCE = "domestic_violence"
    NEGLECT_ABANDONMENT = "neglect_abandonment"
    BULLYING = "bullying"
    MISSING_RUNAWAY_TRAFFICKING = "missing_runaway_trafficking"
    MEDICAL_EMERGENCY = "medical_emergency"
    PSYCHOSIS = "psychosis"
    CAREGIVER_HARM_RISK = "caregiver_harm_risk"
    CAREGIVER_BURNOUT = "caregiver_burnout"
    POSTPARTUM_DEPRESSION = "postpartum_depression"
    CHILD_SPEAKING = "child_speaking"
    ANGER_THREAT = "anger_threat"
    COMPLAINT = "complaint"


class Author(StrEnum):
    """Who said something in a conversation."""

    FAMILY = "family"
    ASSISTANT = "assistant"
    STAFF = "staff"


class Speaker(StrEnum):
    """Who seems to be writing on the family's side: which template fits."""

    ADULT = "adult"
    CHILD = "child"
    THIRD_PARTY = "third_party"
    CAREGIVER_AT_RISK = "caregiver_at_risk"
    """A carer with thoughts of harm (CR-18)."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """One earlier message of the window, already redacted."""

    author: Author
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the message, in character offsets of the original, end exclusive."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Entity:
    """A personal identifier that was found, in offsets of the original message."""

    start: int
    end: int
    type: str
    """Such as `CN_RESIDENT_ID`, `CN_MOBILE`, `PERSON`."""
    score: float


@dataclass(frozen=True, slots=True)
class Signal:
    """One danger signal, with what set it off."""

    category: Category
    severity: Severity
    route: Route
    triggers: tuple[Span, ...]
    found_by: str
    """`rule:<id>`, `hint:<id>` (a loose rule that the classifier supports) or `classifier`.

    With `window:` before it when earlier turns raised it.
    """
    score: float = 1.0
    past: bool = False
    """Past and resolved (CR-8): routed to `normal_with_care`."""


@dataclass(frozen=True, slots=True)
class Screening:
    """All that step 1 of a turn knows of a message. Holds no raw text beyond `triggers` in memory."""

    severity: Severity
    category: Category | None
    route: Route
    signals: tuple[Signal, ...]
    speaker: Speaker
    redacted: str
    entities: tuple[Entity, ...]
    needs_review: bool = False
    """A detector was missing, broken or slow (CR-9): a person looks, and the family sees an offer of help."""
    encoding: NDArray[np.float32] | None = None
    """Sentence vector (384,) of the redacted text, `query: ` prefix, reused by search and intent."""
    read: Pass | None = field(default=None, repr=False, compare=False)
    """What the shared layers made of the same text: understanding continues from there."""

    @property
    def triggers(self) -> tuple[Span, ...]:
        """All trigger spans, in order of appearance, without repeats."""
        return tuple(sorted({s for signal in self.signals for s in signal.triggers}, key=lambda s: s.start))
