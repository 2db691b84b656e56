"""Step 6 of a turn: typed evidence from search, pre-check and directory."""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypedDict

from agent.asking import asking_part, is_short, questions_in, standard, wants_search
from agent.compose.protocol import Rooms
from agent.ledger import Ledger
from agent.types import ConversationState, Intent, Understanding, Work
from agent.understand.questions import load_topics, topics_named
from knowledge.search.features import names_nothing
from knowledge.types import Hit, SearchResult, UnansweredReason
from tools.benefit import Standing
from tools.facts import Fact
from tools.fitting import first, unfitting
from tools.precheck import precheck
from tools.questions import single
from tools.types import Contact, Declaration, Declarer, Outcome, Precheck

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from knowledge.encoder.inner import Pass

logger = logging.getLogger("minxing.agent")

SEARCHED = frozenset(
    {
        Intent.ASK_POLICY, Intent.AM_I_ELIGIBLE, Intent.HOW_TO_APPLY, Intent.MATERIALS, Intent.HOW_LONG,
        Intent.AMOUNT, Intent.WHERE, Intent.COMPARE, Intent.APPEAL, Intent.CONTACT, Intent.URGENT_NEED,
    }
)  # fmt: skip
CHECKED = frozenset(
    {Intent.AM_I_ELIGIBLE, Intent.TELL_FACTS, Intent.CORRECT, Intent.URGENT_NEED, Intent.COMPARE}
)
CALLED = frozenset({Intent.CONTACT, Intent.URGENT_NEED, Intent.COMPLAINT, Intent.HUMAN, Intent.APPEAL})
ALONE = frozenset({Intent.HUMAN, Intent.FORGET_ME, Intent.ARE_YOU_HUMAN, Intent.GREETING, Intent.THANKS})
"""What needs no search, even in the form of a question."""
LIMIT = 8
GOES_ON = 20
"""Characters up to which a message that names an entry may still go on about another: 事实无人的可以吗."""
BEFORE_CHARS = 40
"""So much of what stands before a question that names nothing is read with it."""
PART_HITS = 6
"""Hits that are kept for each of several questions of one message."""
TOLD = 0.6
"""From this score on a paragraph has surely to do with what was only told: 我名下有辆面包车."""
TURNED_NEAR = 0.6
"""How near, on the encoder's scale, a message comes at least to another guide that it turns to …"""
TURNED_GAP = 0.35
"""… and how much nearer than to any paragraph of the running topic."""
_OF_SOMEBODY = re.compile(
    r"^(?!.*(?:[领拿发批补报停退给]|(?<!怎么)(?<!咋)办|钱|申请|材料|多久|多少|条件|影响)).*(?:[他她娃孙我]|孩子|儿子|女儿|奶奶|爷爷|外公|外婆|爸|妈)"
)
"""Tells of somebody and asks nothing about a benefit: 钱打到谁卡上 goes on about the running one."""
TALK_CHARS = 150
"""So much of the message before and this one is compared together."""
NEAR = 90
"""Hits that are looked through for the paragraphs that answer; the first `LIMIT` are evidence anyway."""


class Seen(TypedDict, total=False):
    """How a message is compared: with clauses, and with what families ask."""

    vector: NDArray[np.float32] | None
    asking: NDArray[np.float32] | None


