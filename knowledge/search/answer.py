"""Whether what was found answers the question, decided in code with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.search.amounts import asks_amount, states_amount
from knowledge.search.places import other_place
from knowledge.search.ranking import Ranked, rank
from knowledge.search.view import View
from knowledge.types import Hit, SearchResult, UnansweredReason

COSINE, COVERAGE = 0.85, 0.5
_LOOK = 5
"""Hits among which the stated amount must be."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question with all that its search depends on."""

    question: str
    vector: NDArray[np.float32]
    expanded: tuple[str, ...]
    as_of: dt.date
    place: str
    topic: str | None


def search(view: View, query: Query, limit: int) -> SearchResult:
    """Hits and the decision."""
    found = _rank(view, query, query.as_of)
    hits = _hits(view, found, limit)
    reason = _reason(view, query, found, hits)
    return SearchResult(tuple(hits), reason is None, reason, query.expanded)


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
    if not answers(found, query):
        if not view.in_force(query.as_of).all() and answers(_rank(view, query, None), query):
            return UnansweredReason.OUT_OF_DATE
        return UnansweredReason.NOTHING_FOUND
    if asks_amount(query.question) and not any(states_amount(hit.clause.text) for hit in hits[:_LOOK]):
        return UnansweredReason.NO_AMOUNT
    return None


def answers(found: Ranked, query: Query) -> bool:
    """Whether the best clauses are about the question's matter."""
    return bool(found.units) and (found.cosine >= COSINE or found.coverage >= COVERAGE)
