"""The default composer: rules over guides, verdicts and fixed phrases. First-class, not a fallback."""

from __future__ import annotations

import re

from agent.compose.offline import eligibility, guides, policy, smalltalk, suggestions
from agent.compose.offline.draft import Writer
from agent.compose.protocol import Brief, Draft, Release
from agent.types import Intent, Role
from agent.understand.lexicon import load_lexicon
from agent.understand.questions import load_topics
from agent.understand.replies import does_not_know
from agent.work import check
from guardrails.screen import UNREDACTED
from tools.precheck import changes
from tools.types import Outcome

_TELLING = (Intent.TELL_FACTS, Intent.CORRECT, Intent.AM_I_ELIGIBLE)
MARK_CHARS = 12
_TILL_WHEN = re.compile(r"几岁|几年|到什么时候|有效期|满(18|十八)")
"""能领到几岁 asks for a limit of the benefit, not for the days of its procedure."""
_HAD = (*guides.PARTS, Intent.AMOUNT)
_PARTS_MOST = 3
"""Questions of one message that are answered; more are offered as suggestions."""


class OfflineComposer:
    """Answers first, says why, lists what to do, asks at most one thing."""

    streams = False

    async def compose(self, brief: Brief, release: Release) -> Draft:
        """Write the whole answer, then release it sentence by sentence."""
        draft = write(brief)
        for sentence in draft.sentences:
            await release(sentence)
        return draft


def write(brief: Brief) -> Draft:
    """The whole answer. Pure: the same brief gives the same words."""
    writer = Writer(brief)
    if brief.text.startswith(UNREDACTED[:MARK_CHARS]):
        return _broken(writer)
    if brief.care:
        writer.phrase("person.care", role=Role.CARE)
    intents = [i for i in brief.understanding.intents if i not in _TELLING]
    if Intent.AM_I_ELIGIBLE in brief.understanding.intents and policy.names_services(writer):
        intents.append(Intent.ASK_POLICY)
    _acknowledge(writer)
    if brief.understanding.child is not None and brief.understanding.child != brief.before.child:
        writer.phrase("person.other_child", role=Role.NOTE, who=brief.understanding.child or "前面那个孩子")
    answered = False
    for intent in intents[:_PARTS_MOST]:
        answered = _part(writer, intent) or answered
        if intent in (Intent.HUMAN, Intent.OTHER_PLACE, Intent.FORGET_ME):
            break
    telling = any(i in _TELLING for i in brief.understanding.intents) and Intent.URGENT_NEED not in intents
    if (telling and not (answered and policy.names_services(writer))) or (not answered and brief.state.facts):
        answered = _family(writer, answered=answered) or answered
    if not answered:
        _nothing_found(writer)
    if brief.understanding.several and not brief.before.facts:
        writer.phrase("person.several", role=Role.NOTE)
    if brief.child_speaks:
        writer.phrase("person.child_help", role=Role.CARE)
    if brief.offer_person:
        writer.phrase("person.care_person", role=Role.NOTE)
    _close(writer)
    suggestions.suggest(writer)
    return writer.draft()


def _broken(writer: Writer) -> Draft:
    """The message could not be redacted, so nobody but a person may look at it (PR-5)."""
    writer.phrase("person.broken")
    writer.phrase("person.broken_next", "k:12345", role=Role.REFERRAL)
    writer.suggest("human")
    return writer.draft()


def _acknowledge(writer: Writer) -> None:
    """What a correction changed, or that something may stay unsaid."""
    brief = writer.brief
    if brief.understanding.declined:
        writer.phrase("question.declined", role=Role.CARE)
    book = brief.rooms.catalogue.facts
    for fact in brief.understanding.facts:
        old = brief.before.values.get(fact.name)
        if (fact.correction and fact.name in book) and (old is not None and old != fact.value):
            spoken = book[fact.name]
            if not spoken.sensitive:
                value = spoken.say(fact.value)
                told = writer.ledger.fact(fact.name, spoken.label, value)
                writer.phrase("verdict.changed", told, label=spoken.label, value=value)
    if brief.understanding.facts or brief.understanding.retracted:
        _what_changed(writer)


