"""`minxing eval retrieval`: our search beside what a user would install, on the same clauses, in one run."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.retrieval import peers
from eval.retrieval.questions import RetrievalQuestion, fits, load_questions, resolved
from knowledge.encoder import Embedder, Kind
from knowledge.index.vectors import VectorCache
from knowledge.library import Library
from knowledge.types import Clause

TODAY = dt.date(2026, 11, 21)
DEPTH = 10

Search = Callable[[RetrievalQuestion], tuple[list[Clause], bool | None]]
"""Clauses, best first, and whether the question was called answerable; None: it makes no such call."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One question: where the first right clause stood, and what was said of answerability."""

    question: RetrievalQuestion
    rank: int | None
    called_answerable: bool | None


@dataclass(frozen=True, slots=True)
class Score:
    """One search over all reported questions."""

    name: str
    judged: tuple[Judged, ...]
    milliseconds: float
    kinds: dict[str, tuple[int, int]] = field(default_factory=dict)

    def _answerable(self) -> list[Judged]:
        return [one for one in self.judged if one.question.answerable]

    def recall(self, depth: int) -> float:
        """Share of answerable questions with a right clause among the first `depth`."""
        asked = self._answerable()
        return sum(one.rank is not None and one.rank <= depth for one in asked) / max(1, len(asked))

    @property
    def reciprocal_rank(self) -> float:
        """MRR@10."""
        asked = self._answerable()
        return sum(1 / one.rank for one in asked if one.rank) / max(1, len(asked))

    @property
    def answerable_f1(self) -> float | None:
        """F1 of calling a question answerable; None for a search that makes no such call."""
        if any(one.called_answerable is None for one in self.judged):
            return None
        right = sum(bool(one.called_answerable) and one.question.answerable for one in self.judged)
        called = sum(bool(one.called_answerable) for one in self.judged)
        asked = len(self._answerable())
        return 2 * right / max(1, called + asked)

    def of_kind(self, kind: str) -> tuple[int, int]:
        """(found among the first five, asked) of the answerable questions of a kind."""
        mine = [one for one in self._answerable() if one.question.kind == kind]
        return sum(one.rank is not None and one.rank <= 5 for one in mine), len(mine)


def standalone(question: RetrievalQuestion) -> str:
    """What a search without a memory of the talk is given: the earlier messages and the last."""
    return "，".join((*question.earlier, question.text))


def _as_of(question: RetrievalQuestion) -> dt.date:
    return dt.date.fromisoformat(question.as_of) if question.as_of else TODAY


def _ours(library: Library) -> Search:
    def search(question: RetrievalQuestion) -> tuple[list[Clause], bool | None]:
        found = library.search(question.text, earlier=question.earlier, as_of=_as_of(question), limit=DEPTH)
        return [hit.clause for hit in found.hits], found.answerable

    return search


def _peer(rank: peers.Ranker, clauses: Sequence[Clause]) -> Search:
    def search(question: RetrievalQuestion) -> tuple[list[Clause], bool | None]:
        return [clauses[place] for place in rank(standalone(question), DEPTH)], None

    return search


def _judge(name: str, search: Search, questions: Sequence[RetrievalQuestion], library: Library) -> Score:
    registry = library.view.registry
    judged = []
    started = time.perf_counter()
    for question in questions:
        found, called = search(question)
        wanted = resolved(question, registry)
        rank = next((n for n, clause in enumerate(found, 1) if fits(clause, wanted)), None)
        judged.append(Judged(question, rank, called))
    each = (time.perf_counter() - started) * 1000 / max(1, len(questions))
    return Score(name, tuple(judged), each)


class _Known:
    """The same encoder; a passage that the index holds already is not encoded again."""

    def __init__(self, encoder: Embedder, snapshot: Path) -> None:
        self.fingerprint, self.dimensions = encoder.fingerprint, encoder.dimensions
        self._encoder = encoder
        self._cache = VectorCache(encoder)
        self._cache.add_file(snapshot / "vectors.npz")

    def encode(self, texts: Sequence[str], kind: Kind = "query") -> NDArray[np.float32]:
        """Unit vectors of `texts`."""
        return self._cache.encode(texts) if kind == "passage" else self._encoder.encode(texts, kind)


def run(library: Library, *, half: str = "report", with_peers: bool = True) -> Iterator[Score]:
    """Score our search, then each peer, over one half of the questions.

    Args:
        library: the index; what it holds is what everybody searches. Its encoder is shared with the peer
            that uses vectors.
        half: `report`, or `tune` while weights are set.
        with_peers: also the peers (needs the bench extra).
    """
    questions = [q for q in load_questions() if q.half == half]
    yield _judge("Minxing", _ours(library), questions, library)
    if not with_peers:
        return
    view = library.view
    entries = [view.entry(unit) for unit in range(view.size)]
    clauses = [entry.clause for entry in entries]
    texts = [entry.search_text for entry in entries]
    words = peers.word_segmenter()
    with ExitStack() as stack:
        made: Iterator[tuple[str, peers.Ranker]] = iter(
            (
                ("rank_bm25, words", peers.rank_bm25_words(texts, words)),
                ("bm25s, words", peers.bm25s_over(texts, words)),
                ("bm25s, characters", peers.bm25s_over(texts, peers.characters)),
                ("haystack BM25", peers.haystack_bm25(texts)),
                (
                    "LangChain splitter + Chroma",
                    stack.enter_context(peers.langchain_chroma(texts, _Known(library.encoder, view.folder))),
                ),
            )
        )
        for name, ranker in made:
            yield _judge(name, _peer(ranker, clauses), questions, library)
