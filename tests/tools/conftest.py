"""The rules' references resolve through the real library where it is there, else through a stand-in."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from knowledge.types import Citation, Confidence, Standing
from tools.catalogue import Catalogue

PROJECT = Path(__file__).resolve().parents[2]
TODAY = dt.date(2026, 11, 21)

_CLAUSE = re.compile(
    r"^(第[一二三四五六七八九十百千零]+条(第[一二三四五六七八九十]+款)?(第\([一二三四五六七八九十]+\)项)?"
    r"|[一二三四五六七八九十]+(\([一二三四五六七八九十]+\))?\d*)?$"
)


def stand_in() -> Callable[[str], Citation]:
    """Resolves document names by the registry, and clause labels by their shape only."""
    registry = yaml.safe_load((PROJECT / "knowledge/corpus/sources.yaml").read_text(encoding="utf-8"))
    by_name = {
        name: doc for doc in registry for name in (doc.get("number"), doc.get("short"), doc["title"]) if name
    }

    def cite(reference: str) -> Citation:
        name, _, clause = reference.partition(" ")
        document = by_name.get(name)
        if document is None or not _CLAUSE.match(clause):
            raise LookupError(f"unknown reference {reference!r}")
        return Citation(
            clause_id=f"{document['id']}#{clause}",
            document=document["title"],
            document_id=document["id"],
            number=document.get("number"),
            clause=clause,
            standing=Standing(document["standing"]),
            confidence=Confidence(document["confidence"]),
        )

    return cite


@pytest.fixture(scope="session")
def cite() -> Callable[[str], Citation]:
    return stand_in()


@pytest.fixture(scope="session")
def catalogue(cite: Callable[[str], Citation]) -> Catalogue:
    return Catalogue.load(cite)
