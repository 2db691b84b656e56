"""Whether what was found answers the question, decided in code with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.encoder import Reranker
from knowledge.search.amounts import asks_amount, says_unpublished, states_amount
from knowledge.search.places import other_place
from knowledge.search.ranking import Ranked, rank
from knowledge.search.scale import Scale
from knowledge.search.view import View
from knowledge.types import Hit, SearchResult, UnansweredReason
from knowledge.yaml_files import load_yaml

_MATTERS = Path(__file__).resolve().parent / "matters.yaml"
# Shares of the way between off-topic and own questions (`scale.py`), set on tests/knowledge/questions.yaml.
THRESHOLD = 0.53
"""Least confidence of an answered question: hardly one of our own is turned away, while near neighbours of
our matter (养老院, 公租房) pass. On the questions it was set on, answerable-F1 is 0.96."""
_COVERED = 0.15
"""Confidence that a question gains when the clauses contain all of its telling words."""
_TERM = 0.06
"""Confidence gained for each term of our documents that the question uses or means, up to two."""
_MATTER = 0.15
"""Confidence gained by a question that speaks of a child, a family or an office (`matters.yaml`)."""
_IN_TALK = 0.45
"""How much less is asked of a follow-up whose topic is known: it may be as short as 要多久."""
_FADED = 0.18
"""Loss of nearness from which what was left out for its date is what was asked for."""
_READ_AGAIN = 20
"""Hits that a reranker orders anew."""
_LOOK = 5
"""Hits among which an amount may be stated."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question with all that its search depends on."""

    question: str
    vector: NDArray[np.float32]
    expanded: tuple[str, ...]
    """Official terms that its lay words stand for."""
    known: int
    """How many terms of our documents it uses or means."""
    as_of: dt.date
    place: str
    topic: str | None


def search(view: View, query: Query, limit: int, reranker: Reranker | None = None) -> SearchResult:
    """Hits and the decision."""
    found = _rank(view, query, query.as_of)
    hits = _reranked(view, query, found, limit, reranker) if reranker else _hits(view, found, limit)
    reason = _reason(view, query, found, hits)
    return SearchResult(tuple(hits), reason is None, reason, query.expanded)


def _reranked(view: View, query: Query, found: Ranked, limit: int, reranker: Reranker) -> list[Hit]:
    """The first hits in the order of a model that reads question and clause together."""
    hits = _hits(view, found, max(limit, _READ_AGAIN))
    scores = reranker.scores(
        query.question, [" ".join((*h.clause.heading_path, h.clause.text)) for h in hits]
    )
    rescored = (Hit(hit.clause, float(score)) for hit, score in zip(hits, scores, strict=True))
    return sorted(rescored, key=lambda hit: -hit.score)[:limit]


def _rank(view: View, query: Query, as_of: dt.date | None) -> Ranked:
    return rank(
        view,
        query.question,
        query.vector,
        query.expanded,
        as_of=as_of,
        place=query.place,
        topic=query.topic,
    )


def _hits(view: View, found: Ranked, limit: int) -> list[Hit]:
    pairs = zip(found.units[:limit], found.scores[:limit], strict=True)
    return [Hit(view.entry(unit).clause, score) for unit, score in pairs]


def _reason(view: View, query: Query, found: Ranked, hits: Sequence[Hit]) -> UnansweredReason | None:
    if other_place(query.question, query.place):
        return UnansweredReason.OTHER_PLACE
    if _out_of_date(view, query, found):
        return UnansweredReason.OUT_OF_DATE
    if not answers(found, query, view.scale):
        return UnansweredReason.NOTHING_FOUND
    if asks_amount(query.question) and not _amount_stated(hits):
        return UnansweredReason.NO_AMOUNT
    return None


@cache
def _matters() -> tuple[str, ...]:
    words: list[str] = load_yaml(_MATTERS.read_text("utf-8"))["words"]
    return tuple(words)


def answers(found: Ranked, query: Query, scale: Scale) -> bool:
    """Whether the best clauses are about the question's matter."""
    matter = _MATTER if any(word in query.question for word in _matters()) else 0
    gained = scale.part(_COVERED * found.coverage + _TERM * min(2, query.known) + matter)
    wanted = scale.at(THRESHOLD - (_IN_TALK if query.topic else 0))
    return bool(found.units) and found.cosine + gained >= wanted


def _out_of_date(view: View, query: Query, found: Ranked) -> bool:
    """Whether the clauses that answer were not yet, or are no longer, in force on the day."""
    in_force = view.in_force(query.as_of)
    if in_force.all():
        return False
    ever = _rank(view, query, None)
    if not ever.units or in_force[ever.units[0]] or not answers(ever, query, view.scale):
        return False
    return ever.cosine - found.cosine >= view.scale.part(_FADED) or not answers(found, query, view.scale)


def _amount_stated(hits: Sequence[Hit]) -> bool:
    """Whether the first hit that speaks of the amount states it, rather than that none is published."""
    for hit in hits[:_LOOK]:
        if says_unpublished(hit.clause.text):
            return False
        if states_amount(hit.clause.text):
            return True
    return False
