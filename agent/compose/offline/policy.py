"""Questions about policy: what it is, how much, whom to call, what differs, what after a refusal."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.compose.offline import eligibility, guides, smalltalk
from agent.compose.offline.draft import Writer, split
from agent.types import Role
from agent.understand.questions import content_of, load_topics, only_names
from knowledge.types import Clause, Guide
from knowledge.types import Standing as TextStanding
from tools.benefit import Standing

_TOGETHER = re.compile(r"一起|同时|还能|都能|冲突|重复|叠加|再(拿|领)|影响")


def policy(writer: Writer) -> bool:
    """A question about policy: the entry it names, else what the search found."""
    brief = writer.brief
    search = brief.work.search
    hits: list[Clause] = [hit.clause for hit in search.hits] if search else []
    ours = [c for c in hits if c.citation.standing is TextStanding.RESTATED and c.guide]
    topics = brief.understanding.topics
    if len(topics) > 1 and _TOGETHER.search(brief.text):
        links_between(writer, topics)
    named = guides.guide_of(writer, topics[0] if topics else None)
    if named is not None:
        if brief.state.facts and only_names(brief.text):
            eligibility.one(writer, named.entry)
        guides.about(writer, named, ours)
        writer.topic = named.entry
        return True
    if word_found(writer):
        return True
    if search is None or not search.answerable or not hits:
        return False
    if not ours:
        return official_text(writer, hits)
    found = guides.guide_of(writer, ours[0].guide)
    if found is None:
        return False
    guides.about(writer, found, ours)
    writer.topic = found.entry
    return True


def word_found(writer: Writer) -> bool:
    """重残是几级, 失联是什么意思: the paragraphs that say what the word means, each benefit's own."""
    word = content_of(writer.brief.text)
    if not 2 <= len(word) <= 8 or word == writer.brief.text:
        return False
    told = [g.section("谁可以") for g in writer.brief.rooms.library.guides]
    found = [
        c
        for section in told
        for c in section
        if re.search(f"{re.escape(word)}[”」]?[，,]?(就?是|的?意思|指)", c.text)
    ][:3]
    for index, clause in enumerate(found):
        writer.clause(clause, Role.ITEM if index else Role.ANSWER)
    return bool(found)


def official_text(writer: Writer, hits: list[Clause]) -> bool:
    """Only an issuer's own text was found: its sentences, as they stand."""
    said = 0
    for part in split(hits[0].text)[:2]:
        said += writer.add(part.strip(), writer.ledger.clause(hits[0]), role=Role.ANSWER)
    return bool(said)


def names_services(writer: Writer) -> bool:
    """Whether the family asks about a service, which one does not "meet": it is explained instead."""
    named = writer.brief.understanding.topics
    benefits = writer.brief.rooms.catalogue.benefits
    return bool(named) and all(n not in benefits or benefits[n].standing is Standing.SERVICE for n in named)


def amount(writer: Writer, guide: Guide | None) -> bool:
    """How much, only as the documents print it."""
    if guide is None:
        writer.phrase("unknown.no_amount")
        writer.phrase("unknown.no_amount_ask", "k:12345", role=Role.REFERRAL)
        return True
    guides.amount(writer, guide)
    writer.topic = guide.entry
    return True


def contact(writer: Writer) -> bool:
    """Whom to call about the running topic."""
    guide = guides.guide_of(writer, writer.brief.understanding.topic)
    found = [contact.id for contact in writer.brief.work.contacts][:3]
    if guide is None and re.search(load_topics().elsewhere, writer.brief.text):
        policy(writer)
    if not found and guide is None:
        found = ["12345"]
    if found:
        writer.phrase("lead.contact")
        smalltalk.contacts(writer, *found)
    if guide is not None:
        guides.ask_whom(writer, guide)
        writer.topic = guide.entry
    return True


def appeal(writer: Writer) -> bool:
    """First the paper with the reason, then the ways that are open."""
    life, formal = guides.guide_of(writer, "L07"), guides.guide_of(writer, "B37")
    if life is None or formal is None:
        return False
    for clause in life.section("先做什么")[:1]:
        writer.clause(clause, Role.ANSWER)
    for clause in [*life.section("看理由怎么走")[:1], *life.section("还是不服")[:2]]:
        writer.clause(clause)
    guides.ask_whom(writer, life, most=1)
    return True


def compare(writer: Writer) -> bool:
    """Side by side, never a decision: what the files say the two do to each other, then each one's gift."""
    named = writer.brief.understanding.topics or tuple(writer.brief.state.listed[:2])
    said = links_between(writer, named)
    for entry in named[:2]:
        guide = guides.guide_of(writer, entry)
        if guide is not None and len(named) > 1:
            for clause in [*guide.section("谁可以")[:1], *guide.section("给什么")[:1]]:
                said = writer.clause(clause) or said
    return said or policy(writer)


def links_between(writer: Writer, named: Sequence[str]) -> bool:
    """What the benefits' files say that the named ones do to each other, once a pair."""
    said: set[frozenset[str]] = set()
    for link in writer.brief.rooms.catalogue.links:
        pair = frozenset((link.mine, link.other))
        if pair <= set(named) and len(pair) == 2 and pair not in said:
            said.add(pair)
            writer.add(link.say, writer.ledger.said(link.mine, f"with.{link.other}", link.say, link.source))
    return bool(said)
