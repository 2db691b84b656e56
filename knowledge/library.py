"""The door to this room: search, clauses, sources, guides and citations."""

from __future__ import annotations

from knowledge.sources import Registry
from knowledge.types import Citation, Source


class Library:
    """What the documents say, as of one snapshot. Safe to use from several threads."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def cite(self, text: str) -> Citation:
        """The citation for a written reference such as `民发〔2019〕62号 二(二)`.

        Raises:
            UnknownReferenceError: naming the nearest registered document.
        """
        return self._registry.cite(text)

    def source(self, document_id: str) -> Source | None:
        """The registered source, if there is one."""
        return self._registry.get(document_id)
