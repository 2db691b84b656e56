"""The door to this room: search, clauses, sources, guides and citations."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.encoder import Embedder, Reranker
from knowledge.encoder.alike import Alike, asker
from knowledge.encoder.inner import Pass
from knowledge.errors import EncoderError, UnknownReferenceError
from knowledge.guides import load_guides
from knowledge.index import build, snapshot
from knowledge.neighbours import neighbours
from knowledge.references import clause_id
from knowledge.search import answer
from knowledge.search.features import Asked, query_weights, talk_weights
from knowledge.search.nearness import nearness
from knowledge.search.places import HOME
from knowledge.search.view import View
from knowledge.sources import Registry
from knowledge.terms import load_terms, normalise
from knowledge.types import Citation, Clause, Guide, SearchResult, Source

_log = logging.getLogger(__name__)


class Library:
    """What the documents say, as of the current snapshot. Safe to use from several threads and processes.

    When another process switches to a new snapshot, the next call reads from it.
    """

    def __init__(
        self,
        snapshots: Path,
        encoder: Embedder,
        registry: Registry,
        folder: Path,
        guides: Mapping[str, Guide],
        reranker: Reranker | None = None,
    ) -> None:
        self._snapshots = snapshots
        self.encoder = encoder
        """What the index was made with; questions are encoded with it."""
        self._asker = asker(encoder)
        self._registry = registry
        self._reranker = reranker
        self._guides = guides
        self._graph = neighbours(guides.values())
        self._terms = load_terms()
        self._official_terms = [normalise(term.official) for term in self._terms.terms]
        self._view = View(folder, registry)
        self._foreign: Path | None = None
        self._opening = threading.Lock()

    @classmethod
    def open(cls, snapshots_dir: Path, encoder: Embedder, reranker: Reranker | None = None) -> Library:
        """Open the index, building it from the shipped vectors where there is none yet.

        Raises:
            KnowledgeError: when the corpus is not right or the folder cannot be written.
        """
        registry = Registry.load()
        guides = load_guides(registry)
        folder = build.ensure(snapshots_dir, registry, encoder, guides.values())
        return cls(snapshots_dir, encoder, registry, folder, guides, reranker)

    @property
    def view(self) -> View:
        """The snapshot in use, reopened if another process switched to a new one.

        One of another encoder is left to the process that made it: its vectors mean something else.
        """
        folder = snapshot.current(self._snapshots)
        if folder is None or folder in (self._view.folder, self._foreign):
            return self._view
        if self._opening.acquire(blocking=False):
            try:  # others go on with the old one while this call opens the new one
                manifest = snapshot.read_manifest(folder)
                if manifest is not None and manifest.encoder == self.encoder.fingerprint:
                    self._view = View(folder, self._registry)
                else:
                    self._foreign = folder
            finally:
                self._opening.release()
        return self._view

    def search(
        self,
        question: str,
        *,
        vector: NDArray[np.float32] | None = None,
        asking: NDArray[np.float32] | None = None,
        as_of: dt.date,
        place: str = HOME,
        topic: str | None = None,
        earlier: Sequence[str] = (),
        limit: int = 8,
    ) -> SearchResult:
        """Clauses that answer `question`, best first, and whether they do.

        Args:
            question: in the family's own words, redacted.
            vector: its sentence vector (384,) by the bundled encoder, if it was encoded already; an index
                of another encoder encodes the question itself.
            asking: its vector among the asks (`asking`), if it was made already.
            as_of: the day whose law counts.
            place: city or district; documents of other places are left out.
            topic: entry of the guide that the talk is about, such as `B02`.
            earlier: what was said before, where `question` alone does not tell what it is about.
            limit: at most so many hits.
        """
        view = self.view
        query = self.query(
            view, question, vector, earlier, asking=asking, as_of=as_of, place=place, topic=topic
        )
        return answer.search(view, query, limit, self._reranker)

    def nearness(
        self,
        message: str,
        *,
        vector: NDArray[np.float32] | None = None,
        asking: NDArray[np.float32] | None = None,
    ) -> Mapping[str, float]:
        """How near each paragraph of a guide comes to `message` by itself, by clause id.

        `search` finds what the talk is about; of a guide that it finds whole this tells the paragraphs apart.

        Args:
            message: in the family's own words, redacted.
            vector: its sentence vector by the bundled encoder, if it was encoded already.
            asking: its vector among the asks, if it was made already.
        """
        return nearness(self.view, *self._vectors(message, vector, asking))

    def query(
        self,
        view: View,
        question: str,
        vector: NDArray[np.float32] | None = None,
        earlier: Sequence[str] = (),
        *,
        asking: NDArray[np.float32] | None = None,
        as_of: dt.date,
        place: str = HOME,
        topic: str | None = None,
    ) -> answer.Query:
        """A question as search sees it: its words, what they may stand for, and its vectors."""
        vector, asking = self._vectors(question, vector, asking)
        talk = "，".join((*earlier, question))
        last = query_weights(question, self._terms.expand(question))
        expanded = self._terms.expand(talk)
        of_talk = self._vectors(talk) if earlier else (vector, asking)
        asked = Asked(
            text=question,
            weights=talk_weights(last, query_weights(talk, expanded)) if earlier else last,
            last_weights=last,
            vector=of_talk[0],
            last_vector=vector,
            asking=of_talk[1],
            last_asking=asking,
            own=query_weights(talk, ()),
        )
        plain = normalise(talk)
        known = len(expanded) + sum(term in plain for term in self._official_terms)
        outside = view.asks_scale.share(view.asks.outside(of_talk[1]))
        return answer.Query(question, talk, asked, outside, expanded, known, as_of, place or HOME, topic)

    def vectors(self, question: str) -> tuple[NDArray[np.float32], NDArray[np.float32]] | tuple[None, None]:
        """`vector` and `asking` for several searches of one question; none where another engine is set."""
        return self._vectors(question) if isinstance(self._asker, Alike) else (None, None)

    def asking(self, done: Pass | None) -> NDArray[np.float32] | None:
        """The vector among the asks of what the bundled encoder has read, if that is the engine."""
        if done is None or not isinstance(self._asker, Alike):
            return None
        found: NDArray[np.float32] = self._asker.of(done)[0]
        return found

    def _vectors(
        self,
        question: str,
        vector: NDArray[np.float32] | None = None,
        asking: NDArray[np.float32] | None = None,
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """How a question is compared with clauses and with other questions; what is given stays.

        Where an endpoint fails both are zero: then its words alone find clauses.
        """
        try:
            if isinstance(self._asker, Alike):
                return self._asker.both(question, vector, asking)
            vector = asking = self.encoder.encode([question], "query")[0]
        except EncoderError as error:
            _log.error("The question is searched by its words alone: %s", error)
            vector = asking = np.zeros(self.encoder.dimensions, np.float32)
        return vector, asking

    def clause(self, clause_id: str) -> Clause | None:
        """The clause with this id, if its text is held."""
        records = self.view.records
        position = records.position(clause_id)
        return None if position is None else records.entry(position).clause

    def text(self, document_id: str) -> str | None:
        """The text of a document, in which the offsets of its clauses count; None where it is not held."""
        return snapshot.read_text(self.view.folder, document_id) or None

    def restating(self, clause_id: str) -> tuple[Clause, ...]:
        """Paragraphs of guides that rest on a clause: what to show where its own text is not held."""
        return tuple(
            clause
            for guide in self._guides.values()
            for _, clauses in guide.sections
            for clause in clauses
            if clause_id in clause.links
        )

    def neighbours(self, entry: str) -> tuple[str, ...]:
        """Entries that the guide of this one leads to, the nearest first (`knowledge/neighbours.py`)."""
        return self._graph.get(entry, ())

    def source(self, document_id: str) -> Source | None:
        """The source, if it is registered or ingested."""
        return self.view.registry.get(document_id)

    def guide(self, entry: str) -> Guide | None:
        """The guide of an entry such as `B02`."""
        return self._guides.get(entry)

    @property
    def guides(self) -> tuple[Guide, ...]:
        """All guides, by entry."""
        return tuple(self._guides.values())

    def cite(self, text: str) -> Citation:
        """The citation for a written reference such as `民发〔2019〕62号 二(二)`.

        Where the text of the document is held the clause must exist; otherwise only its form is checked.

        Raises:
            UnknownReferenceError: naming the nearest registered document, or that it has no such clause.
        """
        view = self.view
        reference = view.registry.resolve(text)
        if reference.clause and reference.document in view.held:
            position = view.records.position(clause_id(reference.document, reference.clause))
            if position is None:
                source = view.registry.sources[reference.document]
                raise UnknownReferenceError(f"“{text}”: {source.title} has no clause “{reference.clause}”.")
            return view.records.entry(position).clause.citation
        return view.registry.citation(reference)
