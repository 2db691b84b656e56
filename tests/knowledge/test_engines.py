"""Encoders besides the bundled one: an endpoint over real HTTP, the adapter to sentence-transformers."""

from __future__ import annotations

import datetime as dt
import sys
import types
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from knowledge.encoder import Embedder, load_encoder
from knowledge.encoder.remote import RemoteEncoder
from knowledge.encoder.transformers import CrossEncoderReranker, TransformersEncoder
from knowledge.errors import EncoderError
from knowledge.library import Library
from knowledge.search import scale
from tests.knowledge.endpoint import Endpoint, hashed

TODAY = dt.date(2026, 11, 21)


def test_an_endpoint_gives_unit_vectors_in_order(endpoint: Endpoint) -> None:
    encoder = load_encoder(engine="openai", base_url=endpoint.url, model="some/model", api_key="secret")
    assert encoder.dimensions == 64
    texts = [f"第{n}条" for n in range(150)]
    vectors = encoder.encode(texts, "passage")
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(vectors[7], encoder.encode(["第7条"], "passage")[0], atol=1e-6)
    assert max(len(body["input"]) for body in endpoint.asked if isinstance(body["input"], list)) <= 64
    assert endpoint.keys[-1] == "Bearer secret"
    assert "secret" not in encoder.fingerprint
    assert encoder.encode(["\x00", "\ud800", ""]).shape == (3, 64)


def test_prefixes_belong_to_the_fingerprint(endpoint: Endpoint) -> None:
    plain = RemoteEncoder(endpoint.url, "m")
    e5 = RemoteEncoder(endpoint.url, "m", prefixes=("query: ", "passage: "))
    assert plain.fingerprint != e5.fingerprint
    e5.encode(["低保"], "query")
    assert endpoint.asked[-1]["input"] == ["query: 低保"]


def test_a_busy_endpoint_is_asked_again(endpoint: Endpoint) -> None:
    encoder = RemoteEncoder(endpoint.url, "m")
    endpoint.failures = [429, 500]
    assert encoder.encode(["低保"]).shape == (1, 64)


@pytest.mark.parametrize(
    ("failures", "says"),
    [
        ([500, 503, 502], "status 502"),
        ([401], "status 401"),
        ([b"not json"], "no embeddings"),
        ([b'{"data": []}'], "were asked for"),
        ([b'{"data": [{"index": 0, "embedding": "x"}]}'], "no embeddings"),
    ],
)
def test_an_endpoint_that_fails_is_named(endpoint: Endpoint, failures: list[bytes | int], says: str) -> None:
    encoder = RemoteEncoder(endpoint.url, "m")
    endpoint.failures = list(failures)
    with pytest.raises(EncoderError, match=says):
        encoder.encode(["低保"])


def test_no_endpoint_at_all() -> None:
    with pytest.raises(EncoderError, match="Is it running"):
        RemoteEncoder("http://127.0.0.1:9/v1", "m")
    with pytest.raises(EncoderError, match="address of an endpoint"):
        RemoteEncoder("", "")


class FewTexts:
    """An encoder that is not the bundled one, over hashed character pairs."""

    fingerprint = "hashed-256"
    dimensions = 256

    def encode(self, texts: Sequence[str], kind: str = "query") -> NDArray[np.float32]:
        rows = np.asarray([hashed(text, 256) for text in texts], np.float32).reshape(len(texts), 256)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return rows


def test_another_encoder_gets_its_own_snapshot_and_scale(tmp_path: Path, encoder: Embedder) -> None:
    bundled = Library.open(tmp_path, encoder)
    before = bundled.search("儿童主任是啥", as_of=TODAY)
    other = Library.open(tmp_path, FewTexts())
    assert bundled.view.folder != other.view.folder
    assert bundled.search("儿童主任是啥", as_of=TODAY) == before, "it stays with its own vectors"
    assert other.view.manifest.encoder == "hashed-256"
    assert other.view.scale.on > other.view.scale.off
    assert other.view.scale not in scale.KNOWN.values()
    assert other.search("事实无人抚养儿童基本生活补贴怎么申请", as_of=TODAY).answerable
    assert not other.search("今天天气怎么样", as_of=TODAY).answerable


def test_a_reranker_orders_the_hits(tmp_path: Path, encoder: Embedder) -> None:
    class Longest:
        def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
            return np.asarray([min(1, len(text) / 1000) for text in texts], np.float32)

    hits = Library.open(tmp_path, encoder, Longest()).search("低保怎么申请", as_of=TODAY).hits
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert hits[0].score > hits[-1].score


class StandIn(types.ModuleType):
    """The part of sentence-transformers that the adapter calls; the real one is the extra's test."""

    class SentenceTransformer:
        def __init__(self, name: str, trust_remote_code: bool) -> None:
            if name == "broken" or trust_remote_code:
                raise OSError("no such model")

        def get_sentence_embedding_dimension(self) -> int:
            return 64

        def encode(self, texts: list[str], **_: object) -> NDArray[np.float32]:
            return np.asarray([hashed(text) for text in texts], np.float32)

    class CrossEncoder(SentenceTransformer):
        def predict(self, pairs: list[tuple[str, str]], **_: object) -> list[float]:
            return [8.0 if question in text else -8.0 for question, text in pairs]


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", StandIn("sentence_transformers"))


@pytest.mark.usefixtures("stand_in")
def test_the_adapter_to_sentence_transformers(tmp_path: Path) -> None:
    encoder = load_encoder(engine="transformers", model="BAAI/bge-m3")
    assert encoder.encode(["低保", "\ud800"]).shape == (2, 64)
    assert encoder.encode([]).shape == (0, 64)
    e5 = TransformersEncoder("intfloat/multilingual-e5-base")
    assert not np.allclose(e5.encode(["低保"], "query"), e5.encode(["低保"], "passage"))
    (tmp_path / "config.json").write_text("{}")
    first = TransformersEncoder(str(tmp_path)).fingerprint
    (tmp_path / "config.json").write_text('{"a": 1}')
    assert TransformersEncoder(str(tmp_path)).fingerprint != first
    scores = CrossEncoderReranker("reranker").scores("低保", ["低保怎么申请", "天气"])
    assert scores[0] > 0.99
    assert scores[1] < 0.01
    with pytest.raises(EncoderError, match="cannot be loaded"):
        TransformersEncoder("broken")


def test_the_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(EncoderError, match="extra"):
        load_encoder(engine="transformers", model="x")
