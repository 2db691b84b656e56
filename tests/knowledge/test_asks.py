"""How families ask for a clause: every key resolves, a line is found, an ingested text gets its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import yaml

from knowledge.asks import Asks, digest, load_asks
from knowledge.encoder import Embedder
from knowledge.encoder.alike import asker
from knowledge.errors import AsksError
from knowledge.guides import is_entry, load_guides
from knowledge.index import build
from knowledge.index.asked import AskIndex
from knowledge.library import Library
from knowledge.sources import Registry
from knowledge.types import Guide, GuideKind

TODAY = dt.date(2026, 11, 21)
ASKS = load_asks()


def written(folder: Path, document: str = "B02", changed: Mapping[str, object] | None = None) -> Path:
    row = {"clause": "谁可以/1", "questions": ["这孩子算不算", "哪样才算"], **(changed or {})}
    (folder / "one.yaml").write_text(yaml.safe_dump({"document": document, "asks": [row]}), "utf-8")
    return folder


def test_every_key_leads_to_a_paragraph_or_a_label(registry: Registry) -> None:
    ASKS.check(registry, load_guides(registry))


def test_every_paragraph_of_a_guide_that_families_may_need_is_asked_for(registry: Registry) -> None:
    guides = load_guides(registry)
    assert {document.document for document in ASKS.documents} >= set(guides)
    wanted = [
        clause.id
        for guide in guides.values()
        if guide.kind is GuideKind.BENEFIT
        for section in ("谁可以", "给什么", "怎么办理")
        for clause in guide.section(section)
    ]
    asked = sum(clause in ASKS.by_clause for clause in wanted)
    assert asked >= 0.95 * len(wanted)


def test_every_ask_of_a_text_that_ships_is_placed(registry: Registry) -> None:
    """None is lost on the way to the index: also those of a part that is searched through its whole."""
    for document in build.builtin_documents(registry):
        ids = {entry.clause.id for entry in document.entries}
        mine = {key for key in ASKS.by_clause if key in ids}
        placed = {question for _, question in ASKS.lines(document.entries)}
        assert placed >= {question for key in mine for question in ASKS.by_clause[key]}, (
            document.record.source.id
        )


def test_questions_are_asked_once_and_are_no_official_text(official: Path) -> None:
    questions = [question for asked in ASKS.by_clause.values() for question in asked]
    assert len(set(questions)) == len(questions)
    texts = "".join(path.read_text("utf-8", errors="ignore") for path in sorted(official.glob("*.txt")))
    copied = [q for q in questions if len(q) >= 16 and q in texts]
    assert copied == []


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"clause": "谁可以/99"}, "谁可以/99 is no paragraph"),
        ({"clause": "谁可以"}, "is no paragraph"),
        ({"begins": "别的话"}, "renumber"),
        ({"questions": ["同一句话", "同一句话"]}, "stands there 2 times"),
        ({"questions": ["啊"]}, "2 to 80 characters"),
        ({"questions": []}, "at least 1 item"),
        ({"answer": "是"}, "Extra inputs"),
    ],
)
def test_a_mistake_is_named(
    tmp_path: Path, registry: Registry, changed: dict[str, object], says: str
) -> None:
    with pytest.raises(AsksError, match=says):
        load_asks(written(tmp_path, changed=changed)).check(registry, load_guides(registry))


@pytest.mark.parametrize(
    ("document", "clause", "says"),
    [
        ("Z99", "谁可以/1", "no such guide"),
        ("no_such_text", "一", "not registered"),
        ("hz_kunjing_2025_70", "三（一）", r"as 三\(一\)"),
        ("hz_kunjing_2025_70", "随便", "is no clause label"),
    ],
)
def test_a_wrong_document_or_label_is_named(
    tmp_path: Path, registry: Registry, document: str, clause: str, says: str
) -> None:
    guides: dict[str, Guide] = {}
    with pytest.raises(AsksError, match=says):
        load_asks(written(tmp_path, document, {"clause": clause})).check(registry, guides)


def test_an_edit_gives_the_index_another_name(tmp_path: Path) -> None:
    before = digest(written(tmp_path))
    assert digest(written(tmp_path)) == before
    assert digest(written(tmp_path, changed={"questions": ["另一句话"]})) != before


def test_entries_and_ids_are_told_apart() -> None:
    assert is_entry("B02")
    assert not is_entry("hz_kunjing_2025_70")


def test_a_line_finds_its_paragraph_by_words_and_by_meaning(library: Library, encoder: Embedder) -> None:
    asks = library.view.asks
    size = library.view.size
    for line in range(0, len(asks), 701):
        vector = asker(encoder).encode([asks.questions[line]])[0]
        assert int(asks.nearness(vector, size).argmax()) == asks.units[line]
        without = asks.nearness(vector, size, line)
        assert without[asks.units[line]] < asks.nearness(vector, size)[asks.units[line]]


def test_no_asks_at_all_is_no_error(tmp_path: Path) -> None:
    none = np.zeros((0, 384), np.float32)
    AskIndex.write(tmp_path / "asks", [], [], none, none)
    empty = AskIndex(tmp_path / "asks")
    vector = np.ones(384, np.float32)
    assert not empty.nearness(vector, 3).any()
    assert not empty.words({"低": 1.0}, 3).any()
    assert empty.outside(vector) == 0
    assert list(Asks().lines([])) == []


def test_what_nobody_answers_is_held_apart_from_what_families_ask() -> None:
    questions = {question for asked in ASKS.by_clause.values() for question in asked}
    assert len(ASKS.outside) >= 100
    assert not questions & set(ASKS.outside)
