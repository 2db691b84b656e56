"""Which paragraphs answer a question: the order of the search, corrected by what was asked and told."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from agent import asking
from agent.compose.offline.audiences import for_others, of_own_kind
from agent.compose.offline.choice_words import load_choice
from agent.compose.offline.draft import Writer
from agent.types import Intent
from agent.understand.questions import load_topics, only_qualifies, topics_named
from knowledge.search.features import names_nothing
from knowledge.types import Clause, Guide
from tools.benefit import Standing
from tools.types import Outcome

# Set on the development half of eval/answers; of the reported half only shares were looked at.
NAMED = 1.1
"""Factor for a guide that the message names, beside the others it names."""
STORY = 1.3
"""Factor for a guide that words of the story lead to."""
UNSURE = 0.2
"""Below this the best paragraph of a search was hardly found."""
TOLD = 1.15
"""The same where only what was told around the question leads to it."""
LEANT = 1.3
"""Part of the search's leaning to one entry that is taken back where words of the story lead elsewhere."""
LEADING = 1.2
"""Factor for the guide of the benefit that the pre-check puts first."""
ABOUT = 0.5
"""Gain of a guide that the learned reader is certain of, as a share; less of one that it finds likely."""
ABOUT_LEAST = 0.1
"""Guides that it finds less likely gain nothing."""
SECTION = 0.1
"""Gain, in shares of the best score, for the section that the intent asks for."""
AIM = 0.35
"""The same for a paragraph with the words that the question looks for."""
OWN_KIND = 1.0
"""The same for one that speaks of such children (孤儿 for an orphan), in a guide that is named …"""
OWN_KIND_BESIDE = 0.2
"""… and in others."""
NEAREST = 0.5
"""Gain of the paragraph that comes nearest to the message by itself; others gain less …"""
NEAR_WIDTH = 0.5
"""… and those that are this much of the encoder's scale behind it nothing."""
HARDLY = 0.04
"""Share of the best score below which a paragraph of a guide that nobody spoke of was hardly found …"""
HARDLY_GAINS = 0.3
"""… which then has this share of the gains: 带几天 is no question about days."""
TOGETHER = 0.1
"""How much a guide whose paragraphs score well together lifts each of them."""
UNFOUND = 0.5
"""Weight of common character pairs for paragraphs of favoured guides that the search left behind."""
LIFE = 1.25
"""Factor for a guide that prevails, where several guides are led to."""
FIRST = 0.06
"""Gain of the first paragraph of a section, half of it for the second: guides begin with what counts most."""
LOWEST = 0.01
"""Scores below this are all the same."""
QUIET = 0.25
"""A search that finds nothing better is not sure of anything: scores are shares of at least this."""
BEFORE = 1.15
"""Factor for a guide that only words of the message before lead to, where this one goes on about it."""
GOES_ON = 30
"""Characters of a message that may go on about the one before."""
PASSED_OVER = 0.7
"""Factor for a guide that is not what is asked for: unlikely, denied, had already, or left for the story."""
_SETTLED_BY_OFFICE = ("B33", "B37")
"""Services in which an office decides about an allowance after all."""
_OF_OFFICES = ("L07", "B37")
"""Guides on what an office refused."""
SURELY = 0.6
"""From this score of the search on it is asked about, even where the family has it already."""


def stories(writer: Writer) -> list[str]:
    """The guides that words of the story lead to, the one whose paragraphs answer best first.

    What a family lives through, such as a stop or a death, comes before the benefits that its words lead to.
    """
    if writer.stories is None:
        writer.stories = _stories(writer)
    return writer.stories


def _stories(writer: Writer) -> list[str]:
    told = led_to(writer)
    together = together_by_guide(scores(writer, frozenset()).values())
    prevails = load_choice().prevails
    lived = {
        entry: share * (LIFE if entry in prevails else 1.0) * told.get(entry, 1.0)
        for entry, share in together.items()
    }
    return sorted(told.keys() & together.keys() - denied(writer), key=lambda entry: -lived[entry])


