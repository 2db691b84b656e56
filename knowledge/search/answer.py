"""Whether what was found answers the question, decided in code with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from knowledge.encoder import Reranker
from knowledge.search.amounts import asks_amount, says_unpublished, states_amount
from knowledge.search.combine import learned
from knowledge.search.features import ASK_NOTHING, Asked
from knowledge.search.places import other_place
from knowledge.search.ranking import Ranked, rank
from knowledge.search.view import View
from knowledge.types import Hit, SearchResult, UnansweredReason
from knowledge.yaml_files import load_yaml

_MATTERS = Path(__file__).resolve().parent / "matters.yaml"
_IN_TALK = 3.0
"""Gain of a follow-up whose topic is known, in log-odds: it may be as short as 要多久."""
_FADED = 0.18
"""Loss of nearness, as a share of the scale, from which what was left out for its date was asked for."""
_READ_AGAIN = 20
"""Hits that a reranker orders anew."""
_LOOK = 5
"""Hits among which an amount may be stated."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question with all that its search depends on."""

    question: str
    """The last message."""
    talk: str
    """The earlier messages that belong to it, and the last."""
    asked: Asked
    outside: float
    """Nearness to what people ask that no document of ours answers, as a share of the scale."""
    expanded: tuple[str, ...]
    """Official terms that its lay words stand for."""
    known: int
    """How many terms of our documents it uses or means."""
    as_of: dt.date
    place: str
    topic: str | None


def search(view: View, query: Query, limit: int, reranker: Reranker | None = None) -> SearchResult:
    """Hits and the decision."""
    found = ranked(view, query, query.as_of)
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


def ranked(view: View, query: Query, as_of: dt.date | None, without: int | None = None) -> Ranked:
    """The order as of a day; None: of all times. `without` leaves out a line of the asks, for training."""
    return rank(view, query.asked, as_of=as_of, place=query.place, topic=query.topic, without=without)


def _hits(view: View, found: Ranked, limit: int) -> list[Hit]:
    pairs = zip(found.units[:limit], found.scores[:limit], strict=True)
    return [Hit(view.entry(unit).clause, score) for unit, score in pairs]


def _reason(view: View, query: Query, found: Ranked, hits: Sequence[Hit]) -> UnansweredReason | None:
    if other_place(query.talk, query.place):
        return UnansweredReason.OTHER_PLACE
    if _out_of_date(view, query, found):
        return UnansweredReason.OUT_OF_DATE
    if not answers(found, query):
        return UnansweredReason.NOTHING_FOUND
    if asks_amount(query.question) and not _amount_stated(hits):
        return UnansweredReason.NO_AMOUNT
    return None


@cache
def _matters() -> tuple[str, ...]:
    words: list[str] = load_yaml(_MATTERS.read_text("utf-8"))["words"]
    return tuple(words)


def signs(found: Ranked, query: Query) -> dict[str, float]:
    """What the decision weighs, by the names in `weights.yaml`."""
    nearest = max(found.meaning, found.ask_meaning + ASK_NOTHING)
    return {
        "merit": found.merit,
        "meaning": found.meaning,
        "ask_meaning": found.ask_meaning,
        "nearer_than_outside": nearest - query.outside,
        "coverage": found.coverage,
        "known": min(2, query.known),
        "matter": any(word in query.talk for word in _matters()),
    }


def answers(found: Ranked, query: Query) -> bool:
    """Whether the best clauses are about the question's matter."""
    gained = _IN_TALK if query.topic else 0.0
    return bool(found.units) and learned().answering.merit(signs(found, query)) + gained > 0


def _out_of_date(view: View, query: Query, found: Ranked) -> bool:
    """Whether the clauses that answer were not yet, or are no longer, in force on the day."""
    in_force = view.in_force(query.as_of)
    if in_force.all():
        return False
    ever = ranked(view, query, None)
    if not ever.units or in_force[ever.units[0]] or not answers(ever, query):
        return False
    return ever.meaning - found.meaning >= _FADED or not answers(found, query)


def _amount_stated(hits: Sequence[Hit]) -> bool:
    """Whether the first hit that speaks of the amount states it, rather than that none is published."""
    for hit in hits[:_LOOK]:
        if says_unpublished(hit.clause.text):
            return False
        if states_amount(hit.clause.text):
            return True
    return False
