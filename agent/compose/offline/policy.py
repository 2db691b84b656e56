"""Questions about policy: what it is, how much, whom to call, what differs, what after a refusal."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent import asking
from agent.compose.offline import choice, eligibility, guides, selection, smalltalk
from agent.compose.offline.choice_words import load_choice
from agent.compose.offline.draft import Writer, split
from agent.compose.offline.verdict_words import load_words
from agent.types import Intent, Role, Sentence
from agent.understand.questions import content_of, load_topics, only_names, topics_named
from knowledge.types import Clause, Guide, GuideKind, UnansweredReason
from knowledge.types import Standing as TextStanding
from tools.benefit import Standing

_TOGETHER = re.compile(r"一起|同时|还能|都能|冲突|重复|叠加|再(拿|领)|影响")
_LATELY = 3
"""Messages of the family in which 两个 may have been named."""
PARAGRAPHS = 8
"""Paragraphs of a guide that one question of policy is answered with; a child reads fewer."""
BESIDE = 5
"""Of these beside a list, a verdict or a sum."""
_IN_ALL = 12
"""Entries of the lists of one answer, beyond which nothing more is looked for."""
SHORT = 1
"""Of these beside a list, where a short message only goes on about the running topic."""
_CHILD_READS = 3
POINTS = 5
"""Paragraphs that a family reads at once (issue 6, item 4); the others come when it asks 还有哪些 …"""
LISTED = 8
"""… unless it asked for a list."""
KEPT = 5
"""Paragraphs that wait for that."""
_PARAGRAPH = re.compile(r"c:[A-Z]\d\d#")
"""Evidence that is a paragraph of a guide."""
_IN_FULL = re.compile(r"全额救助|不设上限")
_SURE = 0.1
"""Share of the certainty from which a paragraph is said whatever the wish of the message was taken for."""
_HELPER = re.compile(r"谁能(帮|代办|申请)")
"""Begins a paragraph about who may go there for the family: that is not where it is settled."""
_GOES_ON = 12
"""Characters of a message that asks for one thing about the running topic, and gets that."""


def policy(writer: Writer) -> bool:
    """A question about policy: what the entry is where only it is named, else the paragraphs that answer."""
    brief = writer.brief
    search = brief.work.search
    hits: list[Clause] = [hit.clause for hit in search.hits] if search else []
    topics = brief.understanding.topics
    named = guides.guide_of(writer, topics[0] if topics else None)
    if named is not None and only_names(brief.text):
        if brief.state.facts:
            eligibility.one(writer, named.entry)
        guides.about(writer, named)
        writer.topic = named.entry
        return True
    if named is None and (word_found(writer) or grounds(writer)):
        return True
    if named is None and not found_anything(writer):
        return False
    if writer.staff and only_official(hits):
        return official_text(writer, hits)
    return say_found(writer, PARAGRAPHS) or (only_official(hits) and official_text(writer, hits))


def grounds(writer: Writer) -> bool:
    """依据文号给我, asked of nothing in particular: the documents that the running topic rests on."""
    guide = guides.guide_of(writer, writer.brief.before.topic)
    if guide is None or not load_choice().only_grounds.search(writer.text):
        return False
    writer.topic = guide.entry
    return bool(
        sum(writer.clause(c, Role.ITEM if i else Role.ANSWER) for i, c in enumerate(guide.section("依据")))
    )


def only_official(hits: Sequence[Clause]) -> bool:
    """Whether the best that was found is an issuer's own text: staff read that, a family our own words."""
    official = hits and hits[0].citation.standing is not TextStanding.RESTATED
    return bool(official) and not any(clause.guide for clause in hits[:3])


def found_anything(writer: Writer) -> bool:
    """Whether the search answers; an amount that nobody published is an answer too."""
    search = writer.brief.work.search
    silent = (UnansweredReason.NOTHING_FOUND, UnansweredReason.OUT_OF_DATE)
    return search is not None and bool(search.hits) and search.reason not in silent