def led_to(writer: Writer) -> Mapping[str, float]:
    """Guides that words of the story lead to, with their weights; those of the message before for less.

    The words before count where this message names nothing, leads nowhere and is short: it goes on.
    """
    patterns = load_choice().guides
    own = dict.fromkeys(_meant(writer), STORY)
    own |= {entry: TOLD for entry, p in patterns.items() if p.search(writer.text)}
    asked = asking.asking_part(writer.text)
    own |= {entry: STORY for entry, p in patterns.items() if p.search(asked)}
    if _of_service(writer):
        own = {entry: weight for entry, weight in own.items() if entry not in _OF_OFFICES}
    if len(writer.text) > GOES_ON:
        return own
    told = {entry: BEFORE for entry, p in patterns.items() if p.search(writer.before)}
    if writer.brief.understanding.topics:
        return own
    if own:
        return {entry: weight for entry, weight in told.items() if entry.startswith("L")} | own
    return {} if topics_named(writer.before) else told


def only_told(writer: Writer, entry: str) -> bool:
    """Whether what leads to a guide was only told around the question, and is no event of its own."""
    return led_to(writer).get(entry, STORY) < STORY and entry not in load_choice().prevails


def _meant(writer: Writer) -> list[str]:
    """Guides that the intents lead to; what a court refuses is answered by its own guide."""
    understood = writer.brief.understanding
    benefit = writer.brief.rooms.catalogue.benefits.get(understood.topic or "")
    if benefit is not None and benefit.standing is Standing.SERVICE:
        return []
    intents = [i for i in understood.intents if i is not Intent.APPEAL or refused_by_office(writer)]
    return [entry for intent in intents for entry in load_choice().meant.get(intent, ())]


def refused_by_office(writer: Writer) -> bool:
    """Whether an office refused: what a school or a nursery refuses, now or just before, has other ways.

    So has a service, such as 法律援助: its own guide says to whom one turns. Who would sue the parents
    (我告他们行不行) was refused nothing.
    """
    words = load_choice()
    talk = "".join((*writer.told_before, writer.text))
    if _of_service(writer) or (words.sued.search(writer.text) and not words.offices.search(talk)):
        return False
    goes_on = len(writer.text) <= GOES_ON and not writer.brief.understanding.topics
    told = f"{writer.before}，{writer.text}" if goes_on else writer.text
    return not load_choice().schools.search(told)


def _of_service(writer: Writer) -> bool:
    """Whether the talk is about a service in which no office decides about an allowance."""
    topic = writer.brief.understanding.topic or writer.brief.before.topic
    benefit = writer.brief.rooms.catalogue.benefits.get(topic or "")
    service = benefit is not None and benefit.standing is Standing.SERVICE
    return service and topic not in _SETTLED_BY_OFFICE


def _best_found(writer: Writer) -> Mapping[str, float]:
    """The best score of the search for a paragraph of each guide, for the message or a part of it."""
    work = writer.brief.work
    best: dict[str, float] = {}
    for hit in (*work.near, *(hit for part in work.parts for hit in part)):
        if hit.clause.guide:
            best[hit.clause.guide] = max(hit.score, best.get(hit.clause.guide, 0.0))
    return best


def likeliest(writer: Writer, entries: Iterable[str]) -> list[str]:
    """Of several guides that are named those called by their official names, then those that answer best."""
    together = together_by_guide(scores(writer, frozenset()).values())
    names = {guide.entry: guide.name for guide in writer.brief.rooms.library.guides}
    left = [entry for entry in entries if entry not in denied(writer)]
    text = writer.text
    return sorted(
        left, key=lambda e: ((names.get(e) or e) not in text, only_qualifies(e, text), -together.get(e, 0.0))
    )


def best_guide(writer: Writer) -> str | None:
    """The first of these; None where no words lead to any."""
    return next(iter(stories(writer)), None)


def scores(writer: Writer, leading: frozenset[str]) -> dict[str, tuple[float, Clause]]:
    """Paragraphs by id with how well each answers; reckoned once an answer."""
    if leading not in writer.scored:
        writer.scored[leading] = _scores(writer, leading)
    return writer.scored[leading]


