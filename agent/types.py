"""One turn as values: what was understood, what was found, what is said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from guardrails.types import Route, Screening, Severity, Utterance
from knowledge.types import Citation, Hit, SearchResult
from tools.types import Contact, FactValue, Precheck

if TYPE_CHECKING:
    from agent.compose.spending import TurnSpending
    from guardrails.pii import Vault


class Intent(StrEnum):
    """What a family message wants."""

    ASK_POLICY = "ask_policy"
    AM_I_ELIGIBLE = "am_i_eligible"
    HOW_TO_APPLY = "how_to_apply"
    MATERIALS = "materials"
    HOW_LONG = "how_long"
    AMOUNT = "amount"
    WHERE = "where"
    CONTACT = "contact"
    STATUS_OF_MY_CASE = "status_of_my_case"
    COMPARE = "compare"
    APPEAL = "appeal"
    HUMAN = "human"
    COMPLAINT = "complaint"
    CORRECT = "correct"
    FORGET_ME = "forget_me"
    ARE_YOU_HUMAN = "are_you_human"
    GREETING = "greeting"
    THANKS = "thanks"
    OUT_OF_SCOPE = "out_of_scope"
    OTHER_PLACE = "other_place"
    URGENT_NEED = "urgent_need"
    TELL_FACTS = "tell_facts"
    """Answers our question or tells more of the story, and asks nothing."""


@dataclass(frozen=True, slots=True)
class SaidFact:
    """A fact that this message declares."""

    name: str
    value: FactValue
    span: str
    """The (redacted) words it was read from."""
    certain: bool = True
    correction: bool = False


@dataclass(frozen=True, slots=True)
class RememberedFact:
    """A fact as the conversation holds it."""

    name: str
    value: FactValue
    message_id: str
    said_at: dt.datetime
    declared_by: str = "family"
    """`family`, `staff` or `form`."""
    certain: bool = True


@dataclass(frozen=True, slots=True)
class ChildAside:
    """Another child of the talk, while the facts are not about it."""

    child: str
    facts: tuple[RememberedFact, ...]
    asked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConversationState:
    """What a conversation remembers between turns. Stored encrypted, replaced whole."""

    facts: tuple[RememberedFact, ...] = ()
    topic: str | None = None
    """Entry id of the benefit being talked about, such as `B02`."""
    asked: tuple[str, ...] = ()
    """Facts we already asked for; never asked twice."""
    declined: tuple[str, ...] = ()
    """Facts the family would rather not tell."""
    pending_question: str | None = None
    """Fact name of the question that our last reply ended with."""
    unanswered: str | None = None
    """A question of ours before that, which still waits: its answer may come after a digression."""
    district: str = ""
    listed: tuple[str, ...] = ()
    """Entries that our last answer listed, in order: what 第二个 means."""
    child: str = ""
    """Which child the facts are about where there are several, such as 弟弟; empty for the first."""
    aside: tuple[ChildAside, ...] = ()
    """What was told and asked of the other children, kept apart."""
    errand: str = ""
    """Question that we offered to hand on to a partner, redacted; empty once it was answered."""
    misses: int = 0
    """Turns in a row that found nothing: at two a person is offered."""
    more: tuple[str, ...] = ()
    """Clauses that our last answer left for 「还有哪些」, best first."""
    suggested: tuple[str, ...] = ()
    """What we suggested to ask and what was asked: none of it is suggested again."""
    role: str = ""
    """What who writes does for families, by its key in `understand/roles.yaml`; empty for a family."""

    @property
    def values(self) -> dict[str, FactValue]:
        """Facts by name, ready for the engine."""
        return {fact.name: fact.value for fact in self.facts}

    @property
    def weighed(self) -> dict[str, FactValue]:
        """Of these what verdicts rest on: of a parent who remarried nobody knows whether she looks after it.

        A parent who is only supposed to be able counts as not told of, and is asked about.
        """
        return {
            fact.name: fact.value
            for fact in self.facts
            if fact.certain or not (fact.name.endswith("_state") and fact.value == "able")
        }


@dataclass(frozen=True, slots=True)
class Understanding:
    """What step 5 made of the message."""

    intents: tuple[Intent, ...]
    """Most likely first; never empty."""
    facts: tuple[SaidFact, ...]
    question: str
    """Standalone question for search, ellipsis resolved against the talk."""
    topic: str | None
    place: str | None = None
    """A place other than Hangzhou that the question is about."""
    declined: bool = False
    """The family would rather not answer our last question."""
    retracted: tuple[str, ...] = ()
    """Facts that a correction takes back without a new value."""
    ambiguous: tuple[tuple[str, str], ...] = ()
    """(fact, words): said in words that can mean two things, such as 走了; we ask before we believe."""
    topics: tuple[str, ...] = ()
    """Entries that the message itself names, in order."""
    child: str | None = None
    """Another child that the message turns to: 那她弟弟呢."""
    several: bool = False
    """Tells of several children at once: facts are those of the first."""
    about: Mapping[str, float] = field(default_factory=dict)
    """How likely each guide is to answer the message by itself; empty without the learned reader."""
    role: str = ""
    """The work with families that this message, or one before it, says."""

    @property
    def intent(self) -> Intent:
        """The leading intent."""
        return self.intents[0]

    def tells(self, name: str | None) -> bool:
        """Whether a fact was told, such as the one that we asked for; None: we asked for none."""
        return any(fact.name == name for fact in self.facts)


class EvidenceKind(StrEnum):
    """Where a sentence gets its right to be said."""

    CLAUSE = "clause"
    VERDICT = "verdict"
    PARAMETER = "parameter"
    CONTACT = "contact"
    QUESTION = "question"
    FACT = "fact"
    """What the family told, said back to it."""
    PHRASE = "phrase"
    """A fixed sentence of our own without any figure or claim."""
    PARTNER = "partner"
    """What a partner agent said: evidence of nothing but that it was said."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A typed result that a sentence may rest on."""

    id: str
    """Such as `c1`, `v:B02`, `k:12345`, `q:father_state`, `p:greeting`."""
    kind: EvidenceKind
    text: str
    """What was found, in full: figures of a sentence are looked for here."""
    citations: tuple[Citation, ...] = ()


