"""What a family tells: said back, weighed, and what it changes; never the same block twice."""

from __future__ import annotations

from collections.abc import Collection

from agent.compose.offline import eligibility, selection, stories, verdicts
from agent.compose.offline.draft import Writer
from agent.compose.offline.verdict_words import load_words
from agent.types import Intent, Role
from agent.understand.lexicon import load_lexicon
from agent.understand.replies import does_not_know
from agent.work import check
from tools.precheck import changes
from tools.types import Outcome

TELLING = (Intent.TELL_FACTS, Intent.CORRECT, Intent.AM_I_ELIGIBLE)
_SETTLED = frozenset({Outcome.LIKELY, Outcome.CHOICE, Outcome.UNLIKELY})
_SAID_BACK = 3
"""Facts of one message that are said back."""


def acknowledge(writer: Writer) -> None:
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


def _say_who_listens(writer: Writer) -> bool:
    """Who listens, after what surely has to do with the trouble itself: 七岁的娃夜里一个人."""
    if not writer.brief.distress or writer.staff:
        return False
    told = _say_of_told(writer)
    return stories.say_who_listens(writer) or told


def _what_changed(writer: Writer) -> None:
    """Of the benefits spoken of before, those that now look otherwise."""
    brief = writer.brief
    if brief.work.precheck is None or not brief.before.listed or brief.understanding.child is not None:
        return
    earlier = check(brief.rooms, None, brief.before, as_of=brief.as_of)
    for change in changes(earlier, brief.work.precheck) if earlier is not None else ():
        if change.benefit in brief.before.listed and {change.before, change.after} <= _SETTLED:
            after = next(v for v in brief.work.precheck.verdicts if v.benefit == change.benefit)
            outcome = writer.say(f"outcome.{change.after.value}")
            writer.phrase(
                "verdict.changed_verdict",
                writer.ledger.verdict(after, outcome),
                name=change.name,
                outcome=outcome,
            )


def family(writer: Writer, *, answered: bool) -> bool:
    """Verdicts for what was told. After another answer only those that are new."""
    brief = writer.brief
    if _without_verdicts(writer, answered=answered):
        return True
    if not answered and brief.understanding.topics:  # 职高学费, 居住证半年不到: before any verdict
        _say_of_told(writer, of=brief.understanding.topics)
    said = eligibility.answer(writer, lists=not answered and _lists_due(writer), beside=answered)
    explained = not answered and eligibility.services(writer)
    if said or explained or answered:
        return True
    if not _answers_us(writer) and _say_who_listens(writer):
        return True
    if writer.listed or verdicts.something_stands(writer):
        _noted(writer)
        return True
    told = bool(brief.understanding.facts or brief.understanding.declined or brief.before.pending_question)
    if (
        brief.work.precheck
        and brief.work.precheck.next_question
        and (told or brief.understanding.intent in TELLING)
    ):
        _asks_on(writer)
        return True
    if brief.state.facts:
        writer.phrase("verdict.nothing_left")
        writer.phrase("verdict.nothing_left_next", "k:12345", role=Role.REFERRAL)
        return True
    return False


def _without_verdicts(writer: Writer, *, answered: bool) -> bool:
    """What is said where nothing can be weighed, or nothing new was told."""
    brief = writer.brief
    if brief.work.precheck is None and brief.understanding.intent in TELLING:
        writer.phrase("verdict.not_checked")
        writer.phrase("verdict.not_checked_next", "k:12345", role=Role.REFERRAL)
        return True
    if brief.understanding.ambiguous and _ask_what_was_meant(writer):
        return True
    understood = brief.understanding
    if answered and not (understood.facts or understood.declined or brief.state.facts):
        return True
    if understood.intent is Intent.TELL_FACTS and not (answered or understood.facts or understood.declined):
        if not _say_who_listens(writer):
            _nothing_read(writer)
        return True
    if understood.intent is Intent.CORRECT and not (understood.facts or understood.retracted):
        if not answered and not _of_money(writer):
            writer.phrase("question.which_wrong")
        return True
    if not answered and _nothing_new(writer):
        answers = _answers_us(writer)
        if answers or not _say_who_listens(writer):
            _noted(writer)
        writer.serves = writer.serves or (brief.distress and not answers)
        return True
    return False


def _asks_on(writer: Writer) -> None:
    """What was told is said back before the next question; a condition, where it is settled."""
    stories.say_back(writer)
    if not (stories.say_of_condition(writer) or _say_of_told(writer)):
        writer.phrase("verdict.nothing_yet" if writer.brief.state.facts else "question.noted")
    writer.heard = verdicts.asks_on(writer)