def _scores(writer: Writer, leading: frozenset[str]) -> dict[str, tuple[float, Clause]]:
    brief = writer.brief
    near = {hit.clause.id: (hit.score, hit.clause) for hit in brief.work.near if hit.clause.guide}
    for hit in (hit for part in brief.work.parts for hit in part):
        if hit.clause.guide and near.get(hit.clause.id, (0.0, hit.clause))[0] < hit.score:
            near[hit.clause.id] = (hit.score, hit.clause)
    if not near:
        return {}
    best = max(QUIET, *(score for score, _ in near.values()))
    weights = _weights(writer, leading)
    for clause in _of_guides(writer, [e for e, w in weights.items() if w > 1]):
        alike = UNFOUND * best * _common(brief.text, clause.text)
        if near.get(clause.id, (0.0, clause))[0] < alike or clause.id not in near:
            near[clause.id] = (alike, clause)
    sections = _sections(brief.understanding.intents)
    aims = aims_of(writer)
    faint = load_choice().faint
    favoured = {*brief.understanding.topics, brief.understanding.topic}
    favoured |= {entry for entry, weight in weights.items() if weight > 1}
    rough: dict[str, tuple[float, Clause]] = {}
    grounds = bool(load_choice().grounds.search(writer.text))
    dated = bool(load_choice().dated.search(writer.text))
    for base, clause in near.values():
        section = clause.section or ""
        if (section == "依据" and not grounds) or for_others(writer, clause):
            continue
        score = _share(base, best) * weights.get(clause.guide or "", 1.0)
        near_it = base >= HARDLY * best or clause.guide in favoured
        gain = SECTION * sections.get(section, 0.0)
        gain += AIM * fits(clause, aims)
        if of_own_kind(writer, clause):
            gain += OWN_KIND if clause.guide in brief.understanding.topics else OWN_KIND_BESIDE
        score += gain if near_it else gain * HARDLY_GAINS
        score += FIRST * {"1": 1.0, "2": 0.5}.get(clause.id.rpartition("/")[2], 0.0)
        if section == "依据" and dated:
            score += AIM * _share(base, best)
        elif section in faint and not sections.get(section):
            score *= faint[section]
        rough[clause.id] = (score, clause)
    together = together_by_guide(rough.values())
    others = HARDLY_GAINS if _only_the_name(writer) else 1.0
    return {
        id_: (
            (score * (1 + TOGETHER * together[clause.guide or ""]) + gain)
            * (1.0 if clause.guide in favoured else others),
            clause,
        )
        for gain, (id_, (score, clause)) in zip(_near_gains(writer, rough), rough.items(), strict=True)
    }


def _near_gains(writer: Writer, ids: Iterable[str]) -> list[float]:
    """What each of these paragraphs gains for being near to the message by itself.

    A search that leans to the running topic finds its whole guide: this tells the paragraphs apart.
    """
    alone = [writer.brief.work.nearness.get(id_, -1.0) for id_ in ids]
    best = max(alone, default=0.0)
    return [NEAREST * max(0.0, 1 - (best - one) / NEAR_WIDTH) for one in alone]


def _share(score: float, best: float) -> float:
    """How near a score comes to the best, on the scale that keeps the sure ones apart: 0.99 is no 0.9."""
    low = _log_odds(LOWEST)
    return max(0.0, (_log_odds(score) - low) / (_log_odds(best) - low))


def _log_odds(share: float) -> float:
    share = min(max(share, LOWEST), 1 - LOWEST / 100)
    return math.log(share / (1 - share))


def aimed_at(writer: Writer, clause: Clause) -> bool:
    """Whether a paragraph has the words, and the section, that the question looks for, if it does for any."""
    aims, sections = aims_of(writer), _sections(writer.brief.understanding.intents)
    return not aims or (fits(clause, aims) and clause.section in sections)


def aims_of(writer: Writer) -> list[re.Pattern[str]]:
    """Words of a paragraph that the question looks for."""
    goes_on = f"{writer.before}，{writer.text}" if len(writer.text) <= GOES_ON else writer.text
    return [
        aim.found for aim in load_choice().aims if aim.asked.search(goes_on if aim.before else writer.text)
    ]


def fits(clause: Clause, aims: Iterable[re.Pattern[str]]) -> bool:
    """Whether a paragraph has words that a question looks for."""
    return any(found.search(f"{clause.section or ''}：{clause.text}") for found in aims)


def _of_guides(writer: Writer, entries: Iterable[str]) -> list[Clause]:
    guides = (writer.brief.rooms.library.guide(entry) for entry in entries)
    return [clause for guide in guides if guide is not None for clause in _all(guide)]


