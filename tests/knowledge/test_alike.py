"""Questions that ask for the same lie near each other, whatever they are about (ADR 17)."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from knowledge.asks import load_asks
from knowledge.encoder import Embedder
from knowledge.encoder.alike import FOLDER, Alike, asker
from knowledge.encoder.bundled import BundledEncoder
from knowledge.errors import EncoderError


@pytest.fixture(scope="module")
def alike(encoder: Embedder) -> Alike:
    return Alike(encoder)


# A question, one that wants the same, and one about the same matter that wants something else.
TRIPLES = (
    ("办低保的话前前后后得等多久啊", "低保批下来大概要几个礼拜", "低保要交哪几样纸头"),
    ("残疾证到哪个地方去评", "娃儿评残去哪个单位", "残疾证评下来管几年"),
    ("我孙子的孤儿补助断了是咋回事", "怎么这个月的孤儿钱没打过来", "孤儿补助从哪个月开始算"),
    ("爸爸坐牢剩四个月了还算不算", "他爹再有小半年就放出来，这样还能报吗", "他爹坐牢的证明找谁开"),
    ("康复训练的钱是打给我们还是打给机构", "康复补助是直接给医院结掉吗", "康复训练要先评残吗"),
    ("不给办我去哪里说理", "窗口把我回了，我不服咋弄", "窗口几点上班"),
    ("外地户口的孩子能不能在杭州申请", "我们老家安徽的，在杭州住着可以弄伐", "安徽的标准和杭州一样吗"),
    ("临时救助一次给多少", "临时救助能拿几个钱", "临时救助一年能申请几趟"),
)


def _near(vectors: NDArray[np.float32]) -> int:
    own, same, other = vectors.reshape(-1, 3, vectors.shape[1]).transpose(1, 0, 2)
    return int(((own * same).sum(1) > (own * other).sum(1)).sum())


def test_what_is_wanted_counts_for_more_than_the_matter(alike: Alike, encoder: Embedder) -> None:
    """Nobody's asks: the tuned vectors tell them apart, and better than sentence vectors do."""
    texts = [text for triple in TRIPLES for text in triple]
    known = {q for asked in load_asks().by_clause.values() for q in asked}
    assert not known & set(texts)
    tuned = _near(alike.encode(texts))
    assert tuned >= len(TRIPLES) - 1
    assert tuned >= _near(encoder.encode(texts))


def test_a_message_that_was_read_is_not_read_again(alike: Alike, encoder: Embedder) -> None:
    assert isinstance(encoder, BundledEncoder)
    done = encoder.read(["要多久？"], tokens=256)
    vector = alike.encode(["要多久？"])[0]
    assert np.allclose(alike.of(done)[0], vector, atol=1e-4)
    assert np.isclose(np.linalg.norm(vector), 1, atol=1e-4)
    meaning, asking = alike.both("要多久？", None, None)
    assert np.allclose(meaning, encoder.encode(["要多久？"])[0], atol=1e-4)
    assert np.allclose(asking, vector, atol=1e-4)
    assert alike.both("不管", meaning, vector) == (meaning, vector), "what is given stays"


@pytest.mark.parametrize("text", ["", " ", "\x00\ud800", "字" * 20_000, "🙂"])
def test_any_string_has_a_vector(alike: Alike, text: str) -> None:
    assert np.isfinite(alike.encode([text])).all()


def test_another_engine_compares_questions_itself(encoder: Embedder) -> None:
    class Other:
        fingerprint, dimensions = "other", 3

        def encode(self, texts: object, kind: str = "query") -> NDArray[np.float32]:
            raise AssertionError("not asked for")

    other = Other()
    assert asker(other) is other
    assert asker(encoder).fingerprint != encoder.fingerprint


def test_only_the_model_of_the_card_is_used(tmp_path: Path, encoder: Embedder) -> None:
    """SE-14: a file that is not the one that was reviewed is refused, and named."""
    for name in ("tail.onnx", "model.json"):
        shutil.copy(FOLDER / name, tmp_path / name)
    facts = json.loads((tmp_path / "model.json").read_text("utf-8"))
    (tmp_path / "model.json").write_text(json.dumps({**facts, "sha256": "0" * 64}), "utf-8")
    with pytest.raises(EncoderError, match=str(tmp_path)):
        Alike(encoder, tmp_path)
