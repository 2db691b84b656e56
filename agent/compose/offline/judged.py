"""Which paragraphs answer, judged by all that is known of them at once.

`choice` corrects the order of the search by what was asked and told, one rule after the other. Here what
those rules see is measured for each paragraph and added up with weights that were learned from the
development questions of `eval/answers` (`python -m eval.answers.train`), by which paragraphs hold what an
answer must hold.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, model_validator

from agent import asking
from agent.compose.offline import choice
from agent.compose.offline.audiences import of_own_kind
from agent.compose.offline.choice_words import load_choice
from agent.compose.offline.draft import Writer
from agent.types import Intent
from agent.understand.questions import topics_named
from knowledge.types import Clause
from tools.types import Outcome

if TYPE_CHECKING:
    from knowledge.library import Library

FILE = Path(__file__).with_name("judged.yaml")
SECTIONS = ("谁可以", "给什么", "怎么办理", "注意什么", "问谁", "依据")
WISHES = (
    Intent.ASK_POLICY, Intent.AM_I_ELIGIBLE, Intent.HOW_TO_APPLY, Intent.MATERIALS, Intent.HOW_LONG,
    Intent.AMOUNT, Intent.WHERE, Intent.CONTACT, Intent.STATUS_OF_MY_CASE, Intent.COMPARE, Intent.APPEAL,
)  # fmt: skip
NAMES = (
    "found", "found_for_part", "of_part", "scored", "rank", "known",
    "far_from_message", "far_from_asking", "far_from_talk",
    "running", "running_before", "named", "named_share", "listed", "told_before", "led_to", "led_in_talk",
    "about", "passed_over", "likely", "unlikely", "unknown", "first_story", "second_story",
    "of_life", "general", "best_guide", "together", "aim", "aim_of_running", "own_kind",
    "words_of_message", "words_of_asking", "words_of_talk", "words_of_running", "length",
    "first", "second", "sum", "silent",
    *SECTIONS, *(f"{wish.value}:{section}" for wish in WISHES for section in SECTIONS),
)  # fmt: skip
_SCORED_MOST = 60
_NEAR_MOST = 40
_AROUND_MOST = 15
"""Candidates: the first of each order; and all paragraphs of guides that were spoken of."""
_LISTED_MOST = 3
_FAR = 1.5
"""On the encoder's scale, as far as counts."""
_LEAST = 1e-4
_PAUSES = re.compile(r"[，。？?！!、\s]")
_FITS = frozenset({Outcome.LIKELY, Outcome.CHOICE})

Floats = NDArray[np.float64]


