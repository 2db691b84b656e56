"""Every clause that a rule, a gift or a step names exists in the official text, read beside the project."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from knowledge.parsing.clauses import clauses
from knowledge.parsing.document import parse
from knowledge.references import clause_id
from knowledge.sources import Registry
from tests.conftest import missing
from tests.tools.conftest import PROJECT, registry_cite
from tools.catalogue import Catalogue

OFFICIAL = PROJECT.parent / "shared" / "policy" / "official"
REGISTRY = Registry.load()
CATALOGUE = Catalogue.load(registry_cite())


@cache
def labels(document: str) -> frozenset[str]:
    path = Path(OFFICIAL / f"{document}.txt")
    source = REGISTRY.sources[document]
    text = path.read_text(encoding="utf-8")
    found = clauses(parse(text, title=source.title), source)
    aliases = (
        clause_id(document, alias) if "#" not in alias else alias for one in found for alias in one.aliases
    )
    return frozenset(one.clause.id for one in found) | frozenset(aliases)


@pytest.mark.shared
@pytest.mark.parametrize("reference", sorted(CATALOGUE.references))
def test_the_clause_exists(reference: str) -> None:
    if not OFFICIAL.is_dir():
        missing("the folder of official texts")
    citation = CATALOGUE.cite(reference)
    if not (OFFICIAL / f"{citation.document_id}.txt").exists():
        assert not citation.clause, f"{reference}: a clause of a text nobody could read"
        return
    if citation.clause:
        assert citation.clause_id in labels(citation.document_id), reference