def say_found(writer: Writer, most: int, leading: Sequence[str] = (), *, aimed: bool = False) -> bool:
    """The paragraphs that answer the question: the best one first, then the others."""
    chosen, left = selection.paragraphs(writer, most=_room(writer, most), leading=leading, aimed=aimed)
    if not chosen:
        return False
    writer.more = [clause.id for clause in left][:KEPT]
    opens = not any(sentence.role is Role.ANSWER for sentence in writer.sentences)
    for index, clause in enumerate(chosen):
        if not index or clause.guide != chosen[index - 1].guide:
            _introduce(writer, [c for c in chosen if c.guide == clause.guide])
        writer.clause(clause, Role.ANSWER if opens and not index else Role.ITEM)
    writer.about = writer.about or chosen[0].guide
    writer.topic = writer.topic or chosen[0].guide
    return True


def say_best(writer: Writer) -> None:
    """The one paragraph that answers best, where what was taken for the wish of the message left it out.

    「要我去讲还是他们自己晓得」 was answered as if it asked who we are.
    """
    if not asks(writer) or load_words().besides.search(writer.text):
        return
    scores = choice.scores(writer, frozenset())
    best = max(scores.values(), key=lambda one: one[0], default=(0.0, None))[1]
    fit = [best] if best is not None and best in selection.paragraphs(writer, most=1)[0] else []
    for clause in [*selection.surest(writer, _SURE), *fit]:
        if writer.says(clause.text):
            continue
        if _room(writer, PARAGRAPHS) < 1 + (writer.points >= POINTS):
            break
        writer.clause(clause)
        writer.about = writer.about or clause.guide


def decide(writer: Writer, guide: Guide) -> bool:
    """Before the steps the paragraph that decides, where a message asks whether, not only how.

    A step that the search is sure of comes first as well: 贷款去哪里办 is no question about all of it.
    """
    whether = load_choice().whether.search(asking.standard(asking.asking_part(writer.text)))
    best = selection.paragraphs(writer, most=1)[0]
    if not best or best[0].guide != guide.entry or guides.begins_part(best[0]):
        return False
    sure = any(h.clause == best[0] and h.score >= selection.FOUND for h in writer.brief.work.near)
    if not whether and not (sure and best[0].section == selection.PROCEDURE):
        return False
    return bool(sum(writer.clause(clause, Role.ANSWER) for clause in best)) and bool(whether)


def _room(writer: Writer, most: int) -> int:
    """How many paragraphs may still be said: who works with families reads more of them, a child fewer."""
    parts = len(writer.brief.work.parts)
    if writer.brief.child_speaks:
        return max(min(most, _CHILD_READS - writer.points), parts, 1)
    whole = LISTED if writer.staff or parts or load_choice().list.search(writer.text) else POINTS
    most = max(min(most, whole - writer.points), parts, 1)
    return min(most, _IN_ALL - sum(s.role is Role.ITEM for s in writer.sentences))


def go_on(writer: Writer) -> bool:
    """还有哪些: what the answer before left out, from the best on."""
    waiting = writer.brief.before.more
    if not waiting or not load_choice().more.search(writer.text):
        return False
    found = [clause for id_ in waiting if (clause := writer.brief.rooms.library.clause(id_)) is not None]
    said = [writer.clause(clause) for clause in found[:POINTS]]
    writer.more = [clause.id for clause in found[POINTS:]]
    writer.topic = writer.brief.before.topic
    return any(said)


