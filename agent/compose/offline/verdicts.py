"""Which verdicts matter: how much each has to do with what was told, and what may be said or asked of it."""

from __future__ import annotations

from collections.abc import Mapping

from agent.compose.offline import choice
from agent.compose.offline.choice_words import load_choice
from agent.compose.offline.draft import Writer
from agent.understand.questions import load_topics
from tools.benefit import Standing
from tools.types import FactValue, Outcome, Truth, Verdict

SURE = (Outcome.LIKELY, Outcome.CHOICE)
OPEN = (Outcome.UNKNOWN, Outcome.DEPENDS_ON_DISTRICT)
QUESTIONS_MOST = 9
"""So many questions of ours are enough for one child; a person at the window asks the rest."""
CLOSE = 2
"""From this relevance on a verdict has to do with what was told."""
_FIRST = 3
"""Best paragraphs that may say no."""


def relevance(writer: Writer, verdict: Verdict) -> int:
    """How much a verdict has to do with what was told: named, then hallmarks told, then entitlements."""
    if verdict.benefit not in writer.relevant:
        writer.relevant[verdict.benefit] = _relevance(writer, verdict)
    return writer.relevant[verdict.benefit]


def _relevance(writer: Writer, verdict: Verdict) -> int:
    brief = writer.brief
    benefit = brief.rooms.catalogue.benefits[verdict.benefit]
    topics = brief.understanding.topics
    # Who asks what there is at all (有没有补贴) does not go on about the running topic.
    anything = not topics and load_choice().general.search(brief.text)
    named = verdict.benefit in topics or (verdict.benefit == brief.understanding.topic and not anything)
    named = named and verdict.benefit not in choice.denied(writer)
    told = brief.state.values
    hits = sum(1 for name in benefit.hallmarks if told.get(name, False) is not False)
    new = sum(1 for fact in brief.understanding.facts if fact.name in benefit.hallmarks)
    led = bool(hits) and verdict.benefit == choice.best_guide(writer)
    return 10 * named + 5 * led + 2 * hits + new


def ranked(writer: Writer) -> tuple[Verdict, ...]:
    """Verdicts, the most to the point first; the order of the entries decides between equals.

    A service (收养, 监护 …) is no benefit that one "meets", and what the family has already is no news;
    nor is what no document says enough about, unless it was asked for.
    """
    if writer.ranked is None:
        writer.ranked = tuple(_ranked(writer))
    return writer.ranked


def _ranked(writer: Writer) -> list[Verdict]:
    precheck = writer.brief.work.precheck
    if precheck is None:
        return []
    benefits = writer.brief.rooms.catalogue.benefits
    told, held = writer.brief.state.values, load_topics().held
    named = {*writer.brief.understanding.topics, writer.brief.understanding.topic}
    kept = [
        v
        for v in precheck.verdicts
        if benefits[v.benefit].standing is not Standing.SERVICE
        and (v.outcome is not Outcome.UNKNOWN or v.missing or v.benefit in named)
        and not any(told.get(name) == value for name, value in held.get(v.benefit, {}).items())
        and (v.benefit in named or not _taken(v.benefit, told))
    ]
    return sorted(kept, key=lambda v: (-relevance(writer, v), v.outcome not in SURE, len(v.missing)))


def _taken(benefit: str, told: Mapping[str, FactValue]) -> bool:
    """Whether something that the family has already stands in the place of a benefit."""
    return any(told.get(name) in values for name, values in load_choice().taken.get(benefit, {}).items())


def refuted(writer: Writer) -> set[str]:
    """Benefits of which a paragraph that answers best says no: 三级肢体不在这一条里 leaves nothing to offer.

    What the rules do not know yet may still be open; beside that paragraph it reads as a contradiction.
    """
    if writer.refuted is None:
        found = choice.scores(writer, frozenset())
        first = sorted(found.values(), key=lambda one: -one[0])[:_FIRST]
        says_no = load_choice().refutes
        writer.refuted = {clause.guide for _, clause in first if clause.guide and says_no.search(clause.text)}
    return writer.refuted


def guessed(writer: Writer, verdict: Verdict) -> str | None:
    """A fact that a verdict rests on and that the family only seems to have said."""
    unsure = {fact.name for fact in writer.brief.state.facts if not fact.certain}
    met = (step for step in verdict.trace if step.truth is Truth.TRUE)
    return next((name for step in met for name, _ in step.facts if name in unsure), None)


def lead(writer: Writer) -> Verdict | None:
    """The benefit that fits best what was told, if any does."""
    denied = choice.denied(writer)
    found = [v for v in ranked(writer) if relevance(writer, v) >= CLOSE and v.benefit not in denied]
    return next((v for v in found if v.outcome not in (Outcome.UNLIKELY,)), None)


def settled(writer: Writer) -> bool:
    """Whether the verdict of a benefit that the message names stands either way."""
    named = set(writer.brief.understanding.topics) - choice.denied(writer)
    return any(v.benefit in named and v.outcome in (*SURE, Outcome.UNLIKELY) for v in ranked(writer))


def leading(writer: Writer) -> tuple[str, ...]:
    """The entry of that benefit, if there is one."""
    first = lead(writer)
    return (first.benefit,) if first is not None else ()


def asks_on(writer: Writer) -> bool:
    """Whether the pre-check has a question left that may still be asked."""
    precheck, state = writer.brief.work.precheck, writer.brief.state
    if precheck is None or precheck.next_question is None or len(state.asked) >= QUESTIONS_MOST:
        return False
    return precheck.next_question.fact not in {*state.values, *state.asked, *state.declined}