def _what_changed(writer: Writer) -> None:
    """Of the benefits spoken of before, those that now look otherwise."""
    brief = writer.brief
    if brief.work.precheck is None or not brief.before.listed or brief.understanding.child is not None:
        return
    earlier = check(brief.rooms, None, brief.before, as_of=brief.as_of)
    for change in changes(earlier, brief.work.precheck) if earlier is not None else ():
        settled = {Outcome.LIKELY, Outcome.CHOICE, Outcome.UNLIKELY}
        if change.benefit in brief.before.listed and {change.before, change.after} <= settled:
            after = next(v for v in brief.work.precheck.verdicts if v.benefit == change.benefit)
            outcome = writer.say(f"outcome.{change.after.value}")
            writer.phrase(
                "verdict.changed_verdict",
                writer.ledger.verdict(after, outcome),
                name=change.name,
                outcome=outcome,
            )


def _part(writer: Writer, intent: Intent) -> bool:
    """Answer one thing that was asked. False when nothing was found for it."""
    if play := smalltalk.PLAYS.get(intent):
        play(writer)
        return True
    topic = writer.brief.understanding.topic
    elsewhere = re.search(load_topics().elsewhere, writer.brief.text)
    if topic is None and not elsewhere and intent in _HAD and (lead := eligibility.lead(writer)) is not None:
        eligibility.one(writer, lead.benefit)
        topic = lead.benefit
    guide = guides.guide_of(writer, topic)
    if intent is Intent.AMOUNT:
        return policy.amount(writer, guide)
    if intent is Intent.CONTACT:
        return policy.contact(writer)
    if intent is Intent.APPEAL:
        return policy.appeal(writer)
    if intent is Intent.COMPARE:
        return policy.compare(writer)
    if intent in guides.PARTS and guide is not None and not _TILL_WHEN.search(writer.brief.text):
        if intent is Intent.MATERIALS and guides.without_paper(writer, guide):
            return True
        tell, opening = guides.PARTS[intent]
        writer.phrase(opening, f"v:{guide.entry}", name=guide.name)
        tell(writer, guide)
        writer.topic = guide.entry
        return True
    return policy.policy(writer)


def _family(writer: Writer, *, answered: bool) -> bool:
    """Verdicts for what was told. After another answer only those that are new."""
    brief = writer.brief
    if brief.work.precheck is None and brief.understanding.intent in _TELLING:
        writer.phrase("verdict.not_checked")
        writer.phrase("verdict.not_checked_next", "k:12345", role=Role.REFERRAL)
        return True
    if brief.understanding.ambiguous and _ask_what_was_meant(writer):
        return True
    understood = brief.understanding
    if understood.intent is Intent.TELL_FACTS and not (understood.facts or understood.declined):
        unknown = brief.before.pending_question and does_not_know(brief.text, load_lexicon())
        asked = brief.before.pending_question is not None
        key = (
            "question.unknown_answer"
            if unknown
            else "question.not_understood"
            if asked
            else "question.noted_more"
        )
        writer.phrase(key)
        return True
    if understood.intent is Intent.CORRECT and not (understood.facts or understood.retracted):
        writer.phrase("question.which_wrong")
        return True
    said = eligibility.answer(writer, lists=not answered and _lists_due(writer))
    explained = not answered and eligibility.services(writer)
    if said or explained:
        return True
    if answered:
        return True
    told = bool(brief.understanding.facts or brief.understanding.declined or brief.before.pending_question)
    if (
        brief.work.precheck
        and brief.work.precheck.next_question
        and (told or brief.understanding.intent in _TELLING)
    ):
        writer.phrase("verdict.nothing_yet" if brief.state.facts else "question.noted")
        return True
    if brief.state.facts:
        writer.phrase("verdict.nothing_left")
        writer.phrase("verdict.nothing_left_next", "k:12345", role=Role.REFERRAL)
        return True
    return False


def _lists_due(writer: Writer) -> bool:
    """Where and what to bring are said when a benefit first comes up, not after every further fact."""
    first = eligibility.lead(writer)
    return first is None or first.benefit not in writer.brief.before.listed


def _ask_what_was_meant(writer: Writer) -> bool:
    name, words = writer.brief.understanding.ambiguous[0]
    parent = writer.say(f"parent.{name.split('_')[0]}")
    key = "question.ambiguous_none" if words.startswith("没") else "question.ambiguous_left"
    if name in writer.brief.state.asked:
        return False
    writer.phrase(key, role=Role.QUESTION, parent=parent)
    writer.asked = name
    return True


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
    checking = bool(intents & set(_TELLING)) or writer.checked
    if checking and not intents & {Intent.HUMAN, Intent.FORGET_ME, Intent.OTHER_PLACE, Intent.THANKS}:
        eligibility.next_question(writer)
