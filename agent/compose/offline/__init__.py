"""The default composer: rules over guides, verdicts and fixed phrases. First-class, not a fallback."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from agent import asking
from agent.compose.offline import (
    choice,
    eligibility,
    next_question,
    parts,
    policy,
    smalltalk,
    stories,
    suggestions,
    telling,
    terms,
    verdicts,
)
from agent.compose.offline.choice_words import load_choice
from agent.compose.offline.draft import Writer
from agent.compose.protocol import Brief, Draft, Release
from agent.memory import has_own_parents
from agent.types import Intent, Role
from agent.understand.questions import applied_for, load_topics, only_qualifies, topics_named
from guardrails.screen import UNREDACTED

MARK_CHARS = 12
ANYTHING = 12
"""Characters up to which a message that asks what there is asks nothing else: 那我们能申请啥."""
TOLD_CHARS = 16
"""Characters of a message that tells one thing about a household."""
_CHILD_IS = ("B01", "B02", "B03", "B04", "B12")
"""Who tells that a child is recognised as an orphan, or gets an allowance, goes on about that."""
_OF_FAMILIES = frozenset({Intent.APPEAL, Intent.COMPLAINT})
"""Who works with families does neither: they ask how it is dealt with."""
_TROUBLES = ("B30", "B31", "B32")
"""Guides on what happens to a pupil, whatever the family has or earns."""
_UNASKED = frozenset({Intent.HUMAN, Intent.FORGET_ME, Intent.OTHER_PLACE, Intent.THANKS})
"""After these nothing is asked."""


class OfflineComposer:
    """Answers first, says why, lists what to do, asks at most one thing."""

    streams = False

    async def compose(self, brief: Brief, release: Release) -> Draft:
        """Write the whole answer, then release it sentence by sentence."""
        draft = await asyncio.to_thread(write, brief)  # other talks go on meanwhile
        for sentence in draft.sentences:
            await release(sentence)
        return draft


def write(brief: Brief) -> Draft:
    """The whole answer. Pure: the same brief gives the same words."""
    writer = Writer(_as_worded(brief))
    brief = writer.brief
    if brief.text.startswith(UNREDACTED[:MARK_CHARS]):
        return _broken(writer)
    if brief.care and not writer.staff and _is_new(writer, "person.care"):
        alone = load_choice().alone.search(brief.text) and not brief.child_speaks
        writer.phrase("person.care_alone" if alone else "person.care", role=Role.CARE)
    telling.acknowledge(writer)
    child = brief.understanding.child
    if child is not None and _turns_to(writer, child):
        kin = has_own_parents(brief.before.child, child)
        key = "person.child_of_kin" if kin else "person.other_child"
        writer.phrase(key, role=Role.NOTE, who=child or "前面那个孩子")
    if _answer(writer):
        if not (writer.heard or _UNASKED & {*brief.understanding.intents}):
            policy.say_best(writer)
        if not writer.heard:
            policy.whom(writer)
    else:
        _nothing_found(writer)
    if brief.understanding.several and not brief.before.facts:
        writer.phrase("person.several", role=Role.NOTE)
    if brief.child_speaks:
        writer.phrase("person.child_help", role=Role.CARE)
    if brief.offer_person and _is_new(writer, "person.care_person"):
        writer.phrase("person.care_person", role=Role.NOTE)
    if writer.staff:
        writer.lead_with_clauses()
    else:
        terms.explain(writer)
    _settle_topic(writer)
    _close(writer)
    suggestions.suggest(writer)
    return writer.draft()


def _turns_to(writer: Writer, child: str) -> bool:
    """Whether the talk was about another child; who tells of 大的 and 小的 at first turns from none."""
    before = writer.brief.before
    return child != before.child and bool(before.facts or before.child)


def _as_worded(brief: Brief) -> Brief:
    """The same without intents that no word of the message bears out: those ask something after all.

    Who works with families appeals against nothing: such a message asks how an appeal is dealt with.
    """
    said = brief.understanding.intents
    staff = bool(brief.state.role) or asking.for_staff(brief.text)
    kept = tuple(i for i in said if not asking.misheard(i, brief.text) and not (staff and i in _OF_FAMILIES))
    if kept == said:
        return brief
    if not set(kept) - set(telling.TELLING) - {Intent.AM_I_ELIGIBLE}:
        kept = (*kept, *(asking.plainly_asked(brief.text) or (Intent.ASK_POLICY,)))
    return replace(brief, understanding=replace(brief.understanding, intents=kept))


def _is_new(writer: Writer, key: str) -> bool:
    """Whether a kind word is due: it is said once in a talk, and again when new distress is heard."""
    said = writer.words(key)
    before = any(said in text for text in writer.ours)
    return writer.brief.distress or not before


def _answer(writer: Writer) -> bool:
    """What was asked, then what the pre-check says; a question in so many words comes before the verdict.

    Where it asks whether a benefit is for the child, and that is settled, the verdict is the answer.
    """
    brief = writer.brief
    said = brief.understanding.intents
    intents = [i for i in said if i not in telling.TELLING]
    services = policy.names_services(writer) and policy.specific(writer)
    if Intent.AM_I_ELIGIBLE in said and services:
        intents.append(Intent.ASK_POLICY)
    if policy.go_on(writer):
        return True
    if _hangs_on_a_word(writer):
        if _is_new(writer, "person.care"):
            writer.phrase("person.care", role=Role.CARE)
        writer.heard = telling.family(writer, answered=False)
        return writer.heard
    if asking.about_medicine(brief.text) and not brief.understanding.topics:
        smalltalk.medicine(writer)
        return True
    if eligibility.otherwise(writer):
        return True
    linked = policy.together(writer)
    answered = parts.answer(writer, intents) or linked
    tells = any(i in telling.TELLING for i in said) and Intent.URGENT_NEED not in intents
    asks = tells and not answered and policy.asks(writer) and policy.found_anything(writer)
    asks = asks and not stories.only_heavy(writer)
    ruled = Intent.AM_I_ELIGIBLE in said and verdicts.settled(writer)
    specific = asks and policy.specific(writer) and not ruled
    if specific:
        answered = policy.say_found(writer, policy.BESIDE, verdicts.leading(writer))
    if (tells and not (answered and services)) or (not answered and brief.state.facts):
        answered = telling.family(writer, answered=answered) or answered
    whole = len(writer.text) <= ANYTHING and bool(writer.listed) and choice.best_guide(writer) is None
    whole = whole or writer.serves
    if asks and not specific and not whole:
        answered = policy.say_found(writer, policy.BESIDE, verdicts.leading(writer)) or answered
    return answered


def _hangs_on_a_word(writer: Writer) -> bool:
    """Whether nothing is known but a word of two meanings: 老公走了，不知道怎么办 is asked back first."""
    brief = writer.brief
    understood = brief.understanding
    told_more = brief.state.facts or understood.topics or set(understood.intents) - set(telling.TELLING)
    return (
        bool(understood.ambiguous) and not told_more and understood.ambiguous[0][0] not in brief.state.asked
    )


def _broken(writer: Writer) -> Draft:
    """The message could not be redacted, so nobody but a person may look at it (PR-5)."""
    writer.phrase("person.broken")
    writer.phrase("person.broken_next", "k:12345", role=Role.REFERRAL)
    writer.suggest("human")
    return writer.draft()


def _settle_topic(writer: Writer) -> None:
    """What the talk is about from now on: what was named, what words of the story lead to, else a verdict.

    A short 低保批了 tells what the household has, and means that. What is asked about only beside the running
    topic (低保还能同时拿吗) is none of its own.
    """
    named = writer.brief.understanding.topics
    story = choice.best_guide(writer)
    running = writer.brief.before.topic
    beside = len(named) == 1 and running not in named and policy.asks_both(writer)
    if running and (beside or (not named and load_choice().goes_on.search(writer.text))):
        writer.topic = running
        return
    if writer.serves and not named:
        return
    if len(named) > 1:
        writer.topic = next(iter(choice.likeliest(writer, named)), writer.topic)
    elif named and not (only_qualifies(named[0], writer.text) or _only_tells(writer)):
        writer.topic = named[0]
    elif not named and story is not None and story.startswith("B"):
        writer.topic = story
    elif not named:
        told = next(iter(topics_named(writer.text)), None)
        if told is not None and (len(writer.text) <= TOLD_CHARS or told in _CHILD_IS):
            writer.topic = told


def _only_tells(writer: Writer) -> bool:
    """Whether a message names an entry in what it tells of the family: 我们有居住证, 低保要退出了."""
    understood, file = writer.brief.understanding, load_topics()
    tells = set(understood.intents) <= {*telling.TELLING}
    has = {*file.whom, *file.groups} & {*understood.topics}
    return tells and bool(has) and not any(applied_for(writer.text, entry) for entry in has)


def _nothing_found(writer: Writer) -> None:
    if writer.brief.state.misses >= 1:
        writer.phrase("unknown.not_found_again")
    else:
        writer.phrase("unknown.not_found")
    writer.phrase("unknown.not_found_next", "k:12345", role=Role.REFERRAL)
    writer.missed = True


def _close(writer: Writer) -> None:
    """At most one question, and only where a pre-check is what the family came for."""
    brief = writer.brief
    intents = set(brief.understanding.intents)
    checking = bool(intents & set(telling.TELLING)) or writer.checked
    if asking.about_medicine(brief.text):
        return
    if checking and not intents & _UNASKED and not _of_trouble(writer):
        next_question.ask(writer)


def _of_trouble(writer: Writer) -> bool:
    """Whether a trouble of a pupil was told and no benefit came up: 低保 is not asked now."""
    return not writer.checked and asking.troubled(writer.text) and choice.best_guide(writer) in _TROUBLES
