"""Text to vectors, behind one protocol; the bundled engine is the default and needs no network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Kind = Literal["query", "passage"]
Engine = Literal["bundled", "transformers", "openai"]
BUNDLED = "multilingual-e5-small-q4"
"""How the fingerprint of the bundled encoder begins."""


class Embedder(Protocol):
    """Anything that turns texts into unit vectors. Implementations are safe to call from several threads."""

    @property
    def fingerprint(self) -> str:
        """Names the weights: vectors of two fingerprints are never compared, and snapshots carry it."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""

    def encode(self, texts: Sequence[str], kind: Kind = "query") -> NDArray[np.float32]:
        """Unit vectors of `texts`, in order, shape (n, dimensions). Any string is taken, also empty ones."""


class Reranker(Protocol):
    """Reads a question together with each text, more slowly and more exactly than vectors can."""

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """How well each text answers, shape (n,), in [0, 1]."""


def load_encoder(
    threads: int = 1,
    *,
    engine: Engine = "bundled",
    model: str = "",
    base_url: str = "",
    api_key: str = "",
    prefixes: tuple[str, str] = ("", ""),
) -> Embedder:
    """An encoder by its engine; the bundled multilingual-e5-small in 4 bits loads in about 0.2 s.

    Args:
        threads: processor threads of the bundled engine.
        engine: `bundled`, `transformers` (extra `[transformers]`) or `openai` (any compatible endpoint).
        model: name or folder for `transformers`, name for `openai`.
        base_url: of the endpoint, such as `http://127.0.0.1:8001/v1`.
        api_key: of the endpoint, if it wants one.
        prefixes: words before queries and passages, for models that want them; E5 models of the
            `transformers` engine have theirs anyway.

    Raises:
        EncoderError: when files are missing or not those of MODEL_CARD.md, or the engine cannot be used.
    """
    if engine == "transformers":
        from knowledge.encoder.transformers import TransformersEncoder

        return TransformersEncoder(model, prefixes=prefixes if any(prefixes) else None)
    if engine == "openai":
        from knowledge.encoder.remote import RemoteEncoder

        return RemoteEncoder(base_url, model, api_key, prefixes=prefixes)
    from knowledge.encoder.bundled import BundledEncoder

    return BundledEncoder(threads=threads)


def clean(text: str) -> str:
    """`text` without what tokenizers stumble over: NUL and lone surrogates become spaces."""
    return "".join(" " if char == "\x00" or "\ud800" <= char <= "\udfff" else char for char in text)


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each row brought to length 1."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: NDArray[np.float32] = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
    return scaled
