"""Which paragraphs are said: those that the search is sure of, and those of each guide spoken of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from agent.compose.offline import choice, judged, verdicts
from agent.compose.offline.arranging import arranged, pairs, silent_on_other
from agent.compose.offline.audiences import for_others
from agent.compose.offline.choice_words import load_choice
from agent.compose.offline.draft import Writer, split
from agent.understand.questions import topics_named
from knowledge.types import Clause
from tools.benefit import Standing
from tools.types import Outcome

FOUND = 0.6
"""From this score of the search on a paragraph answers, whatever section the intent looks for."""
_PART = 0.2
"""From this score on a paragraph answers one of several questions of a message."""
_NOTHING = 0.05
"""Below this nothing was found, where no guide is named, led to or running: better to say so."""
_LIKELY = 0.4
"""From this score on a message that asks nothing in so many words is answered all the same."""
_FOUND_MOST = 3
"""So many of these are said in any case."""
_FOUND_FIRST = 1
"""… and so many of them before what is judged best."""
_JUDGED_MOST = 4
"""So many of those that most surely answer are said in any case …"""
_JUDGED_LEAST = 0.04
"""… from this share of the certainty on."""
_SURE_ASIDE = 0.15
"""The same for a paragraph of a guide that nobody spoke of; twice that where another is named."""
_LATER = 4
"""Paragraphs beyond those said that are looked for, for the question 还有哪些."""
_OF_EACH = 2
"""Paragraphs that an answer holds at least of the guide that the story leads to, and of others spoken of."""
_STORIES = 2
"""So many guides that the story leads to are owed that."""
_BESIDE_STORY = 1
"""Paragraphs that the second of them is owed."""
_OF_LIFE = 3
"""The same of a guide that prevails: the steps of what a family lives through belong together."""
_GUIDES = 3
"""Guides that nobody spoke of whose paragraphs an answer holds at most, beside what the search is sure of."""
_ASTRAY = 0.25
"""Below this score a paragraph of a guide that nobody spoke of is left out, where the search found others."""
_LIKE = 0.6
"""Share of common character pairs from which two paragraphs say the same."""
_MUCH_ALIKE = 0.5
"""The same for two that are judged to answer: the second says little that is new."""
_FROM = 0.12
"""Share of the best score below which a paragraph is left out."""
_APART = 0.5
"""The same for a paragraph of a guide that nobody spoke of and that the first is not from."""
PROCEDURE = "怎么办理"
_BEYOND = 0.5
"""Share of the best score that no paragraph of a procedure reaches where something else is asked."""
_ASIDE = ("依据", "问谁")


def paragraphs(
    writer: Writer, *, most: int, leading: Iterable[str] = (), aimed: bool = False
) -> tuple[list[Clause], list[Clause]]:
    """The paragraphs of guides that answer the message best, and those left for later, none saying the same.

    The best guide comes first and its best paragraph leads; what is said beside it keeps the guide's order.

    Args:
        writer: of the answer; what it said already is left out.
        most: at most so many, and what these lean on.
        leading: entries that the pre-check puts first.
        aimed: only what a part of a procedure leaves open: 要多久 is no question about money.
    """
    leading = tuple(leading)
    scores = choice.scores(writer, frozenset(leading))
    order = [scores[id_][1] for id_ in sorted(scores, key=lambda id_: -scores[id_][0])]
    if aimed:
        spoken = {writer.topic, *choice.stories(writer)}
        order = [c for c in order if c.guide in spoken and choice.aimed_at(writer, c)]
    if not order or most < 1 or _nothing_found(writer, leading):
        return [], []
    order = [c for c in order if not _misleads(writer, c, leading)]
    order = [c for c in order if not _bare(writer, c, leading)]
    found = [clause for clause in _found(writer, leading) if not aimed or clause in order]
    found.sort(key=lambda clause: -scores[clause.id][0])
    asked = [] if aimed else _asked(writer, leading)
    kept = _kept(writer, asked, len(asked))
    kept += _kept(writer, found, _FOUND_FIRST, kept)
    anything = load_choice().general.search(writer.brief.text) and _spoken(writer, leading) - {None}
    sure = [] if aimed or anything else surest(writer, _JUDGED_LEAST, leading)
    kept += _kept(writer, sure, _JUDGED_MOST, kept)
    known = len(kept)
    kept += _kept(writer, found, _FOUND_MOST, kept)
    lived = choice.stories(writer)[:1]
    owed = _owed(writer, order, kept, leading)
    steps = [c for c in owed if c.guide in lived and c.guide in load_choice().prevails]
    kept = [*kept[:known], *steps, *kept[known:], *(c for c in owed if c not in steps)]
    least = _FROM * scores[order[0].id][0]
    astray = _astray(writer, leading) if found else set()
    held = _held(writer, order, found, leading)
    spoken = {*_spoken(writer, leading), kept[0].guide if kept else order[0].guide}
    apart = _APART * scores[order[0].id][0]
    rest = (
        c
        for c in order
        if scores[c.id][0] >= (least if c.guide in spoken else apart)
        and c.id not in astray
        and c.guide in held
    )
    kept += _kept(writer, rest, most + _LATER - len(kept), kept)
    certain = known + len(steps)
    likely = judged.chances(writer)
    others = sorted(kept[certain:], key=lambda c: -scores[c.id][0] if c.id in scores else 0.0)
    first = sorted([*kept[:certain], *others][:most], key=lambda c: -likely.get(c.id, 0.0))
    first = [c for c in first if not _left_behind(writer, c, order[0])]
    if len(first) > 1 and silent_on_other(writer, first[0], first[1]):
        first[:2] = first[1], first[0]
    said = list(arranged(writer, first))
    return said, [clause for clause in others if clause not in said]


def _nothing_found(writer: Writer, leading: Sequence[str]) -> bool:
    """Whether the best that was found is noise, and nothing else says where to look."""
    best = max((hit.score for hit in writer.brief.work.near), default=0.0)
    spoken = _spoken(writer, leading) - {None}
    search = writer.brief.work.search
    answers = search is not None and search.answerable
    return best < _NOTHING and not answers and not spoken and writer.brief.before.topic is None


def told(writer: Writer, of: Collection[str] | None = None) -> Clause | None:
    """The paragraph that surely has to do with what was only told, where this talk did not say it yet.

    Args:
        writer: of the answer.
        of: only of these guides; None: of any.
    """
    hits = (hit.clause for hit in writer.brief.work.told if of is None or hit.clause.guide in of)
    fit = (c for c in hits if c.section not in _ASIDE and not _misleads(writer, c, ()))
    return next((c for c in fit if not any(split(c.text)[-1] in said for said in writer.ours)), None)


def beyond_procedure(writer: Writer) -> bool:
    """Whether what answers best is nothing about how a benefit is had, and leaves that far behind.

    十八岁以后怎么办 is worded like a question for the steps of an application.
    """
    scores = choice.scores(writer, frozenset())
    ways = [score for score, clause in scores.values() if clause.section == PROCEDURE]
    best = max(scores.values(), key=lambda one: one[0], default=None)
    if best is None or best[1] not in _found(writer, ()) or best[1].section == PROCEDURE:
        return False
    return max(ways, default=0.0) < _BEYOND * best[0]


def beside_procedure(writer: Writer, entry: str) -> bool:
    """Whether a guide's paragraphs about something else answer far better than those of its procedure."""
    own = [pair for pair in choice.scores(writer, frozenset()).values() if pair[1].guide == entry]
    ways = max((score for score, clause in own if clause.section == PROCEDURE), default=0.0)
    return ways < _BEYOND * max((score for score, _ in own), default=0.0)