def _introduce(writer: Writer, paragraphs: Sequence[Clause]) -> None:
    """Name the benefit that the next paragraphs are about, unless the talk or they themselves name it."""
    entry = paragraphs[0].guide or ""
    benefit = writer.brief.rooms.catalogue.benefits.get(entry)
    spoken = {*writer.brief.understanding.topics, writer.brief.state.topic, writer.topic, *writer.listed}
    if benefit is None or entry in {*spoken, *writer.named}:
        return
    if benefit.standing is Standing.SERVICE:
        return  # whose child was expelled reads nothing of 学生欺凌 as a heading
    writer.named.add(entry)
    if not any(benefit.name in text for text in (writer.brief.text, *(c.text for c in paragraphs))):
        role = Role.NOTE if writer.sentences else Role.ANSWER
        writer.phrase("lead.look", writer.ledger.clause(paragraphs[0]), role=role, name=benefit.name)


def asks(writer: Writer) -> bool:
    """Whether the message asks something, whatever else it was taken for.

    One that tells nothing, answers nothing and names an entry asks about it, in words that we did not know.
    """
    brief = writer.brief
    understood = brief.understanding
    if Intent.AM_I_ELIGIBLE in understood.intents or asking.worded(brief.text):
        return True
    pending = brief.before.pending_question
    answers = understood.declined or understood.tells(pending)
    if asking.troubled(brief.text) and not answers and sure_of(writer):
        return True
    status = {*load_topics().whom, *load_topics().told_by.get(pending or "", ())}  # 低保要退出了 tells
    waits = understood.declined or (pending and status.issuperset(understood.topics))
    return bool(understood.topics) and not (understood.facts or understood.retracted or waits)


def sure_of(writer: Writer) -> bool:
    """Whether something was found that surely has to do with the message."""
    told = choice.best_guide(writer) is not None
    return found_anything(writer) and (told or selection.strongly_found(writer))


def story_found(writer: Writer) -> bool:
    """Whether words of the story lead to a guide, the search finds something, and no other place is meant."""
    brief = writer.brief
    place = brief.understanding.place
    if place and not re.search(load_choice().ours.format(place=re.escape(place)), brief.text):
        return False
    told = choice.best_guide(writer) is not None or (place and selection.strongly_found(writer))
    return found_anything(writer) and bool(told)


def leads_elsewhere(writer: Writer) -> bool:
    """Whether the message names, or tells of, something that another guide than that of 临时救助 answers."""
    own = choice.best_guide(writer) or next(iter(writer.brief.understanding.topics), None)
    return own not in (None, "B11") and found_anything(writer)


def specific(writer: Writer) -> bool:
    """Whether the message asks for more than what there is for the child."""
    return not load_choice().general.search(writer.brief.text)


def whom(writer: Writer) -> None:
    """An answer that sends nobody anywhere ends with who can help."""
    directs = load_choice().directs
    if writer.brief.before.listed and not asks(writer):
        return  # an answer to our own question: where to go was said when the benefit first came up
    guide = guides.guide_of(writer, next(iter(writer.listed), writer.about or writer.topic))
    told = [s for s in writer.sentences if s.role is not Role.QUESTION and not elsewhere(s, guide)]
    if any(directs.search(s.text) and not _HELPER.match(s.text) for s in told):
        return
    if guide is None:
        writer.phrase("verdict.not_checked_next", "k:12345", role=Role.REFERRAL)
        return
    where = [c for c in guides.labelled(guide, "在哪办", "在哪报") if directs.search(c.text)]
    for clause in [*where, *guide.section("问谁")][:1]:
        writer.clause(clause, Role.REFERRAL)


def elsewhere(sentence: Sentence, guide: Guide | None) -> bool:
    """Whether a sentence is a paragraph of another guide: its school is not where this matter is settled."""
    paragraphs = [id_ for id_ in sentence.evidence if _PARAGRAPH.match(id_)]
    return guide is not None and any(not id_.startswith(f"c:{guide.entry}#") for id_ in paragraphs)


def asked_on(writer: Writer) -> bool:
    """Whether a short message only goes on about the running topic: 那要多久."""
    understood = writer.brief.understanding
    return not understood.topics and len(writer.brief.text) <= _GOES_ON


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
    if best := _priced(writer, guide):
        writer.clause(best, Role.ANSWER)
    else:
        guides.amount(writer, guide)
    writer.topic = guide.entry
    say_found(writer, BESIDE)
    return True


