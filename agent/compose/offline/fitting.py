"""What is not said to this family now, however well it was found: read as an answer it would mislead."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.compose.offline import choice, eligibility
from agent.compose.offline.draft import Writer
from agent.understand.questions import load_topics, topics_named
from knowledge.types import Clause
from tools.types import Outcome

FOUND = 0.6
"""From this score of the search on a paragraph answers, whatever section the intent looks for."""

_FIGURE = re.compile(r"\d+(?:元|[%％]|倍)")


def misleads(writer: Writer, clause: Clause, leading: Sequence[str]) -> bool:
    """Whether a paragraph is left out.

    A disease that nobody named; a benefit that the rules rule out; comfort that nobody needs; a sum of
    another benefit, which would be read as that of the one asked for; rules of another than the one named.
    """
    if clause.guide in choice.load_choice().unspoken:
        return clause.guide not in spoken(writer, leading)
    anything = choice.load_choice().general.search(writer.brief.text)
    if clause.guide in _unlikely(writer, leading) and (anything or not _found(writer, clause)):
        return True
    if _soothes(writer, clause):
        return True
    if choice.load_choice().sum.search(clause.text):
        return not _sum_asked(writer, clause, leading)
    return _of_another(writer, clause, leading)


def spoken(writer: Writer, leading: Sequence[str]) -> set[str | None]:
    """Guides that the family spoke of, in words or by what it told."""
    understood = writer.brief.understanding
    return {*choice.stories(writer), understood.topic, *understood.topics, *leading}


def _found(writer: Writer, clause: Clause) -> bool:
    return any(hit.score >= FOUND for hit in writer.brief.work.near if hit.clause == clause)


def _sum_asked(writer: Writer, clause: Clause, leading: Sequence[str]) -> bool:
    """Whether a sum is one of what was asked about: of what is named or runs, else of what was spoken of."""
    if clause.guide in choice.denied(writer):
        return False
    named = writer.brief.understanding.topics
    asked = {*named, writer.topic, writer.brief.before.topic}
    if clause.guide in asked or (clause.guide in topics_named(writer.text) and _found(writer, clause)):
        return True
    figure = _FIGURE.search(clause.text)
    return not (named and figure) and clause.guide in spoken(writer, leading)


def _of_another(writer: Writer, clause: Clause, leading: Sequence[str]) -> bool:
    """Whether one entry is named and this is of another, does not mention it, and was not surely found."""
    understood = writer.brief.understanding
    best = next((hit.clause.guide for hit in writer.brief.work.near if hit.clause.guide), None)
    runs = best == understood.topic and len(writer.text) <= choice.GOES_ON
    named = understood.topics or ((understood.topic or "",) if runs else ())
    if len(named) != 1 or not (clause.guide or "").startswith("B") or clause.guide in spoken(writer, leading):
        return False
    return not re.search(load_topics().entries[named[0]], clause.text) and not _found(writer, clause)


def _unlikely(writer: Writer, leading: Sequence[str]) -> set[str]:
    """Benefits that by the rules are not for this child: shown only to who asks about them.

    育儿补贴 is nothing to look at for a nine-year-old; who names it, goes on about it or tells just its story
    reads why. Who asks what there is at all reads nothing that what was told does not touch.
    """
    precheck = writer.brief.work.precheck
    if precheck is None:
        return set()
    asked = {*writer.brief.understanding.topics, *topics_named(writer.text), *leading, writer.topic}
    asked |= {writer.brief.understanding.topic, *choice.stories(writer)[:1]}
    anything = choice.load_choice().general.search(writer.brief.text)
    best = next((h for h in writer.brief.work.near if h.clause.guide), None)
    if best is not None and best.score >= FOUND and not anything:
        asked.add(best.clause.guide)
    unfit = {v.benefit for v in precheck.verdicts if v.outcome is Outcome.UNLIKELY}
    if anything:
        far = (v for v in eligibility.ranked(writer) if v.outcome is Outcome.UNKNOWN)
        unfit |= {v.benefit for v in far if eligibility.relevance(writer, v) < eligibility.CLOSE}
    return unfit - asked


def _soothes(writer: Writer, clause: Clause) -> bool:
    """Whether a paragraph is for who cannot bear it any more, and nobody said so."""
    brief, words = writer.brief, choice.load_choice()
    if brief.care or brief.distress or clause.guide == "B32" or not words.soothes.search(clause.text):
        return False
    return not words.weary.search(writer.text)
