"""Which clauses are used by what, and which by nothing: as rows, and as a page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.coverage_page import HANGZHOU, page
from knowledge.library import Library
from knowledge.types import Source
from knowledge.usage import Usage, Users


@dataclass(frozen=True, slots=True)
class Row:
    """One clause with its users."""

    document_id: str
    document: str
    number: str | None
    clause: str
    held: bool
    """Whether its text is present."""
    text: str
    checked_on: dt.date
    users: Users

    @property
    def used(self) -> bool:
        """Whether anything rests on it."""
        return bool(self.users)


def coverage(library: Library, usage: Usage | None = None) -> list[Row]:
    """A row for each searched clause of the texts that are held, and each clause that anything rests on."""
    registry = library.view.registry
    who = usage or Usage.collect(registry, library.guides)
    rows = {row.document_id + "#" + row.clause: row for row in _held(library, who)}
    for target, users in who.clauses.items():
        document_id, _, label = target.partition("#")
        source = registry.get(document_id)
        if source is not None and document_id not in library.view.held:
            rows[target] = _row(source, label, "", False, users)
    return sorted(rows.values(), key=lambda row: (not row.held, row.document_id))


def _held(library: Library, usage: Usage) -> list[Row]:
    view = library.view
    rows = []
    for unit in range(view.size):
        clause = view.entry(unit).clause
        if clause.guide is not None:
            continue
        citation = clause.citation
        source = view.registry.sources[citation.document_id]
        users = usage.of(citation.document_id, citation.clause)
        rows.append(_row(source, citation.clause, clause.text, True, users))
    return rows


def _row(source: Source, label: str, text: str, held: bool, users: Users) -> Row:
    return Row(source.id, source.title, source.number, label, held, text, source.checked_on, users)


def unused(rows: Sequence[Row], document_id: str = HANGZHOU) -> list[Row]:
    """Clauses of a document that nothing rests on; by default of the Hangzhou text."""
    return [row for row in rows if row.document_id == document_id and row.held and not row.used]


def write_page(rows: Sequence[Row], path: Path) -> None:
    """Write the coverage as an HTML page that needs nothing else."""
    path.write_text(page(rows), "utf-8")
