"""Which paragraphs answer a question: the order of the search, corrected by what was asked and told."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from agent.compose.offline.draft import Writer
from agent.types import Intent
from agent.understand.questions import load_topics
from knowledge.types import Clause, Guide
from tools.types import Outcome

CHOICE_FILE = Path(__file__).with_name("choice.yaml")

# Set on the development half of eval/answers; of the reported half only shares were looked at.
NAMED = 1.3
"""Factor for a guide that the message names, beside the others it names."""
STORY = 1.3
"""Factor for a guide that words of the story lead to."""
LEANT = 1.3
"""Part of the search's leaning to one entry that is taken back where words of the story lead elsewhere."""
LEADING = 1.2
"""Factor for the guide of the benefit that the pre-check puts first."""
SECTION = 0.2
"""Gain, in shares of the best score, for the section that the intent asks for."""
AIM = 0.5
"""The same for a paragraph with the words that the question looks for."""
TOGETHER = 0.3
"""How much a guide whose paragraphs score well together lifts each of them."""
UNFOUND = 0.5
"""Weight of common character pairs for paragraphs of favoured guides that the search left out."""
PASSED_OVER = 0.7
"""Factor for a guide that is not what is asked for: unlikely, denied, had already, or left for the story."""
OF_STORY = 2
"""Paragraphs of the guide that the story leads to that an answer holds at least."""
_ASIDE = ("依据", "问谁")
LIKE = 0.7
"""Share of common character pairs from which two paragraphs say the same."""
FROM = 0.12
"""Share of the best score below which a paragraph is left out."""
FOUND = 0.6
"""From this score of the search on a paragraph answers, whatever section the intent looks for."""
FOUND_MOST = 2
"""So many of these are said in any case."""
ASTRAY = 0.1
"""Below this score a paragraph of another guide than those spoken of is left out, where one is found."""


