"""Any sentence-transformers model, and a cross-encoder as reranker. Needs the extra `[transformers]`."""

from __future__ import annotations

import hashlib
import importlib
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.encoder import Kind, clean, unit
from knowledge.errors import EncoderError

_CHARS = 8_000
_E5 = ("query: ", "passage: ")


def _library() -> Any:
    try:
        return importlib.import_module("sentence_transformers")
    except ImportError:
        raise EncoderError(
            "The transformers encoder needs the extra: pip install 'minxing[transformers]'. "
            "The bundled encoder needs nothing."
        ) from None


def _load(kind: str, model: str) -> Any:
    if not model:
        raise EncoderError("The transformers encoder needs the name or the folder of a model.")
    maker = getattr(_library(), kind)
    try:
        return maker(model, trust_remote_code=False)
    except Exception as error:  # the library raises whatever its own loaders raise
        raise EncoderError(f"The model {model} cannot be loaded: {type(error).__name__}: {error}") from None


def _dimensions(model: Any) -> int:
    """Length of a vector; version 6 of the library renamed the method."""
    ask = getattr(model, "get_embedding_dimension", None) or model.get_sentence_embedding_dimension
    return int(ask())


def _identity(model: str, *prefixes: str) -> str:
    """What names the weights: the files of a folder, or the name of a published model; and the prefixes."""
    folder = Path(model)
    digest = hashlib.sha256("\0".join(prefixes).encode() + (model.encode() if not folder.is_dir() else b""))
    if folder.is_dir():
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                digest.update(f"{path.relative_to(folder)} {path.stat().st_size}\n".encode())
                for block in _samples(path):
                    digest.update(block)
    plain = "".join(char if char.isalnum() else "-" for char in folder.name)[:40]
    return f"transformers-{plain}-{digest.hexdigest()[:10]}"


def _samples(path: Path) -> Iterator[bytes]:
    """A small file whole; of weights sixteen blocks: another training changes all of them."""
    size, block = path.stat().st_size, 1 << 18
    with path.open("rb") as file:
        if size <= 16 * block:
            yield file.read()
            return
        for number in range(16):
            file.seek(number * (size - block) // 15)
            yield file.read(block)


class TransformersEncoder:
    """Vectors from a sentence-transformers model. E5 models get their prefixes by themselves."""

    def __init__(self, model: str, *, prefixes: tuple[str, str] | None = None) -> None:
        """Load the model.

        Raises:
            EncoderError: when the extra is missing or the model cannot be loaded.
        """
        self._model = _load("SentenceTransformer", model)
        self._using = threading.Lock()
        chosen = prefixes if prefixes is not None else _E5 if "e5" in Path(model).name.lower() else ("", "")
        self._prefixes: dict[Kind, str] = {"query": chosen[0], "passage": chosen[1]}
        self.dimensions = _dimensions(self._model)
        self.fingerprint = _identity(model, self._prefixes["query"], self._prefixes["passage"])

    def encode(self, texts: Sequence[str], kind: Kind = "query") -> NDArray[np.float32]:
        """Unit vectors, shape (n, dimensions)."""
        ready = [self._prefixes[kind] + clean(text[:_CHARS]) for text in texts]
        if not ready:
            return np.zeros((0, self.dimensions), np.float32)
        with self._using:  # the library's tokenizers are not made for several threads
            found = self._model.encode(ready, normalize_embeddings=True, show_progress_bar=False)
        return unit(np.asarray(found, np.float32))


class CrossEncoderReranker:
    """Scores from a cross-encoder such as BAAI/bge-reranker-v2-m3."""

    def __init__(self, model: str) -> None:
        """Load the model.

        Raises:
            EncoderError: when the extra is missing or the model cannot be loaded.
        """
        self._model = _load("CrossEncoder", model)
        self._using = threading.Lock()

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """How well each text answers, in [0, 1]."""
        if not texts:
            return np.zeros(0, np.float32)
        pairs = [(clean(question[:_CHARS]), clean(text[:_CHARS])) for text in texts]
        with self._using:
            predicted = self._model.predict(pairs, show_progress_bar=False)
        found: NDArray[np.float32] = np.asarray(predicted, np.float32).reshape(-1)
        if found.min() < 0 or found.max() > 1:  # some models give logits
            found = np.asarray(1 / (1 + np.exp(-np.clip(found, -30, 30))), np.float32)
        return found