def _all(guide: Guide) -> list[Clause]:
    return [clause for _, clauses in guide.sections for clause in clauses]


def _common(question: str, text: str) -> float:
    """Share of a question's character pairs that a paragraph has, at most 1, counted against ten."""
    pairs = {question[i : i + 2] for i in range(len(question) - 1)}
    return min(1.0, sum(pair in text for pair in pairs) / 10)


def _weights(writer: Writer, leading: frozenset[str]) -> Mapping[str, float]:
    brief = writer.brief
    named = brief.understanding.topics
    weights: dict[str, float] = defaultdict(lambda: 1.0)
    led = {entry: weight for entry, weight in led_to(writer).items() if entry not in named}
    weights.update(led)
    if any(weight >= TOLD for weight in led.values()) and len(named) < 2:
        weights[brief.understanding.topic or ""] /= LEANT
    if len(named) == 1 and only_qualifies(named[0], writer.text):
        weights[named[0]] /= LEANT  # 低保户的小孩开刀: the search leaned to who is asked for
    if len(named) > 1:  # a single one is what the search leaned to
        for entry in named:
            weights[entry] *= NAMED
    elif _only_the_name(writer):
        weights[named[0]] *= STORY
    for entry in leading:
        weights[entry] *= LEADING
    for entry, chance in asked_of(writer).items():
        weights[entry] *= 1 + ABOUT * chance
    for entry in passed_over(writer, bool(leading)):
        weights[entry] *= PASSED_OVER
    return weights


def _only_the_name(writer: Writer) -> bool:
    """Whether a search that hardly found anything knows less than the one name: 回来还能不能再报一点."""
    near = writer.brief.work.near
    return len(writer.brief.understanding.topics) == 1 and all(hit.score < UNSURE for hit in near)


def asked_of(writer: Writer) -> Mapping[str, float]:
    """Guides that the learned reader finds likely to answer the message by itself.

    What goes on about the running topic (那低边的小孩呢) was read without it: there it tells nothing.
    """
    understood = writer.brief.understanding
    if names_nothing(writer.text) or understood.question.strip() != writer.brief.text.strip():
        return {}
    return {entry: chance for entry, chance in understood.about.items() if entry and chance >= ABOUT_LEAST}


def denied(writer: Writer) -> set[str]:
    """Entries that are named only to say that they are not the way."""
    return {entry for entry, p in load_choice().denied.items() if p.search(writer.text)}


def not_meant(writer: Writer) -> set[str]:
    """Entries that are named only to be left aside, and those on refusals where no office refused."""
    return denied(writer) | (set() if refused_by_office(writer) else set(_OF_OFFICES))


def passed_over(writer: Writer, checked: bool) -> set[str]:
    """Entries that are spoken of but not asked for: 不是低保, 已经认定了, or unlikely by the rules."""
    brief = writer.brief
    passed = denied(writer)
    told = brief.state.values
    found = _best_found(writer)
    for entry, held in load_topics().held.items():
        named = brief.understanding.topics
        asked = entry in named or (not named and found.get(entry, 0.0) >= SURELY)
        if not asked and any(told.get(n) == value for n, value in held.items()):
            passed.add(entry)
    if checked and brief.work.precheck is not None:
        passed |= {v.benefit for v in brief.work.precheck.verdicts if v.outcome is Outcome.UNLIKELY}
    return passed


def _sections(intents: Iterable[Intent]) -> Mapping[str, float]:
    wanted: dict[str, float] = {}
    for intent in intents:
        for section, share in load_choice().sections.get(intent, {}).items():
            wanted[section] = max(share, wanted.get(section, 0.0))
    return wanted


def together_by_guide(scored: Iterable[tuple[float, Clause]]) -> Mapping[str, float]:
    """For each guide the mean of its three best scores, as a share of the best guide's."""
    by_guide: dict[str, list[float]] = defaultdict(list)
    for score, clause in scored:
        by_guide[clause.guide or ""].append(score)
    means = {entry: sum(sorted(own, reverse=True)[:3]) / 3 for entry, own in by_guide.items()}
    top = max(means.values(), default=1.0)
    return {entry: mean / top for entry, mean in means.items()}
