"""Vectors in which questions that ask for the same clause lie near each other.

A sentence vector tells what a text is about; 要多久 and 要带什么 about one benefit are then nearly the same.
Layers 9 to 12 were tuned on the asks of the corpus, so that two families who want the same paragraph come
near and two who want its neighbours do not (docs/adr/0017, `MODEL_CARD.md`). They continue from the bundled
encoder's states after layer 8: a message that was read once is not read again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.encoder import BUNDLED, Embedder, Kind
from knowledge.encoder.bundled import BundledEncoder
from knowledge.encoder.heads import FACTS_FILE, Heads, ModelError
from knowledge.encoder.inner import Pass
from knowledge.errors import EncoderError

FOLDER = Path(__file__).resolve().parent
NAME = "asks"
"""How the fingerprint begins."""
_BATCH = 16
_TOKENS = 256


class Alike:
    """An `Embedder` for questions only. Thread-safe."""

    dimensions = 384

    def __init__(self, encoder: Embedder, folder: Path | None = None) -> None:
        """Continue from `encoder` if it is the bundled one; otherwise open that one when it is needed.

        Raises:
            EncoderError: when the model is not the file of its card.
        """
        folder = folder or FOLDER
        try:
            self._heads = Heads(folder)
            sha: str = json.loads((folder / FACTS_FILE).read_text("utf-8"))["sha256"]
        except (OSError, KeyError, ValueError, ModelError) as error:
            raise EncoderError(f"The model in {folder} cannot be used ({error}). Fetch it again.") from None
        self._shared = encoder if isinstance(encoder, BundledEncoder) else None
        self.fingerprint = f"{NAME}-{sha[:12]}"

    def of(self, done: Pass) -> NDArray[np.float32]:
        """Vectors of what the bundled encoder read, shape (n, 384)."""
        return self._heads.run(done, ["vectors"])[0]

    def both(
        self, text: str, vector: NDArray[np.float32] | None, asking: NDArray[np.float32] | None
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The sentence vector of a question and its vector here, read once; what is given stays."""
        if vector is not None and asking is not None:
            return vector, asking
        done = self._encoder().read([text], tokens=_TOKENS)
        return (
            self._encoder().finish(done)[0] if vector is None else vector,
            self.of(done)[0] if asking is None else asking,
        )

    def _encoder(self) -> BundledEncoder:
        if self._shared is None:
            self._shared = BundledEncoder()
        return self._shared

    def encode(self, texts: Sequence[str], kind: Kind = "query") -> NDArray[np.float32]:
        """Unit vectors of questions, shape (n, 384)."""
        shared = self._encoder()
        out = np.empty((len(texts), self.dimensions), np.float32)
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for start in range(0, len(order), _BATCH):
            some = order[start : start + _BATCH]
            out[some] = self.of(shared.read([texts[i] for i in some], tokens=_TOKENS))
        return out


def asker(encoder: Embedder) -> Embedder:
    """What compares questions with questions where clauses are compared by `encoder`.

    Another engine than the bundled one compares both itself.
    """
    return Alike(encoder) if encoder.fingerprint.startswith(BUNDLED) else encoder