def _nothing_read(writer: Writer) -> None:
    """A message that tells nothing we weigh: a plain statement is heard all the same."""
    pending = writer.brief.before.pending_question
    writer.heard = True
    if pending and does_not_know(writer.brief.text, load_lexicon()):
        writer.phrase("question.unknown_answer")
    elif not (_say_of_told(writer) or _of_money(writer)):
        plain = load_words().plain.search(writer.text)
        heard = "question.heard" if plain else "question.not_understood"
        writer.phrase(heard if pending and verdicts.asks_on(writer) else "question.noted_more")


def _of_money(writer: Writer) -> bool:
    """Who tells of money reads that an office reckons it by head (B06, 谁可以): no figure is weighed here."""
    guide = writer.brief.rooms.library.guide("B06")
    words = load_words()
    if guide is None or not words.money.search(writer.text) or words.costs.search(writer.text):
        return False
    if any(writer.words("question.noted_money")[-8:] in text for text in writer.ours):
        return False
    return writer.phrase("question.noted_money", writer.ledger.clause(guide.section("谁可以")[0]))


def _lists_due(writer: Writer) -> bool:
    """Where and what to bring are said when a benefit first comes up, not after every further fact."""
    first = verdicts.lead(writer)
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


def _nothing_new(writer: Writer) -> bool:
    """Whether an answer to our question settled nothing: then it is noted, and the next question asked."""
    brief = writer.brief
    precheck = brief.work.precheck
    before = brief.before
    if brief.understanding.intent is not Intent.TELL_FACTS or not (
        before.pending_question or before.unanswered
    ):
        return False
    if precheck is None or not before.listed or brief.understanding.child is not None:
        return False
    if not brief.understanding.facts or not verdicts.asks_on(writer) or _guess_confirmed(writer):
        return False
    earlier = check(brief.rooms, None, before, as_of=brief.as_of)
    was = {v.benefit: v.outcome for v in earlier.verdicts} if earlier is not None else {}
    told = {*before.listed, *(v.benefit for v in verdicts.ranked(writer) if verdicts.mentioned(writer, v))}
    for verdict in verdicts.ranked(writer):
        changed = was.get(verdict.benefit) is not verdict.outcome
        matters = verdict.benefit in told or verdicts.relevance(writer, verdict) >= verdicts.CLOSE
        sure = verdict.outcome in verdicts.SURE
        if verdicts.fresh(writer, verdict):
            return False
        if (
            changed
            and (sure or (verdict.benefit in told and verdict.outcome in _SETTLED))
            and (matters or sure)
        ):
            return False
    return True


def _answers_us(writer: Writer) -> bool:
    """Whether the message tells what we asked: 判了三年多 is heavy, and goes on with the pre-check."""
    return writer.brief.understanding.tells(writer.brief.before.pending_question)


def _guess_confirmed(writer: Writer) -> bool:
    """Whether a fact that we only supposed, such as an age by a class at school, was now told."""
    supposed = {fact.name for fact in writer.brief.before.facts if not fact.certain}
    return any(fact.certain and fact.name in supposed for fact in writer.brief.understanding.facts)


def _noted(writer: Writer) -> None:
    """What was understood, in everyday words or those of the fact sheet; sensitive facts are left out."""
    brief = writer.brief
    writer.topic = brief.state.topic
    writer.listed = list(brief.before.listed)
    writer.checked = True
    if stories.say_back(writer):
        _say_of_told(writer)
        return
    book = brief.rooms.catalogue.facts
    plain = [f for f in brief.understanding.facts if f.name in book and not book[f.name].sensitive]
    told = [(f.name, book[f.name].label, book[f.name].say(f.value)) for f in plain][:_SAID_BACK]
    if not told:
        if not _say_of_told(writer):
            writer.phrase("question.noted")
        return
    ids = [writer.ledger.fact(*one) for one in told]
    writer.phrase(
        "question.noted_facts", *ids, told="；".join(f"{label}，{value}" for _, label, value in told)
    )
    _say_of_told(writer)


def _say_of_told(writer: Writer, of: Collection[str] | None = None) -> bool:
    """What surely has to do with something that was only told: 名下有辆面包车 is not just noted."""
    clause = selection.told(writer, of=of)
    return clause is not None and writer.clause(clause, Role.ANSWER)