def strongly_found(writer: Writer) -> bool:
    """Whether the search found a paragraph of a guide that most likely answers."""
    return any(hit.score >= _LIKELY and hit.clause.guide for hit in writer.brief.work.near)


def turned_to(writer: Writer, topic: str | None) -> str | None:
    """The entry that the search is sure of, where nothing about the running topic comes near it."""
    best: dict[str, float] = {}
    denied = choice.denied(writer)
    for hit in writer.brief.work.near:
        if hit.clause.guide and hit.clause.guide.startswith("B") and hit.clause.guide not in denied:
            best.setdefault(hit.clause.guide, hit.score)
    first = next(iter(best), None)
    if first is None or best[first] < FOUND or best.get(topic or "", 0.0) >= best[first] / 2:
        return topic
    return first


def _found(writer: Writer, leading: Sequence[str]) -> list[Clause]:
    """What the search is sure of, of guides that are not passed over."""
    passed = choice.passed_over(writer, bool(leading))
    hits = (hit.clause for hit in writer.brief.work.near if hit.score >= FOUND)
    sure = [c for c in hits if c.guide and c.guide not in passed and c.section not in _ASIDE]
    return [c for c in sure if not _misleads(writer, c, leading)]


def surest(writer: Writer, least: float, leading: Sequence[str] = ()) -> list[Clause]:
    """The paragraphs that most surely answer, all that is known of them taken together.

    Args:
        writer: of the answer.
        least: the share of the certainty that each has at least; beside what was spoken of, `_SURE_ASIDE`.
        leading: entries that the pre-check puts first.
    """
    library, spoken = writer.brief.rooms.library, _spoken(writer, leading)
    passed, scores = choice.not_meant(writer), choice.scores(writer, frozenset(leading))
    lead = max(scores.values(), key=lambda one: one[0], default=(0.0, None))[1]
    aside = _SURE_ASIDE * (2 if writer.brief.understanding.topics else 1)
    fit: list[Clause] = []
    for id_, chance in judged.chances(writer).items():
        clause = library.clause(id_)
        if clause is None or chance < least or clause.section in _ASIDE or clause.guide in passed:
            continue
        if clause.guide not in spoken and chance < aside:
            continue
        if lead is not None and _left_behind(writer, clause, lead):
            continue
        if not (_misleads(writer, clause, leading) or _bare(writer, clause, leading)):
            fit.append(clause)
    fit = [c for c in fit if not any(_holds(other, c) for other in fit)]
    apart: list[Clause] = []
    for clause in fit:
        if not any(_alike(clause.text, one.text, _MUCH_ALIKE) for one in apart):
            apart.append(clause)
    return apart