class Role(StrEnum):
    """What a sentence does in an answer; the widget lays it out by this."""

    ANSWER = "answer"
    WHY = "why"
    ITEM = "item"
    """One entry of a list: a material, a step."""
    NOTE = "note"
    CARE = "care"
    QUESTION = "question"
    REFERRAL = "referral"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a reply, and the evidence it rests on."""

    text: str
    evidence: tuple[str, ...]
    role: Role = Role.ANSWER
    source: str = ""
    """Name of the partner whose words these are; empty for our own."""
    by_model: bool = False
    """Worded by a language model: it is read together with its evidence before it goes out."""


@dataclass(frozen=True, slots=True)
class Work:
    """Typed evidence that step 6 gathered."""

    search: SearchResult | None
    precheck: Precheck | None
    contacts: tuple[Contact, ...]
    evidence: dict[str, Evidence]
    tools_called: tuple[str, ...]
    """Of `search_policy`, `precheck_benefits`, `find_contact`."""
    near: tuple[Hit, ...] = ()
    """More of what the search found, best first: the composer looks here for the part that was asked."""
    parts: tuple[tuple[Hit, ...], ...] = ()
    """Where a message asks several things: the best of what was found for each."""
    nearness: Mapping[str, float] = field(default_factory=dict)
    """How near each paragraph of a guide comes to the message by itself, whatever the talk is about."""
    asked_nearness: Mapping[str, float] = field(default_factory=dict)
    """The same to the clauses of a long message that ask; empty where the whole asks."""
    talk_nearness: Mapping[str, float] = field(default_factory=dict)
    """The same to the message together with the one before it; empty where it is the first."""
    told: tuple[Hit, ...] = ()
    """What surely has to do with a message that only tells something, best first; it was not asked for."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the family will read, already checked."""

    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    suggestions: tuple[str, ...]
    composer: str
    """`offline`, `model` or `template`."""


@dataclass(slots=True)
class TurnInput:
    """One accepted message and what the turn may know around it. Text is raw and lives in memory only."""

    text: str
    window: tuple[Utterance, ...]
    state: ConversationState
    as_of: dt.date
    now: dt.datetime
    """Aware, Asia/Shanghai: which lines are open."""
    vault: Vault | None = None
    """Placeholders of the conversation; None: a fresh one."""
    sticky: Severity = Severity.S0
    """The conversation's standing severity (CR-4)."""


@dataclass(frozen=True, slots=True)
class Admission:
    """How a message was taken in (steps 1 to 4)."""

    message_id: str
    seq: int
    route: Route
    card: str | None
    """Id of the template card shown."""
    duplicate: bool = False
    conflict: bool = False
    owned_by_person: bool = False
    ticket_id: str | None = None


@dataclass(slots=True)
class TurnResult:
    """All that a turn decided. `agent.turn` stores and streams it; evaluators read it whole."""

    screening: Screening
    understanding: Understanding | None = None
    work: Work | None = None
    reply: Reply | None = None
    card: str | None = None
    """Id of the template card shown, if any."""
    card_text: str = ""
    """All text of that card."""
    ticket: str | None = None
    """Why a person was asked for, such as `signal` or `family_asked`; None: nobody was."""
    state: ConversationState = field(default_factory=ConversationState)
    durations_ms: dict[str, float] = field(default_factory=dict)
    spent: TurnSpending | None = None
    """What a language model did and cost in this turn."""
