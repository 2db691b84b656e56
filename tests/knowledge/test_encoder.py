"""The bundled engine (issue 3.6)."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import numpy as np
import pytest

from knowledge.encoder import Embedder
from knowledge.encoder.bundled import FOLDER, BundledEncoder
from knowledge.errors import EncoderError


def test_vectors_are_unit_and_in_order(encoder: Embedder) -> None:
    texts = ["孤儿基本生活费", "残疾儿童康复训练", "今天天气怎么样"]
    vectors = encoder.encode(texts, "passage")
    assert vectors.shape == (3, encoder.dimensions)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    for row, text in enumerate(texts):
        np.testing.assert_allclose(encoder.encode([text], "passage")[0], vectors[row], atol=2e-3)


def test_a_question_is_nearest_to_its_answer(encoder: Embedder) -> None:
    question = encoder.encode(["孩子没人管怎么申请补助"])[0]
    passages = encoder.encode(["事实无人抚养儿童基本生活补贴申请办法", "机动车登记规定"], "passage")
    assert question @ passages[0] > question @ passages[1] + 0.02


@pytest.mark.parametrize("text", ["", "\x00", "a\x00b", "\ud800", "</s>", "😀", "长" * 50_000, "\n\t "])
def test_any_string_is_taken(encoder: Embedder, text: str) -> None:
    assert np.isfinite(encoder.encode([text])).all()


def test_what_follows_a_nul_is_read(encoder: Embedder) -> None:
    cut, whole, clean = encoder.encode(["低保", "低保\x00怎么申请", "低保 怎么申请"])
    assert whole @ clean > 0.999
    assert whole @ clean > whole @ cut


def test_no_texts(encoder: Embedder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimensions)


def test_threads_share_one_encoder(encoder: Embedder) -> None:
    expected = encoder.encode(["低保怎么申请"])[0]
    found: list[np.ndarray] = []
    threads = [
        threading.Thread(target=lambda: found.append(encoder.encode(["低保怎么申请"])[0])) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(vector, expected) for vector in found)


def test_one_pass_gives_the_vectors_of_search_and_the_states(encoder: Embedder) -> None:
    """Issue 3.6: one encoding per message; not a bit of the vector changes for being read with its states."""
    assert isinstance(encoder, BundledEncoder)
    texts = ["低保怎么申请", "</s>", "长" * 5_000]
    done = encoder.read(texts, tokens=256)
    assert done.states.shape == (3, 256, encoder.dimensions)
    assert done.mask.sum(1).tolist()[2] == 256
    for text in texts[:2]:
        assert np.array_equal(encoder.finish(encoder.read([text], tokens=256)), encoder.encode([text]))
    covered = [texts[0][a:b] for a, b in done.offsets[0] if b > a]
    assert "".join(covered) == texts[0]


def test_other_weights_are_refused(tmp_path: Path) -> None:
    for name in ("lower_q4.onnx", "upper_q4.onnx", "tokenizer.json"):
        shutil.copy(FOLDER / name, tmp_path / name)
    with (tmp_path / "tokenizer.json").open("a") as file:
        file.write(" ")
    with pytest.raises(EncoderError, match=r"tokenizer\.json is not the one"):
        BundledEncoder(tmp_path)
    (tmp_path / "upper_q4.onnx").unlink()
    with pytest.raises(EncoderError, match="cannot be read"):
        BundledEncoder(tmp_path)