def gather(
    rooms: Rooms,
    understanding: Understanding,
    state: ConversationState,
    ledger: Ledger,
    *,
    vector: NDArray[np.float32] | None,
    read: Pass | None = None,
    as_of: dt.date,
    now: dt.datetime,
    text: str = "",
    earlier: Sequence[str] = (),
) -> Work:
    """Look up what the answer may rest on, and write it into the ledger.

    Args:
        rooms: where to look.
        understanding: of the message.
        state: what is remembered, with this message.
        ledger: of this turn.
        vector: of the message as it was written; a question rewritten for search is encoded again.
        read: what the shared layers made of it.
        as_of: the day whose law counts.
        now: which lines are open.
        text: the message as it was written.
        earlier: what the family said before, oldest first.
    """
    intents = set(understanding.intents)
    called: list[str] = []
    search: SearchResult | None = None
    near: tuple[Hit, ...] = ()
    parts: tuple[tuple[Hit, ...], ...] = ()
    alone: Mapping[str, float] = {}
    asked: Mapping[str, float] = {}
    in_talk: Mapping[str, float] = {}
    told: tuple[Hit, ...] = ()
    answers = understanding.tells(state.pending_question or state.unanswered)
    if intents & SEARCHED or _names(understanding) or wants_search(understanding, answers=answers):
        called.append("search_policy")
        seen = _of_plain_words(rooms, text or understanding.question, vector, read)
        alone = _nearness(rooms, text or understanding.question, seen)
        asked, in_talk = _nearness_around(rooms, text, earlier)
        topic = _leaning(understanding, alone)
        found = _search(rooms, understanding, seen, as_of, text, earlier, topic)
        near, search = found.hits, replace(found, hits=found.hits[:LIMIT])
        parts = _search_parts(rooms, understanding, as_of, topic)
        for hit in search.hits:
            ledger.clause(hit.clause)
    elif Intent.TELL_FACTS in intents and text and not (answers and is_short(text)):
        told = _told(rooms, _of_plain_words(rooms, text, vector, read), as_of, text, earlier)
    checked: Precheck | None = None
    if intents & CHECKED or state.facts:
        called.append("precheck_benefits")
        checked = check(rooms, understanding, state, as_of=as_of)
    contacts: tuple[Contact, ...] = ()
    if intents & CALLED:
        called.append("find_contact")
        contacts = rooms.directory.find(_tags(understanding), now)
    return Work(
        search, checked, contacts, ledger.evidence, tuple(called), near, parts, alone, asked, in_talk, told
    )


def check(
    rooms: Rooms, understanding: Understanding | None, state: ConversationState, *, as_of: dt.date
) -> Precheck | None:
    """The pre-check of what is remembered; None when the rules fail: then no verdict (R-46)."""
    focus = (*(understanding.topics if understanding else ()), *((state.topic,) if state.topic else ()))
    try:
        checked = _precheck(rooms, state, as_of, focus)
        fits = any(
            v.outcome in (Outcome.LIKELY, Outcome.CHOICE)
            and rooms.catalogue.benefits[v.benefit].standing is not Standing.SERVICE
            for v in checked.verdicts
        )
        for entry in load_topics().when_nothing_fits:
            if checked.next_question is None and not fits:
                checked = _precheck(rooms, state, as_of, (*focus, entry))
        fact = _first_asked(rooms, state, focus)
        if fact is not None:
            checked = replace(checked, next_question=single(fact))
    except Exception as error:
        logger.error("the pre-check failed (%s): no verdict is given", type(error).__name__)
        return None
    return checked


def _first_asked(rooms: Rooms, state: ConversationState, focus: tuple[str, ...]) -> Fact | None:
    """What a talk about nothing yet, or about what hangs on the parents, asks for before anything else."""
    benefits = rooms.catalogue.benefits
    if any(entry not in benefits or "father_state" not in benefits[entry].hallmarks for entry in focus):
        return None
    return first(rooms.catalogue.facts, state.weighed, {*state.asked, *state.declined})


def _search(
    rooms: Rooms,
    understanding: Understanding,
    seen: Seen,
    as_of: dt.date,
    text: str,
    earlier: Sequence[str],
    topic: str | None,
) -> SearchResult:
    """What the search finds; nothing when the index is broken or being rebuilt (R-45).

    `seen` is of the message in plain words, `topic` what the search leans to. A message that names nothing
    may go on about the running topic or turn to something else: both are looked for, the latter together
    with what was said before.
    """
    question = standard(understanding.question)
    try:
        look = partial(rooms.library.search, as_of=as_of, limit=NEAR)
        found = look(question, **(seen if text == understanding.question else {}), topic=topic)
        if (understanding.topics and len(text) > GOES_ON) or not earlier or not text:
            return found
        if topic and names_nothing(text):
            return found  # 要多久 turns to nothing else
        return _merged(found, look(standard(text), **seen, earlier=tuple(earlier[-1:])))
    except Exception as error:
        logger.error("the search failed (%s): nothing is found", type(error).__name__)
        return SearchResult((), False, UnansweredReason.NOTHING_FOUND)


def _told(rooms: Rooms, seen: Seen, as_of: dt.date, text: str, earlier: Sequence[str]) -> tuple[Hit, ...]:
    """Paragraphs of guides that surely have to do with what is told, by itself or with what was said before.

    The running topic counts for nothing here: its whole guide would be near to whatever is told.
    """
    try:
        look = partial(rooms.library.search, standard(text), as_of=as_of, limit=PART_HITS, **seen)
        found = look() if not earlier else _merged(look(), look(earlier=tuple(earlier[-1:])))
    except Exception as error:
        logger.error("the search for what was told failed (%s): it is only noted", type(error).__name__)
        return ()
    return tuple(hit for hit in found.hits if hit.clause.guide and hit.score >= TOLD)


