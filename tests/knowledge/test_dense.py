"""Few vectors are compared one by one, many in Chroma's graph: both find the same rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from knowledge.index import dense


def _rows(count: int) -> np.ndarray:
    rows = np.random.default_rng(3).normal(size=(count, 24)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    dense.DenseIndex.write(tmp_path / "dense", _rows(300))
    return tmp_path / "dense"


def test_the_graph_and_the_comparison_find_the_same_rows(
    stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, wanted = _rows(300), _rows(300)[7]
    compared = dense.DenseIndex(stored, rows).nearest(wanted, 12)
    monkeypatch.setattr(dense, "COMPARED", 100)
    graph = dense.DenseIndex(stored, rows).nearest(wanted, 12)
    assert compared[0].tolist() == graph[0].tolist()
    assert compared[0][0] == 7
    assert np.allclose(compared[1], graph[1], atol=1e-3)


@pytest.mark.parametrize("limit", [1, 5, 300, 900])
def test_at_most_so_many_come_nearest_first(stored: Path, limit: int) -> None:
    rows, cosines = dense.DenseIndex(stored, _rows(300)).nearest(_rows(300)[0], limit)
    assert len(rows) == len(set(rows.tolist())) == min(limit, 300)
    assert (np.diff(cosines) <= 0).all()


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    rows, cosines = dense.DenseIndex(tmp_path, np.zeros((0, 24), np.float32)).nearest(_rows(1)[0], 5)
    assert len(rows) == len(cosines) == 0


def test_many_vectors_stay_in_their_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    np.save(tmp_path / "rows.npy", _rows(50).astype(np.float16))
    assert dense.vectors_of(tmp_path / "rows.npy").dtype == np.float32
    monkeypatch.setattr(dense, "COMPARED", 10)
    assert isinstance(dense.vectors_of(tmp_path / "rows.npy"), np.memmap)
