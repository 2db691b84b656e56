"""What a citation opens: the clause itself, or, where its text is not held, our own words that rest on it."""

from __future__ import annotations

from api import models, views
from knowledge.errors import UnknownReferenceError
from knowledge.library import Library
from knowledge.types import Citation, Clause, Source, Standing

PARAGRAPHS_MAX = 8
"""A drawer is read, not searched: the paragraphs nearest to the clause are enough."""


def opened(library: Library, clause_id: str) -> models.ClauseOut | None:
    """The clause with this id; None where no document of ours has it."""
    clause = library.clause(clause_id)
    if clause is not None:
        return _held(library, clause)
    document_id, mark, label = clause_id.partition("#")
    source = library.source(document_id)
    if source is None or not mark:
        return None
    return _restated(library, source, clause_id, label)


def _held(library: Library, clause: Clause) -> models.ClauseOut:
    original = f"{clause.citation.document_id}#{clause.citation.clause}"
    has_original = clause.citation.standing is Standing.RESTATED and library.clause(original) is not None
    return models.ClauseOut(
        id=clause.id,
        held=True,
        paragraphs=clause.text.splitlines(),
        heading_path=list(clause.heading_path),
        citation=views.citation(clause.citation),
        also=[views.citation(item) for item in clause.also],
        original=original if has_original else None,
        region=clause.region,
        in_force_from=clause.in_force_from,
        in_force_to=clause.in_force_to,
        source=views.source(library.source(clause.citation.document_id)),
    )


def _restated(library: Library, source: Source, clause_id: str, label: str) -> models.ClauseOut | None:
    found = [each for each in library.restating(clause_id) if each.section != "依据"]
    if not found and not _exists(library, source, label):
        return None
    # Paragraphs that rest on this very clause come before those that only mention it.
    found.sort(key=lambda each: (each.citation.document_id, each.citation.clause) != (source.id, label))
    citation = Citation(
        clause_id, source.title, source.id, source.number, label, Standing.RESTATED, source.confidence
    )
    return models.ClauseOut(
        id=clause_id,
        held=False,
        paragraphs=list(dict.fromkeys(each.text for each in found))[:PARAGRAPHS_MAX],
        heading_path=[],
        citation=views.citation(citation),
        also=[],
        original=None,
        region=source.region,
        in_force_from=source.in_force_from,
        in_force_to=source.in_force_to,
        source=views.source(source),
    )


def _exists(library: Library, source: Source, label: str) -> bool:
    try:
        library.cite(f"{source.number or source.short or source.title} {label}")
    except UnknownReferenceError:
        return False
    return True
