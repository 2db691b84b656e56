"""The `transformers` engine with PyTorch: a tiny model and a tiny cross-encoder, made here, untrained."""

from __future__ import annotations

import datetime as dt
import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from knowledge.encoder.transformers import CrossEncoderReranker, TransformersEncoder
from knowledge.engines import build_index, open_library
from knowledge.errors import EncoderError
from knowledge.guides import load_guides
from knowledge.ingest import ingest
from knowledge.sources import Registry
from settings import load_settings
from tests.conftest import missing

TODAY = dt.date(2026, 11, 21)
TEXT = (
    "杭州市试验办法\n第一条　为了风筝节的举办，制定本办法。\n第二条　风筝节的门票由街道免费发给困境儿童。\n"
)


@pytest.fixture(scope="module", autouse=True)
def extra() -> None:
    if importlib.util.find_spec("sentence_transformers") is None:
        missing("the extra [transformers]: sentence-transformers with PyTorch")


def _tokenizer(folder: Path) -> Any:
    from transformers import BertTokenizerFast

    guides = load_guides(Registry.load()).values()
    letters = {
        char for guide in guides for _, found in guide.sections for clause in found for char in clause.text
    }
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *sorted(letters - {" ", "\n"})]
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(words), "utf-8")
    return BertTokenizerFast(vocab=str(folder / "vocab.txt"), model_max_length=64)


def _config(size: int, **more: Any) -> Any:
    from transformers import BertConfig

    return BertConfig(
        vocab_size=size,
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
        **more,
    )


@pytest.fixture(scope="module")
def bi_encoder(extra: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertModel

    folder = tmp_path_factory.mktemp("tiny")
    torch.manual_seed(7)
    tokenizer = _tokenizer(folder / "bert")
    BertModel(_config(len(tokenizer))).save_pretrained(folder / "bert")
    tokenizer.save_pretrained(folder / "bert")
    words = Transformer(str(folder / "bert"))
    SentenceTransformer(modules=[words, Pooling(32)], device="cpu").save(str(folder / "model"))
    return folder / "model"


@pytest.fixture(scope="module")
def cross_encoder(extra: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch
    from transformers import BertForSequenceClassification

    folder = tmp_path_factory.mktemp("cross") / "model"
    torch.manual_seed(8)
    tokenizer = _tokenizer(folder)
    BertForSequenceClassification(_config(len(tokenizer), num_labels=1)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def test_unit_vectors_of_any_string(bi_encoder: Path) -> None:
    encoder = TransformersEncoder(str(bi_encoder))
    vectors = encoder.encode(["低保怎么办", "", "\x00", "\ud800", "长" * 20_000])
    assert vectors.shape == (5, 32)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(vectors[:1], encoder.encode(["低保怎么办"]), atol=1e-5)


def test_the_fingerprint_names_the_weights_not_the_folder(bi_encoder: Path, tmp_path: Path) -> None:
    import shutil

    import torch
    from safetensors.torch import load_file, save_file

    first = TransformersEncoder(str(bi_encoder)).fingerprint
    moved = tmp_path / bi_encoder.name
    shutil.copytree(bi_encoder, moved)
    assert TransformersEncoder(str(moved)).fingerprint == first
    (weights,) = moved.rglob("*.safetensors")
    trained = {name: value + torch.tensor(0.01) for name, value in load_file(weights).items()}
    save_file(trained, weights, metadata={"format": "pt"})
    assert TransformersEncoder(str(moved)).fingerprint != first, "trained further, same size, another encoder"


def test_a_cross_encoder_scores_between_0_and_1(cross_encoder: Path) -> None:
    reranker = CrossEncoderReranker(str(cross_encoder))
    scores = reranker.scores("低保怎么办", ["到户口所在的乡镇（街道）申请。", "天气", "\ud800"])
    assert scores.shape == (3,)
    assert scores.min() >= 0
    assert scores.max() <= 1
    assert reranker.scores("低保怎么办", []).shape == (0,)


def test_index_ingest_and_search_through_the_settings(
    bi_encoder: Path, cross_encoder: Path, tmp_path: Path
) -> None:
    settings = load_settings(
        data_dir=tmp_path,
        encoder_engine="transformers",
        encoder_model=str(bi_encoder),
        reranker_model=str(cross_encoder),
    )
    name, fingerprint = build_index(settings)
    assert fingerprint.startswith("transformers-model-")
    file = tmp_path / "kites.txt"
    file.write_text(TEXT, "utf-8")
    report = ingest([file], settings, today=TODAY)
    assert report.snapshot != name
    assert 0 < report.encoded < 10
    library = open_library(settings)
    assert library.view.manifest.encoder == fingerprint
    # All that was found: a reranker of random weights puts it anywhere.
    hits = library.search("风筝节的门票谁发给困境儿童", as_of=TODAY, limit=1_000).hits
    assert any("风筝节的门票" in hit.clause.text for hit in hits)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_folder_without_a_model_is_named(extra: None, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}", "utf-8")
    with pytest.raises(EncoderError, match="cannot be loaded"):
        TransformersEncoder(str(tmp_path))