def _priced(writer: Writer, guide: Guide) -> Clause | None:
    """What is paid in full, or what a service costs where the search is sure of it: neither has a sum."""
    best = selection.paragraphs(writer, most=1)[0]
    if guide.kind is GuideKind.BENEFIT:
        return next((c for c in best if c.guide == guide.entry and _IN_FULL.search(c.text)), None)
    sure = {h.clause.id for h in writer.brief.work.near if h.score >= selection.FOUND}
    return next((c for c in best if c.id in sure and c.guide == guide.entry and "钱" in c.text), None)


def contact(writer: Writer, topic: str | None) -> bool:
    """Whom to call about what is spoken of."""
    guide = guides.guide_of(writer, topic)
    tags = load_topics().contacts.get(guide.entry) if guide is not None else None
    rooms, now = writer.brief.rooms, writer.brief.now
    lines = rooms.directory.find(tags, now) if tags else writer.brief.work.contacts
    found = [contact.id for contact in lines][:3]
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
    say_found(writer, BESIDE)
    return True


def appeal(writer: Writer) -> bool:
    """First the paper with the reason, then the ways that are open."""
    life, formal = guides.guide_of(writer, "L07"), guides.guide_of(writer, "B37")
    if life is None or formal is None:
        return False
    for clause in life.section("先做什么")[:1]:
        writer.clause(clause, Role.ANSWER)
    writer.about = "L07"
    say_found(writer, BESIDE)
    for clause in life.section("还是不服")[:2]:
        writer.clause(clause)
    guides.ask_whom(writer, life, most=1)
    return True


def compare(writer: Writer) -> bool:
    """Side by side, never a decision: what the files say the two do to each other, then each one's gift."""
    named = spoken_of(writer) or tuple(writer.brief.state.listed[:2])
    said = links_between(writer, named)
    if not said and asks_both(writer) and say_found(writer, PARAGRAPHS):
        return True
    for entry in named[:2]:
        guide = guides.guide_of(writer, entry)
        if guide is not None and len(named) > 1:
            for clause in [*guide.section("谁可以")[:1], *guide.section("给什么")[:1]]:
                said = writer.clause(clause) or said
    return say_found(writer, BESIDE) or said or policy(writer)


def spoken_of(writer: Writer) -> tuple[str, ...]:
    """Entries that a message names; beside a single one stands the running topic: 那孤儿的还能拿吗."""
    named, running = writer.brief.understanding.topics, writer.brief.before.topic
    if not named and asks_both(writer):
        return _named_lately(writer)
    return (running, *named) if running and len(named) == 1 and running not in named else named


def _named_lately(writer: Writer) -> tuple[str, ...]:
    """The two entries that the family named last: 现在拿孤儿的, 又说可以办特困, 两个能一起拿吗."""
    named = [entry for text in writer.told_before[-_LATELY:] for entry in topics_named(text)]
    return tuple(dict.fromkeys(reversed(named)))[:2][::-1]


def asks_both(writer: Writer) -> bool:
    """Whether a message asks what things do to each other: 还能同时拿吗."""
    return bool(_TOGETHER.search(writer.text))


def together(writer: Writer) -> bool:
    """What the entries spoken of do to each other, where the message asks for that."""
    spoken = spoken_of(writer)
    return len(spoken) > 1 and asks_both(writer) and links_between(writer, spoken)


def links_between(writer: Writer, named: Sequence[str]) -> bool:
    """What the benefits' files say that the named ones do to each other, once a pair."""
    said: set[frozenset[str]] = set()
    for link in writer.brief.rooms.catalogue.links:
        pair = frozenset((link.mine, link.other))
        if pair <= set(named) and len(pair) == 2 and pair not in said:
            said.add(pair)
            writer.add(link.say, writer.ledger.said(link.mine, f"with.{link.other}", link.say, link.source))
    return bool(said)