class Learned(BaseModel):
    """`judged.yaml`, written by `eval.answers.train`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    learned_from: str
    weights: dict[str, float]
    """Per measurement, in the order of `NAMES`."""

    @model_validator(mode="after")
    def _all_measured(self) -> Learned:
        if tuple(self.weights) != NAMES:
            raise ValueError("judged.yaml does not fit judged.py; run python -m eval.answers.train")
        return self


@dataclass(frozen=True, slots=True)
class Measured:
    """Paragraphs that may answer, and what is known of each."""

    clauses: tuple[Clause, ...]
    values: Floats
    """(len(clauses), len(NAMES))."""


@cache
def load_learned() -> Learned:
    """Read once a process."""
    return Learned.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def chances(writer: Writer) -> Mapping[str, float]:
    """For each paragraph that may answer its share of the certainty, by id, the likeliest first."""
    if writer.judged is None:
        measured = measure(writer)
        merits = measured.values @ np.asarray(list(load_learned().weights.values()))
        shares = np.exp(merits - merits.max(initial=0.0))
        shares /= max(float(shares.sum()), _LEAST)
        ids = [clause.id for clause in measured.clauses]
        order = sorted(zip(ids, shares.tolist(), strict=True), key=lambda one: -one[1])
        writer.judged = dict(order)
    return writer.judged


def measure(writer: Writer) -> Measured:
    """All that is known of the paragraphs that may answer."""
    seen = _Seen(writer)
    clauses = seen.candidates()
    rows = [seen.values(clause) for clause in clauses]
    values = np.asarray([[row.get(name, 0.0) for name in NAMES] for row in rows])
    return Measured(tuple(clauses), values.reshape(-1, len(NAMES)))


class _Seen:
    """What is the same for all paragraphs of one answer."""

    def __init__(self, writer: Writer) -> None:
        brief, work = writer.brief, writer.brief.work
        self.writer, self.understood = writer, brief.understanding
        self.scores = choice.scores(writer, frozenset())
        order = sorted(self.scores, key=lambda id_: -self.scores[id_][0])
        self.rank = {id_: place for place, id_ in enumerate(order)}
        self.best = max((score for score, _ in self.scores.values()), default=1.0)
        self.best_guide = self.scores[order[0]][1].guide if order else None
        self.found = {hit.clause.id: hit.score for hit in work.near}
        self.parts: dict[str, float] = {}
        for hit in (hit for part in work.parts for hit in part):
            self.parts[hit.clause.id] = max(hit.score, self.parts.get(hit.clause.id, 0.0))
        self.near = (work.nearness, work.asked_nearness, work.talk_nearness)
        self.stories = choice.stories(writer)
        self.led = choice.led_to(writer)
        self.passed = choice.passed_over(writer, checked=False)
        verdicts = work.precheck.verdicts if work.precheck is not None else ()
        self.verdicts = {verdict.benefit: verdict.outcome for verdict in verdicts}
        self.together = choice.together_by_guide(self.scores.values())
        self.aims = choice.aims_of(writer)
        self.told = {entry for text in writer.told_before for entry in topics_named(text)}
        talk = "，".join((*writer.told_before, writer.text))
        self.led_in_talk = {entry for entry, words in load_choice().guides.items() if words.search(talk)}
        self.pairs = tuple(_pairs(text) for text in (writer.text, asking.asking_part(writer.text), talk))
        self.rarity = _rarity(brief.rooms.library)

    def candidates(self) -> list[Clause]:
        """Paragraphs that may answer, in the order of their ids."""
        library, brief = self.writer.brief.rooms.library, self.writer.brief
        ids = {*list(self.rank)[:_SCORED_MOST]}
        for most, near in zip((_NEAR_MOST, _AROUND_MOST, _AROUND_MOST), self.near, strict=True):
            ids |= {*sorted(near, key=lambda id_: -near[id_])[:most]}
        spoken = {
            self.understood.topic, brief.before.topic, *self.understood.topics, *self.stories[:2],
            *brief.before.listed[:_LISTED_MOST], *(e for e, out in self.verdicts.items() if out in _FITS),
        }  # fmt: skip
        by_id = {
            clause.id: clause for guide in library.guides for _, all_ in guide.sections for clause in all_
        }
        ids |= {id_ for id_, clause in by_id.items() if clause.guide in spoken}
        return [by_id[id_] for id_ in sorted(ids & by_id.keys())]

    def values(self, clause: Clause) -> dict[str, float]:
        """What is known of one paragraph, by name; what is not named is nought."""
        writer, understood, before = self.writer, self.understood, self.writer.brief.before
        id_, guide, section = clause.id, clause.guide or "", clause.section or ""
        running, aims = guide == understood.topic, choice.fits(clause, self.aims)
        words = self._words(clause)
        verdict, words_of = self.verdicts.get(guide), load_choice()
        far = self._far(id_)
        place = id_.rpartition("/")[2]
        return {
            "found": _log_odds(self.found.get(id_, 0.0)),
            "found_for_part": _log_odds(self.parts.get(id_, 0.0)),
            "of_part": id_ in self.parts,
            "scored": self.scores[id_][0] / max(self.best, _LEAST) if id_ in self.scores else 0.0,
            "rank": 1 / (1 + self.rank.get(id_, _SCORED_MOST)),
            "known": id_ in self.scores,
            "far_from_message": far[0],
            "far_from_asking": far[1],
            "far_from_talk": far[2],
            "running": running,
            "running_before": guide == before.topic,
            "named": guide in understood.topics,
            "named_share": (guide in understood.topics) / max(1, len(understood.topics)),
            "listed": guide in before.listed,
            "told_before": guide in self.told,
            "led_to": self.led.get(guide, 1.0) - 1,
            "led_in_talk": guide in self.led_in_talk,
            "about": understood.about.get(guide, 0.0),
            "passed_over": guide in self.passed,
            "likely": verdict in _FITS,
            "unlikely": verdict is Outcome.UNLIKELY,
            "unknown": verdict is Outcome.UNKNOWN,
            "first_story": guide in self.stories[:1],
            "second_story": guide in self.stories[1:2],
            "of_life": guide.startswith("L"),
            "general": guide.startswith("G"),
            "best_guide": guide == self.best_guide,
            "together": self.together.get(guide, 0.0),
            "aim": aims,
            "aim_of_running": aims and running,
            "own_kind": of_own_kind(writer, clause),
            "words_of_message": words[0],
            "words_of_asking": words[1],
            "words_of_talk": words[2] / 2,
            "words_of_running": words[0] * running,
            "length": len(clause.text) / 60,
            "first": place == "1",
            "second": place == "2",
            "sum": bool(words_of.sum.search(clause.text)),
            "silent": bool(words_of.silent.search(clause.text)),
            section: 1.0,
            **{f"{wish.value}:{section}": 1.0 for wish in understood.intents},
        }

    def _far(self, id_: str) -> tuple[float, ...]:
        """How much farther than the nearest paragraph, from the message, what it asks, and the talk."""
        whole = self.near[0]
        return tuple(
            min(_FAR, max(near.values(), default=0.0) - near[id_]) if id_ in near else _FAR
            for near in (one or whole for one in self.near)
        )

    def _words(self, clause: Clause) -> tuple[float, ...]:
        own = _pairs(clause.text)
        return tuple(sum(self.rarity.get(pair, 0.0) for pair in asked & own) / 10 for asked in self.pairs)


def _log_odds(share: float) -> float:
    share = min(max(share, _LEAST), 1 - _LEAST)
    return math.log(share / (1 - share))


@lru_cache(maxsize=4096)
def _pairs(text: str) -> frozenset[str]:
    """Pairs of neighbouring characters within a stretch between pauses."""
    pairs = (text[i : i + 2] for i in range(len(text) - 1))
    return frozenset(pair for pair in pairs if not _PAUSES.search(pair))


@lru_cache(maxsize=2)
def _rarity(library: Library) -> Mapping[str, float]:
    """How rare each pair is among the paragraphs of the guides, in nats."""
    texts = [clause.text for guide in library.guides for _, clauses in guide.sections for clause in clauses]
    return _rarity_in(texts)


def _rarity_in(texts: Sequence[str]) -> Mapping[str, float]:
    counted = Counter(pair for text in texts for pair in _pairs(text))
    return {pair: math.log(len(texts) / (1 + count)) for pair, count in counted.items()}
