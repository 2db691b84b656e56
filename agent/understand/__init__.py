"""Step 5 of a turn: what the message wants, which facts it declares, what it asks when it stands alone."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from agent.memory import of_child
from agent.types import ConversationState, Intent, SaidFact, Understanding
from agent.understand.child import other_child
from agent.understand.facts import FactsSaid, is_general, read_facts, without_orders, without_others
from agent.understand.features import plain
from agent.understand.frames import OF_A_CAUSE
from agent.understand.household import has_a_home, is_free_time, other_place
from agent.understand.intents import COMPLETE, SURE, VERY_SURE, IntentReader, order
from agent.understand.kin import Family, family_of, with_parents_named
from agent.understand.learned import Heard, LearnedReader
from agent.understand.lexicon import Lexicon, load_lexicon
from agent.understand.parents import stretches
from agent.understand.questions import (
    goes_back_to_money,
    held_of,
    money_of,
    standalone,
    topic_of,
    topics_named,
    turns_away,
    whose_name,
    without_whom,
)
from agent.understand.replies import declines
from agent.understand.respell import in_plain_words
from agent.understand.roles import of_case, of_own_work, role_of
from agent.understand.said import SaidReader
from agent.understand.siblings import ORDINALS
from agent.understand.talk import segments, subject_first
from agent.understand.weigh import Listen, likely, more, shares, weigh
from agent.understand.whose import ELSEWHOSE
from tools.facts import FactBook

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from knowledge.encoder.inner import Pass

_WHAT_NOW = re.compile(r"怎么办[？?。！!]*$|咋办[？?。！!]*$|如何是好")
"""怎么办 after a story asks what there is, not how to file it."""
_IN_GENERAL = re.compile(r"政策|规定|的?(家庭|儿童|子女)")
_TELLING = (Intent.TELL_FACTS, Intent.URGENT_NEED, Intent.CORRECT, Intent.STATUS_OF_MY_CASE)
_FOR_US = re.compile(r"能(?:办|领|拿|报|吃|享受)(?:到|上|着)?[吗不么嘛没呢伐]?[？?。]*$")
"""Ends a story: 她爸健康，囡囡五岁，孤儿那个能办吗 asks about this child, whatever it sounds like."""
_CHAT = frozenset({Intent.GREETING, Intent.THANKS, Intent.OUT_OF_SCOPE})


@dataclass(frozen=True, slots=True)
class Understander:
    """Reads messages offline. Immutable; safe to share between threads."""

    intents: IntentReader
    facts: FactBook
    lexicon: Lexicon
    names: Mapping[str, str]
    """Official name of each entry."""
    said: SaidReader
    learned: LearnedReader | None = None
    """None where its model is missing: rules and patterns read alone."""

    @classmethod
    def load(cls, facts: FactBook, names: Mapping[str, str], *, learned: bool = True) -> Self:
        """Rules, heads and word lists of this folder; without the learned reader where it is being made."""
        reader = LearnedReader.load() if learned else None
        return cls(IntentReader.load(), facts, load_lexicon(), names, SaidReader.load(), reader)

    def read(
        self,
        text: str,
        vector: NDArray[np.float32] | None,
        state: ConversationState,
        *,
        earlier: Sequence[str] = (),
        today: dt.date,
        done: Pass | None = None,
        whole: bool = True,
        again: Callable[[str], Pass] | None = None,
    ) -> Understanding:
        """What a (redacted) message means in its talk.

        Args:
            text: the message, with placeholders for personal data.
            vector: its sentence vector (384,).
            state: what the conversation remembers.
            earlier: what the family said before, oldest first.
            today: the date the turn runs on.
            done: what the shared layers made of it; None: rules and patterns read alone.
            whole: whether they read all of it.
            again: has a clause read by the shared layers.
        """
        heard = None if self.learned is None or done is None else self.learned.read(done)
        typed = plain(text)
        role = role_of(typed) or state.role
        text = in_plain_words(typed)
        asked = of_own_work(text, role)
        own_work = asked != text
        # A pupil that a teacher tells of is the child of the talk, and not one of another family.
        text = of_case(asked) if role else text
        # What was mistyped or said in dialect the patterns read mended; the reader too, to judge them.
        alike = text == typed
        if not alike and heard is not None and heard.whole and self.learned is not None and again is not None:
            heard, alike = self.learned.read(again(text)), True
        earlier = [in_plain_words(plain(one)) for one in earlier]
        told = without_orders(text)
        scores = self.intents.scores(text, vector)
        if heard is not None:
            scores = shares(scores, heard)
        said = read_facts(told, state, self.facts, self.lexicon, earlier=earlier, today=today)
        if told == text:
            family = family_of(text, self.lexicon, earlier="\n".join(earlier))
            listen = self._listening(again, family)
            patterns = said
            said = self._with_likely(text, vector, said, scores, family, heard, state, listen)
            said = self._with_stretches(text, said, patterns, state, family, today)
            if heard is not None:
                all_read = whole and heard.whole and alike
                plainly = self.lexicon.says_plainly
                said = weigh(said, heard.facts, text, state, whole=all_read, listen=listen, plainly=plainly)
        said = without_others(said, told, state, self.lexicon, earlier=earlier)
        said = replace(said, facts=tuple(fact for fact in said.facts if not has_a_home(text, fact)))
        waiting = state.pending_question or state.unanswered
        declined = waiting is not None and declines(text, self.lexicon)
        place = other_place(text, self.lexicon)
        known = {**state.values, **{fact.name: fact.value for fact in said.facts}}
        named = whose_name(without_whom(text, topics_named(text, said.facts), state), known)
        child = other_child(text, state, self.lexicon, earlier=earlier)
        if child is not None and child != state.child:
            # What is told of another child mends nothing that was told of the first.
            said = replace(said, facts=tuple(replace(fact, correction=False) for fact in said.facts))
            said = replace(said, facts=(*said.facts, *self._told_before(child, said, state, earlier, today)))
        intents = self._intents(text, scores, said, state, declined=declined, place=place, named=named)
        if heard is not None and alike:
            intents = likely(intents, heard, said)
        if is_free_time(text) and not any(fact.name == "urgent_need" for fact in said.facts):
            intents = tuple(Intent.ASK_POLICY if i is Intent.URGENT_NEED else i for i in intents)
        if intents[0] is Intent.ASK_POLICY and named and len(said.facts) > 1 and _FOR_US.search(text):
            intents = (Intent.AM_I_ELIGIBLE, *intents[1:])
        guides = heard.guides if heard is not None else {}
        if own_work:  # whose child the talk is about says nothing of what a teacher has to do
            intents, named, state = (Intent.ASK_POLICY,), (), replace(state, topic=None)
        else:
            state = _turned(text, named, guides, state)
        if child is not None and not named and intents[0] in (Intent.ASK_POLICY, Intent.TELL_FACTS):
            intents = (Intent.AM_I_ELIGIBLE, *intents[1:])
        return Understanding(
            intents=intents,
            facts=said.facts,
            question=standalone(text, intents, named, state, self.names),
            topic=topic_of(text, named, state),
            place=place if Intent.OTHER_PLACE in intents else None,
            declined=declined,
            retracted=said.retracted,
            ambiguous=said.ambiguous,
            topics=named,
            child=child or _child_told(said, state),
            several=said.child is not None or bool(self.lexicon.several_children.search(text)),
            about=guides,
            role=role,
        )

    def _told_before(
        self, child: str, said: FactsSaid, state: ConversationState, earlier: Sequence[str], today: dt.date
    ) -> list[SaidFact]:
        """What was said of a child before the talk turned to it: 大的11小的5岁, and later 小的自闭症."""
        if child not in ORDINALS or any(one.child == child for one in state.aside):
            return []
        fresh, known = ConversationState(child=child), {fact.name for fact in said.facts}
        for one in reversed([text for text in earlier if child in text]):
            read = read_facts(one, fresh, self.facts, self.lexicon, earlier=(), today=today)
            if read.child == child:
                return [fact for fact in read.facts if of_child(fact.name) and fact.name not in known]
        return []

    def _with_stretches(
        self,
        text: str,
        said: FactsSaid,
        patterns: FactsSaid,
        state: ConversationState,
        family: Family,
        today: dt.date,
    ) -> FactsSaid:
        """With how long a state lasts that only the words' likeness told."""
        new = [fact for fact in said.facts if fact not in patterns.facts]
        if not new:
            return said
        parts = segments(subject_first(text), self.lexicon, family)
        known = {fact.name for fact in said.facts} | state.values.keys()
        return replace(said, facts=(*said.facts, *stretches(new, parts, known, month=today.month)))

    def _listening(self, again: Callable[[str], Pass] | None, family: Family) -> Listen | None:
        """Reads a clause by itself, in which a parent is called one: the reader knows no talk."""
        learned = self.learned
        if learned is None or again is None:
            return None
        return lambda clause: learned.read(again(with_parents_named(clause, family))).facts

    def _with_likely(
        self,
        text: str,
        vector: NDArray[np.float32] | None,
        said: FactsSaid,
        scores: Mapping[Intent, float],
        family: Family,
        heard: Heard | None,
        state: ConversationState,
        listen: Listen | None,
    ) -> FactsSaid:
        """What was read, and what a statement in other words most likely says beside it."""
        worded = self.lexicon.asking(text)
        if said.retracted or said.ambiguous or ELSEWHOSE.search(text):
            return said
        asks = self.intents.asks(text, scores, worded=worded)
        asks = asks or sum(scores[intent] for intent in _TELLING) < SURE  # 火大 tells of no fire
        if not asks:
            known = {fact.name for fact in said.facts}
            near = self.said.read(text, vector, self.lexicon, family, known)
            said = replace(said, facts=(*said.facts, *_of_one_child(near, said)))
        if heard is not None and not (state.pending_question or state.unanswered):
            found = more(said, heard.facts, text, state, self.lexicon, family, asks=asks, listen=listen)
            said = replace(said, facts=(*said.facts, *_of_one_child(found, said)))
        return said

    def _intents(
        self,
        text: str,
        scores: Mapping[Intent, float],
        said: FactsSaid,
        state: ConversationState,
        *,
        declined: bool,
        place: str | None,
        named: tuple[str, ...],
    ) -> tuple[Intent, ...]:
        asks = self.intents.asks(text, scores, worded=self.lexicon.asking(text))
        found = {i: place for place, i in enumerate(self.intents.read(text, scores, asks=asks))}
        tells = bool(said.facts or said.ambiguous or declined)
        if place and (asks or not tells or scores[Intent.OTHER_PLACE] >= VERY_SURE):
            found[Intent.OTHER_PLACE] = 0
        else:
            found.pop(Intent.OTHER_PLACE, None)
        if said.retracted:
            found[Intent.CORRECT] = 0
        elif Intent.CORRECT in found and not self._mends(text, state):
            found.pop(Intent.CORRECT)
        waiting = state.pending_question or state.unanswered
        if (tells or (waiting is not None and len(text) <= 12)) and not asks:
            found = self._telling(text, found, scores)
        urgent = any(fact.name == "urgent_need" and fact.value != "none" for fact in said.facts)
        if Intent.OUT_OF_SCOPE in found and scores[Intent.OUT_OF_SCOPE] >= SURE and not tells and not named:
            return (Intent.OUT_OF_SCOPE,)
        if scores[Intent.APPEAL] >= SURE:
            named = ()
        meant = self.intents.plainly(Intent.URGENT_NEED, text, scores)
        self._settle(text, found, tells=tells, urgent=urgent, meant=meant, asks=asks, named=named)
        if (
            Intent.AM_I_ELIGIBLE in found
            and is_general(text, state)
            and not tells
            and (named or _IN_GENERAL.search(text))
        ):
            found.setdefault(Intent.ASK_POLICY, found.pop(Intent.AM_I_ELIGIBLE))
        return order(found or {Intent.ASK_POLICY if asks else Intent.TELL_FACTS: 0}, {})

    def _mends(self, text: str, state: ConversationState) -> bool:
        """Whether something is mended: 医生说不是自闭，是说话晚, said first, mends nothing."""
        return bool(
            state.facts
            or not re.search(r"不是", text)
            or re.match(r"^(不|噢|哦|啊|那|错)[^，,。]{0,8}是|^(他|她|我|孩子|那|这|哦)?不是", text)
            or re.search(r"[错反]|更正|纠正|不对|我说的是|改(一下|成)|搞混|弄混|岔", text)
        )

    def _telling(
        self, text: str, found: dict[Intent, int], scores: Mapping[Intent, float]
    ) -> dict[Intent, int]:
        """Telling without asking: a score for some question is then noise, only wording counts."""
        kept = {i: place for i, place in found.items() if self.intents.plainly(i, text, scores)}
        kept.pop(Intent.OUT_OF_SCOPE, None)
        if kept.keys() & COMPLETE:
            return kept
        return {**kept, Intent.TELL_FACTS: len(text)}

    def _settle(
        self,
        text: str,
        found: dict[Intent, int],
        *,
        tells: bool,
        urgent: bool,
        meant: bool,
        asks: bool,
        named: tuple[str, ...],
    ) -> None:
        """Which of two readings holds, in the light of what was told and named."""
        if urgent:
            found[Intent.URGENT_NEED] = 0
        elif tells and not meant:
            found.pop(Intent.URGENT_NEED, None)
        if Intent.APPEAL in found and named and not self.intents.ruled(Intent.APPEAL, text):
            found[Intent.HOW_TO_APPLY] = found.pop(Intent.APPEAL)
        if Intent.APPEAL in found:
            found.pop(Intent.HOW_TO_APPLY, None)
        if Intent.HOW_TO_APPLY in found and tells and not named and _WHAT_NOW.search(text):
            found[Intent.AM_I_ELIGIBLE] = found.pop(Intent.HOW_TO_APPLY)
        if Intent.OUT_OF_SCOPE in found and named:
            found[Intent.ASK_POLICY] = found.pop(Intent.OUT_OF_SCOPE)
        elif self.intents.ruled(Intent.OUT_OF_SCOPE, text) and not tells:
            found.clear()
            found[Intent.OUT_OF_SCOPE] = 0
        if asks and len(found) > 1:
            found.pop(Intent.TELL_FACTS, None)
        if asks and not tells and found.keys() == {Intent.TELL_FACTS}:
            found[Intent.ASK_POLICY] = found.pop(Intent.TELL_FACTS)
        if asks and found.keys() <= _CHAT | {Intent.TELL_FACTS} and (tells or named):
            found.clear()
            found[Intent.AM_I_ELIGIBLE if tells else Intent.ASK_POLICY] = 0


def _turned(
    text: str, named: tuple[str, ...], guides: Mapping[str, float], state: ConversationState
) -> ConversationState:
    """The talk with the topic that a message turns to without naming it, or with none."""
    if named:
        return state
    if turns_away(text, guides, state):
        return replace(state, topic=None)
    if (held := held_of(text, state)) is not None:
        return replace(state, topic=held)
    return replace(state, topic=money_of(state)) if goes_back_to_money(text, state) else state


def _of_one_child(found: Iterable[SaidFact], said: FactsSaid) -> list[SaidFact]:
    """Of likeness alone nothing is believed of one of two children, nor an accident that killed."""
    died = any(fact.value == "dead" for fact in said.facts)
    return [
        fact
        for fact in found
        if (said.child is None or not of_child(fact.name))
        and not (died and fact.name == "sudden_hardship" and fact.value in OF_A_CAUSE)
    ]


def _child_told(said: FactsSaid, state: ConversationState) -> str | None:
    """老二, where a message tells of two children before anything is known of one."""
    known = any(of_child(fact.name) for fact in state.facts)
    return said.child if said.child in ORDINALS and not known else None