class Aim(BaseModel):
    """Words of a question, and words of the paragraph it looks for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    asked: re.Pattern[str]
    found: re.Pattern[str]


class Choice(BaseModel):
    """`choice.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    guides: dict[str, re.Pattern[str]]
    denied: dict[str, re.Pattern[str]]
    sections: dict[Intent, dict[str, float]]
    aims: tuple[Aim, ...]
    faint: dict[str, float]
    general: re.Pattern[str]
    directs: re.Pattern[str]
    ours: str
    """Says that a family comes from `{place}` and lives here."""


@cache
def load_choice() -> Choice:
    """Read once a process."""
    return Choice.model_validate(yaml.safe_load(CHOICE_FILE.read_text(encoding="utf-8")))


def paragraphs(writer: Writer, *, most: int, leading: Iterable[str] = ()) -> list[Clause]:
    """The paragraphs of guides that answer the message best, the best first, none saying what another says.

    Args:
        writer: of the answer; what it said already is left out.
        most: at most so many.
        leading: entries that the pre-check puts first.
    """
    scores = _scores(writer, frozenset(leading))
    order = sorted(scores, key=lambda id_: -scores[id_][0])
    least = FROM * scores[order[0]][0] if order else 0.0
    story = best_guide(writer)
    told = [id_ for id_ in order if scores[id_][1].guide == story and scores[id_][1].section not in _ASIDE]
    found = _found(writer, leading)
    astray = _astray(writer, story, leading) if found else set()
    rest = (scores[id_][1] for id_ in order if scores[id_][0] >= least and id_ not in astray)
    sure = _kept(writer, found, FOUND_MOST)
    kept = sorted(
        [*sure, *_kept(writer, rest, most - len(sure), sure)], key=lambda clause: -scores[clause.id][0]
    )
    missing = min(OF_STORY, most) - sum(clause.guide == story for clause in kept)
    if story is not None and missing > 0:  # what the story leads to is never crowded out
        first = kept[: most - missing]
        kept = [*first, *_kept(writer, (scores[id_][1] for id_ in told), missing, first)]
    return kept


def _kept(
    writer: Writer, clauses: Iterable[Clause], most: int, beside: Sequence[Clause] = ()
) -> list[Clause]:
    """The first of these that say something that neither the answer nor another of them says."""
    kept: list[Clause] = []
    for clause in clauses:
        if len(kept) == most:
            break
        known = any(_alike(clause.text, one.text) for one in (*kept, *beside))
        if not known and clause not in beside and not writer.says(clause.text):
            kept.append(clause)
    return kept


def _found(writer: Writer, leading: Iterable[str]) -> list[Clause]:
    """What the search is sure of, of guides that are not passed over."""
    passed = _passed_over(writer, bool(tuple(leading)))
    hits = (hit.clause for hit in writer.brief.work.near if hit.score >= FOUND)
    return [c for c in hits if c.guide and c.guide not in passed and c.section not in _ASIDE]


def _astray(writer: Writer, story: str | None, leading: Iterable[str]) -> set[str]:
    """Paragraphs that the search hardly found, of guides that nobody spoke of."""
    understood = writer.brief.understanding
    spoken = {story, understood.topic, *understood.topics, *leading}
    return {h.clause.id for h in writer.brief.work.near if h.score < ASTRAY and h.clause.guide not in spoken}


def best_guide(writer: Writer) -> str | None:
    """The guide that words of the story lead to and whose paragraphs answer best; None where none leads."""
    told = {entry for entry, p in load_choice().guides.items() if p.search(writer.brief.text)}
    together = _together(_scores(writer, frozenset()).values())
    return max(told & together.keys(), key=lambda entry: together[entry], default=None)


def _scores(writer: Writer, leading: frozenset[str]) -> dict[str, tuple[float, Clause]]:
    brief = writer.brief
    near = {hit.clause.id: (hit.score, hit.clause) for hit in brief.work.near if hit.clause.guide}
    if not near:
        return {}
    best = max(score for score, _ in near.values()) or 1.0
    weights = _weights(writer, leading)
    for clause in _left_out(writer, [e for e, w in weights.items() if w > 1], near):
        near[clause.id] = (UNFOUND * best * _common(brief.text, clause.text), clause)
    sections = _sections(brief.understanding.intents)
    aims = [aim.found for aim in load_choice().aims if aim.asked.search(brief.text)]
    faint = load_choice().faint
    rough: dict[str, tuple[float, Clause]] = {}
    for base, clause in near.values():
        section = clause.section or ""
        score = base / best * weights.get(clause.guide or "", 1.0)
        score += SECTION * sections.get(section, 0.0)
        score += AIM * any(found.search(f"{section}：{clause.text}") for found in aims)
        if section in faint and not sections.get(section):
            score *= faint[section]
        rough[clause.id] = (score, clause)
    together = _together(rough.values())
    return {
        id_: (score * (1 + TOGETHER * together[clause.guide or ""]), clause)
        for id_, (score, clause) in rough.items()
    }


def _left_out(writer: Writer, entries: Iterable[str], near: Iterable[str]) -> list[Clause]:
    found = set(near)
    guides = (writer.brief.rooms.library.guide(entry) for entry in entries)
    return [c for guide in guides if guide is not None for c in _all(guide) if c.id not in found]


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
    for entry, pattern in load_choice().guides.items():
        if entry not in named and pattern.search(brief.text):
            weights[entry] = STORY
    if any(weights[entry] > 1 for entry in load_choice().guides) and len(named) < 2:
        weights[brief.understanding.topic or ""] /= LEANT
    if len(named) > 1:  # a single one is what the search leaned to
        for entry in named:
            weights[entry] *= NAMED
    for entry in leading:
        weights[entry] *= LEADING
    for entry in _passed_over(writer, bool(leading)):
        weights[entry] *= PASSED_OVER
    return weights


def _passed_over(writer: Writer, checked: bool) -> set[str]:
    """Entries that are spoken of but not asked for: 不是低保, 已经认定了, or unlikely by the rules."""
    brief = writer.brief
    passed = {entry for entry, p in load_choice().denied.items() if p.search(brief.text)}
    told = brief.state.values
    for entry, held in load_topics().held.items():
        if entry not in brief.understanding.topics and any(told.get(n) == value for n, value in held.items()):
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


def _together(scored: Iterable[tuple[float, Clause]]) -> Mapping[str, float]:
    """For each guide the mean of its three best scores, as a share of the best guide's."""
    by_guide: dict[str, list[float]] = defaultdict(list)
    for score, clause in scored:
        by_guide[clause.guide or ""].append(score)
    means = {entry: sum(sorted(own, reverse=True)[:3]) / 3 for entry, own in by_guide.items()}
    top = max(means.values())
    return {entry: mean / top for entry, mean in means.items()}


def _alike(one: str, other: str) -> bool:
    mine = {one[i : i + 2] for i in range(len(one) - 1)}
    theirs = {other[i : i + 2] for i in range(len(other) - 1)}
    return len(mine & theirs) >= LIKE * max(1, min(len(mine), len(theirs)))