def _holds(longer: Clause, clause: Clause) -> bool:
    """Whether one of two paragraphs of a guide says all of the other, and more."""
    if longer.guide != clause.guide or len(longer.text) <= len(clause.text):
        return False
    return _alike(longer.text, clause.text)


def _asked(writer: Writer, leading: Sequence[str]) -> list[Clause]:
    """The best paragraph for each of several questions of the message."""
    passed, spoken = choice.passed_over(writer, bool(leading)), _spoken(writer, leading)
    best: list[Clause] = []
    for hits in writer.brief.work.parts:
        fit = (
            hit.clause
            for hit in hits
            if hit.clause.guide
            and hit.score >= (_PART if hit.clause.guide in spoken else FOUND)
            and hit.clause.guide not in passed
        )
        clause = next((c for c in fit if c.section not in _ASIDE and c not in best), None)
        best += [clause] if clause is not None and not _misleads(writer, clause, leading) else []
    return best


def _misleads(writer: Writer, clause: Clause, leading: Sequence[str]) -> bool:
    """Whether a paragraph speaks of a sum of a benefit that nobody spoke of: read as the one asked for.

    The same holds for what is for other children, and for a few entries as a whole: nobody is shown a disease
    that they did not name.
    """
    if for_others(writer, clause):
        return True
    if clause.guide in load_choice().unspoken:
        return clause.guide not in {*_spoken(writer, leading), *topics_named(writer.before)}
    if clause.guide in _unlikely(writer, leading) or _soothes(writer, clause):
        return True
    benefit = writer.brief.rooms.catalogue.benefits.get(clause.guide or "")
    service = benefit is not None and benefit.standing is Standing.SERVICE  # what a service costs is no sum
    if service or not load_choice().sum.search(clause.text):
        return False
    running = {writer.brief.before.topic, writer.topic}
    if clause.guide in topics_named(writer.text):
        running |= {h.clause.guide for h in writer.brief.work.near if h.clause == clause and h.score >= FOUND}
    return clause.guide not in {*_spoken(writer, leading), *running} or clause.guide in choice.denied(writer)


def _bare(writer: Writer, clause: Clause, leading: Sequence[str]) -> bool:
    """Whether a paragraph of a guide that nobody spoke of would be read as a step of what was asked about."""
    spoken = {*_spoken(writer, leading), writer.topic, writer.about, writer.brief.before.topic}
    return clause.guide not in spoken and bool(load_choice().bare.search(clause.text))


def _left_behind(writer: Writer, clause: Clause, first: Clause) -> bool:
    """Whether a step of the running topic would be read as one of what the message turned to.

    After a talk about 低保 the 在哪办 of 低保 is no place for what a 幼儿园 costs.
    """
    running = writer.brief.before.topic
    if running is None or clause.guide != running or first.guide == running:
        return False
    spoken = {*writer.brief.understanding.topics, *choice.stories(writer)}
    step = clause.section == PROCEDURE or load_choice().bare.search(clause.text)
    return running not in spoken and bool(step)


