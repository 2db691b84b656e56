"""The bench over many clauses: copies are cut as their originals, and the search over them runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.bench import large
from eval.bench.large import copies, measure_index, measure_large_search
from knowledge.encoder import load_encoder
from knowledge.index import snapshot


def test_copies_differ_and_are_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large, "_QUESTIONS", ("低保要带什么材料",))
    encoder = load_encoder()
    made = copies(tmp_path / "snapshots", 30, encoder)
    assert made.clauses >= 30
    assert len({one.record.source.id for one in made.documents}) == len(made.documents)
    changed = sum(copy != original for copy, original in made.origin.items())
    assert changed > len(made.origin) / 2
    alike = sum(len(copy) == len(original) for copy, original in made.origin.items())
    assert alike > 0.8 * len(made.origin), (alike, len(made.origin))

    said: list[str] = []
    rows = list(measure_large_search(tmp_path / "snapshots", tmp_path / "large", 30, said.append))
    assert {row.part for row in rows} == {"large"}
    assert "searching" in said
    built = list(measure_index(tmp_path / "snapshots", tmp_path / "index", 10, said.append))
    assert any("texts encoded in this run" in row.what for row in built)
    assert snapshot.current(tmp_path / "index") is not None
