"""The one next question that an answer ends with, worded for whoever is asked."""

from __future__ import annotations

import re
from dataclasses import replace

from agent.compose.offline import stories, verdicts
from agent.compose.offline.choice_words import load_choice
from agent.compose.offline.draft import Writer
from agent.compose.offline.verdict_words import load_words
from agent.types import Intent, Role
from tools.fitting import unfitting
from tools.questions import single
from tools.types import Question, Verdict


def ask(writer: Writer) -> None:
    """End with the one next question, if there is one and none was asked yet in this answer."""
    precheck = writer.brief.work.precheck
    if writer.staff and not _tells_of_a_case(writer):
        return
    if writer.asked is None and precheck is not None and verdicts.asks_on(writer):
        question = _about_news(writer) or _about_condition(writer) or _of_any(writer)
        if question is None:
            return
        question = replace(question, text=_worded(writer, question))
        writer.add(question.text, writer.ledger.question(question), role=Role.QUESTION)
        writer.asked = question.fact


def _tells_of_a_case(writer: Writer) -> bool:
    """Whether who works with families tells of a child now: a rule has none to be asked about."""
    understood, told = writer.brief.understanding, writer.brief.state.facts
    tells = bool(understood.facts) and understood.intent is Intent.TELL_FACTS
    return tells or (bool(told) and understood.intent is Intent.AM_I_ELIGIBLE)


def _about_news(writer: Writer) -> Question | None:
    """What the benefit that this message brought up still hangs on."""
    state, book = writer.brief.state, writer.brief.rooms.catalogue.facts
    missing = _own_first(writer, writer.open) if writer.open is not None else ()
    closed = {*state.weighed, *state.asked, *state.declined, *unfitting(book, state.weighed, ())}
    name = next((name for name in missing if name not in closed and not book[name].sensitive), None)
    return single(book[name]) if name is not None else None


def _of_any(writer: Writer) -> Question | None:
    """What the pre-check asks next; beside a service only who asks what there is at all is asked on."""
    asked = not writer.serves or load_choice().general.search(writer.brief.text)
    precheck = writer.brief.work.precheck
    return precheck.next_question if precheck is not None and asked else None


def _own_first(writer: Writer, verdict: Verdict) -> list[str]:
    """What is missing, what marks this benefit before what everybody is asked: the permit, then the age."""
    own = writer.brief.rooms.catalogue.benefits[verdict.benefit].hallmarks
    return sorted(verdict.missing, key=lambda name: name not in own)


def _about_condition(writer: Writer) -> Question | None:
    """What a condition leaves open that was told in a word which fixes nothing."""
    told, state = stories.condition(writer), writer.brief.state
    if told is None or told.lacks in {*state.asked, *state.declined}:
        return None
    return single(writer.brief.rooms.catalogue.facts[told.lacks])


def _worded(writer: Writer, question: Question) -> str:
    """A question as a talk asks it, and a child is asked about itself: 你妈妈现在是什么情况."""
    text = _to_grown_up(writer, question)
    if writer.brief.child_speaks:
        for words, yours in load_words().to_child.items():
            text = re.sub(words, yours, text)
    return text


def _to_grown_up(writer: Writer, question: Question) -> str:
    """Of the parent who writes in the second person, and not as a form does."""
    fact = writer.brief.rooms.catalogue.facts[question.fact]
    speaking = verdicts.speaks(writer)
    if speaking is not None and fact.name == f"{speaking}_state":
        return fact.of_self
    told = stories.condition(writer)
    if told is not None and told.lacks == fact.name:
        return writer.say("question.which_kind")
    if fact.doubted and fact.name in writer.brief.state.values:
        return fact.doubted
    return fact.spoken or question.text