def _unlikely(writer: Writer, leading: Sequence[str]) -> set[str]:
    """Benefits that by the rules are not for this child: shown only to who asks about them.

    育儿补贴 is nothing to look at for a nine-year-old; who names it, goes on about it or tells just its story
    reads why.
    """
    precheck = writer.brief.work.precheck
    if precheck is None:
        return set()
    asked = {*writer.brief.understanding.topics, *topics_named(writer.text), *leading, writer.topic}
    asked |= {writer.brief.understanding.topic, *choice.stories(writer)[:1]}
    anything = load_choice().general.search(writer.brief.text)
    best = next((h for h in writer.brief.work.near if h.clause.guide), None)
    if best is not None and best.score >= FOUND and not anything:
        asked.add(best.clause.guide)
    unfit = {v.benefit for v in precheck.verdicts if v.outcome is Outcome.UNLIKELY}
    if anything:
        far = (v for v in verdicts.ranked(writer) if v.outcome is Outcome.UNKNOWN)
        unfit |= {v.benefit for v in far if verdicts.relevance(writer, v) < verdicts.CLOSE}
    return unfit - asked


def _soothes(writer: Writer, clause: Clause) -> bool:
    """Whether a paragraph is for who cannot bear it any more, and nobody said so."""
    brief, words = writer.brief, load_choice()
    if brief.care or brief.distress or clause.guide == "B32" or not words.soothes.search(clause.text):
        return False
    return not words.weary.search(writer.text)


def _spoken(writer: Writer, leading: Sequence[str]) -> set[str | None]:
    """Guides that the family spoke of, in words or by what it told."""
    understood = writer.brief.understanding
    running = {understood.topic}
    if not understood.topics and turned_to(writer, understood.topic) != understood.topic:
        running = set()  # 对了，前面那个测评 goes on about nothing of what was asked in between
    return {*choice.stories(writer), *running, *understood.topics, *leading}


def _held(
    writer: Writer, order: Sequence[Clause], found: Sequence[Clause], leading: Sequence[str]
) -> set[str | None]:
    """Guides that an answer may hold: those spoken of, those surely found, and the best of the others.

    Who asks for whatever there is reads of these only: what else the search brings is there by a word or two.
    """
    spoken = _spoken(writer, leading)
    if load_choice().general.search(writer.brief.text) and spoken - {None}:
        return {*spoken, *(c.guide for c in found)}
    others = [c.guide for c in order if c.guide not in spoken and c.section not in _ASIDE]
    return {*spoken, *(c.guide for c in found), *list(dict.fromkeys(others))[:_GUIDES]}


def _astray(writer: Writer, leading: Sequence[str]) -> set[str]:
    spoken = _spoken(writer, leading)
    return {h.clause.id for h in writer.brief.work.near if h.score < _ASTRAY and h.clause.guide not in spoken}


def _kept(
    writer: Writer, clauses: Iterable[Clause], most: int, beside: Sequence[Clause] = ()
) -> list[Clause]:
    """The first of these that say something that neither the answer nor another of them says."""
    kept: list[Clause] = []
    for clause in clauses:
        if len(kept) >= most:
            break
        known = any(_alike(clause.text, one.text) for one in (*kept, *beside))
        if not known and clause not in beside and not writer.says(clause.text):
            kept.append(clause)
    return kept


def _owed(
    writer: Writer, order: Sequence[Clause], kept: Sequence[Clause], leading: Sequence[str]
) -> list[Clause]:
    """What guides that were spoken of are still owed: they are never crowded out."""
    named = writer.brief.understanding.topics
    passed = choice.passed_over(writer, bool(leading))
    spoken = [
        *choice.stories(writer)[:_STORIES],
        *(choice.likeliest(writer, named)[:2] if len(named) > 1 else ()),
    ]
    owed: list[Clause] = []
    for entry in dict.fromkeys(entry for entry in (*spoken, *leading) if entry not in passed):
        due = _OF_LIFE if entry in load_choice().prevails else _OF_EACH
        due = due if entry not in spoken[1:] or entry in named else _BESIDE_STORY
        own = (clause for clause in order if clause.guide == entry and clause.section not in _ASIDE)
        said = [*kept, *owed]
        owed += _kept(writer, own, due - sum(c.guide == entry for c in said), said)
    return owed


def _alike(one: str, other: str, share: float = _LIKE) -> bool:
    mine, theirs = pairs(one), pairs(other)
    return len(mine & theirs) >= share * max(1, min(len(mine), len(theirs)))