def _search_parts(
    rooms: Rooms, understanding: Understanding, as_of: dt.date, topic: str | None
) -> tuple[tuple[Hit, ...], ...]:
    """What is found for each of several questions of one message, each read with the words before it."""
    found: list[tuple[Hit, ...]] = []
    text = standard(understanding.question)
    try:
        for part in questions_in(text):
            own = topics_named(part)
            before = text[: text.index(part)][-BEFORE_CHARS:]
            look = rooms.library.search(
                part,
                as_of=as_of,
                limit=PART_HITS,
                topic=own[0] if own else topic,
                earlier=() if own or not before else (before,),
            )
            found.append(look.hits)
    except Exception as error:
        logger.error("the search for parts failed (%s): the whole is searched", type(error).__name__)
    return tuple(found)


def _of_plain_words(rooms: Rooms, text: str, vector: NDArray[np.float32] | None, read: Pass | None) -> Seen:
    """How the message in plain words is compared, made once for all who look by it."""
    spoken = standard(text)
    if vector is None or spoken != text:
        vector, asking = rooms.library.vectors(spoken)
    else:
        asking = rooms.library.asking(read)
    return {"vector": vector, "asking": asking}


def _nearness(rooms: Rooms, text: str, seen: Seen) -> Mapping[str, float]:
    """How near paragraphs of guides come to the message as it stands; nothing when the index is broken."""
    try:
        return rooms.library.nearness(standard(text), **seen)
    except Exception as error:
        logger.error("the paragraphs could not be compared (%s)", type(error).__name__)
        return {}


def _nearness_around(
    rooms: Rooms, text: str, earlier: Sequence[str]
) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """How near paragraphs come to what a message asks without its story, and to it with the one before."""
    asks = asking_part(standard(text))
    asked = _nearness(rooms, asks, {}) if asks != standard(text) else {}
    before = "，".join((*earlier[-1:], text))[-TALK_CHARS:]
    return asked, _nearness(rooms, before, {}) if earlier and text else {}


def _merged(found: SearchResult, beside: SearchResult) -> SearchResult:
    """Hits of both, each with the better of its scores."""
    best: dict[str, Hit] = {}
    for hit in (*found.hits, *beside.hits):
        if hit.clause.id not in best or best[hit.clause.id].score < hit.score:
            best[hit.clause.id] = hit
    hits = tuple(sorted(best.values(), key=lambda hit: -hit.score)[:NEAR])
    better = found if found.answerable or not beside.answerable else beside
    return replace(better, hits=hits)


def _names(understanding: Understanding) -> bool:
    """Whether something to look for is named, whatever the message was taken for."""
    named = understanding.topics and not understanding.facts
    return bool(named and not set(understanding.intents) & ALONE)


def _leaning(understanding: Understanding, nearness: Mapping[str, float]) -> str | None:
    """The entry that the search leans to; where several are named it leans to none of them.

    Nor to a running topic that the message, which comes near another guide by itself, is far from:
    他上不了学怎么办 after 医疗救助.
    """
    topic = understanding.topic if len(understanding.topics) < 2 else None
    if topic is None or understanding.topics or not _OF_SOMEBODY.search(understanding.question):
        return topic
    own = max((near for id_, near in nearness.items() if id_.startswith(f"guide:{topic}#")), default=-1.0)
    best = max(nearness.values(), default=-1.0)
    return None if best >= TURNED_NEAR and best - own >= TURNED_GAP else topic


def _precheck(rooms: Rooms, state: ConversationState, as_of: dt.date, focus: tuple[str, ...]) -> Precheck:
    told = state.weighed
    return precheck(
        rooms.catalogue,
        told,
        as_of=as_of,
        district=state.district,
        asked={*state.asked, *unfitting(rooms.catalogue.facts, told, focus)},
        declined=state.declined,
        focus=tuple(dict.fromkeys(focus)),
        declared={
            fact.name: Declaration(Declarer(fact.declared_by), fact.message_id, fact.said_at)
            for fact in state.facts
            if fact.name in told
        },
    )


def _tags(understanding: Understanding) -> tuple[str, ...]:
    if Intent.COMPLAINT in understanding.intents:
        return ("complaint",)
    tags = load_topics().contacts
    spoken = (*understanding.topics, understanding.topic or "")
    return next((tags[entry] for entry in spoken if entry in tags), ("benefits",))
