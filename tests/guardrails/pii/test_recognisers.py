"""Each recogniser against its own table of cases, and every case against all recognisers together (PR-2)."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from guardrails.pii import EntityType, Redactor, Vault
from guardrails.pii.lexer import Lexer
from guardrails.pii.reading import Reading
from guardrails.pii.recognisers import ALL

CASES = Path(__file__).parent / "cases"
OPEN, CLOSE = "【", "】"


def read(line: str) -> tuple[str, list[str]]:
    """The plain text of a case and what is marked in it."""
    marked = [part.split(CLOSE)[0] for part in line.split(OPEN)[1:]]
    return line.replace(OPEN, "").replace(CLOSE, ""), marked


def cases() -> list[tuple[EntityType, str]]:
    return [
        (EntityType(file.stem), line)
        for file in sorted(CASES.glob("*.yaml"))
        for line in yaml.safe_load(file.read_text("utf-8"))
    ]


@pytest.fixture(scope="module")
def lexer() -> Lexer:
    return Lexer()


def test_every_kind_has_a_table() -> None:
    assert {file.stem for file in CASES.glob("*.yaml")} == {kind.value for kind in EntityType}
    assert {kind for kind, _ in ALL} == set(EntityType)


@pytest.mark.parametrize(("kind", "line"), cases())
def test_recogniser(kind: EntityType, line: str, lexer: Lexer) -> None:
    text, marked = read(line)
    reading = Reading(text, lexer)
    found = {f for recogniser_kind, find in ALL if recogniser_kind is kind for f in find(reading)}
    spans = [reading.text[f.start : f.end] for f in found]
    for value in marked:
        plain = Reading(value, lexer).text
        assert any(plain in span for span in spans), f"{value} not found among {spans}"
    if not marked:
        assert spans == []


@pytest.mark.parametrize(("kind", "line"), cases())
def test_redaction(kind: EntityType, line: str, redactor: Redactor) -> None:
    """PR-2 with all recognisers: what is marked is gone, under its own label."""
    text, marked = read(line)
    redacted, entities = redactor.redact(text, Vault())
    for value in marked:
        assert value not in redacted
        start = text.index(value)
        cover = [e for e in entities if e.start <= start and start + len(value) <= e.end]
        assert [e.type for e in cover] == [kind.value] or kind.label in redacted
    hidden = "".join(text[e.start : e.end] for e in entities)
    if not marked:
        assert hidden == ""
