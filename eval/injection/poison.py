"""A library into which a bad passage got: whatever is asked, the search returns it on top."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from knowledge.library import Library
from knowledge.types import Clause, Hit, SearchResult


class PoisonedLibrary:
    """The real library, with one passage in front of every search result."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self.passage = ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._library, name)

    def search(self, question: str, **options: Any) -> SearchResult:
        """The real result, and the passage before it."""
        found = self._library.search(question, **options)
        if not self.passage or not found.hits:
            return found
        return replace(
            found, hits=(Hit(self._forged(found.hits[0].clause), 1.0), *found.hits), answerable=True
        )

    def _forged(self, clause: Clause) -> Clause:
        """The passage in the place of a real clause: same document, same standing."""
        citation = replace(clause.citation, clause_id=f"{clause.id}/poisoned")
        return replace(
            clause,
            id=citation.clause_id,
            text=self.passage,
            citation=citation,
            guide=None,
            section=None,
            links=(),
        )
