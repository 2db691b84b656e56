"""The settings choose the encoder; the index follows, and says when it must be built (issue 3.6)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from agent.assembly import load_parts
from agent.doctor import examine
from knowledge.encoder import Embedder
from knowledge.engines import build_index, open_library, rebuild_needed, search_encoder, search_reranker
from knowledge.errors import EncoderError, SnapshotError
from knowledge.index import snapshot
from knowledge.ingest import Outcome, ingest
from settings import Settings, load_settings
from tests.knowledge.endpoint import Endpoint

TODAY = dt.date(2026, 11, 21)
TEXT = (
    "杭州市试验办法\n第一条　为了风筝节的举办，制定本办法。\n第二条　风筝节的门票由街道免费发给困境儿童。\n"
)


@pytest.fixture
def chosen(tmp_path: Path, endpoint: Endpoint) -> Settings:
    return load_settings(
        data_dir=tmp_path, encoder_engine="openai", encoder_base_url=endpoint.url, encoder_model="some/model"
    )


def test_the_bundled_encoder_needs_no_command(tmp_path: Path, encoder: Embedder) -> None:
    settings = load_settings(data_dir=tmp_path)
    assert search_encoder(settings, encoder) is encoder
    assert search_reranker(settings) is None
    assert rebuild_needed(settings, encoder) == ""


def test_another_encoder_is_said_before_it_is_built_and_serves_after(
    chosen: Settings, endpoint: Endpoint, tmp_path: Path, encoder: Embedder
) -> None:
    with pytest.raises(SnapshotError, match="minxing knowledge build"):
        open_library(chosen)
    assert snapshot.current(chosen.snapshots_dir) is None, "nothing was built behind the operator's back"
    name, fingerprint = build_index(chosen)
    assert fingerprint.startswith("openai-some-model-64-")
    library = open_library(chosen)
    assert library.view.manifest.name == name

    file = tmp_path / "kites.txt"
    file.write_text(TEXT, "utf-8")
    report = ingest([file], chosen, today=TODAY)
    assert report.encoded > 0
    question = "风筝节的门票谁发给困境儿童"
    found = library.search(question, as_of=TODAY)
    assert any("风筝节的门票" in hit.clause.text for hit in found.hits)
    other = np.zeros(384, np.float32)
    assert library.search(question, vector=other, as_of=TODAY) == found, (
        "a vector of the bundled one is not used"
    )

    endpoint.shutdown()
    endpoint.server_close()
    alone = library.search(question, as_of=TODAY)
    assert any("风筝节的门票" in hit.clause.text for hit in alone.hits), "found by its words alone"

    back = load_settings(data_dir=tmp_path)
    assert fingerprint in rebuild_needed(back, encoder)
    again = ingest([file], back, encoder=encoder)
    assert again.count(Outcome.UNCHANGED) == 1
    assert again.replaced_encoder == fingerprint
    assert any(
        "风筝节的门票" in hit.clause.text
        for hit in open_library(back, encoder).search(question, as_of=TODAY).hits
    )


def test_signals_and_intents_keep_the_bundled_encoder(chosen: Settings) -> None:
    build_index(chosen)
    parts = load_parts(chosen)
    assert parts.library.view.manifest.encoder.startswith("openai-")
    encoding = parts.screener.screen("低保怎么办").encoding
    assert encoding is not None
    assert encoding.shape == (384,)


def test_doctor_says_what_to_run(chosen: Settings) -> None:
    out = Console(record=True, width=200)
    assert not examine(chosen, out)
    said = out.export_text()
    assert "minxing knowledge build" in said
    assert "openai-some-model-64-" in said


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="name or the folder"):
        search_encoder(load_settings(data_dir=tmp_path, encoder_engine="transformers"))
    with pytest.raises(EncoderError, match="address of an endpoint"):
        search_encoder(load_settings(data_dir=tmp_path, encoder_engine="openai"))
