"""The bundled engine: our 4-bit ONNX build of multilingual-e5-small, on any x86-64 or ARM processor."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from knowledge.encoder import Kind
from knowledge.errors import EncoderError

FOLDER = Path(__file__).resolve().parent
SHA256 = {
    "model_q4.onnx": "e63aa218831a0c78265211b2cd8417b6bebad04121a937a1fd6a3a4dc96e2d1d",
    "tokenizer.json": "8aa61c28b5338b17494b5b45400ad645cc7e25c4744b94e9fd6db6bbea8c9b51",
}
"""What MODEL_CARD.md describes. A file with another hash is refused, not used."""

_PAD = 1
_CHARS = 4096
"""More than 512 tokens of any text; keeps a pasted file from costing a second in the tokenizer."""
_BATCH = 16
_UNREADABLE = re.compile("[\x00\ud800-\udfff]+")


class BundledEncoder:
    """Sentence vectors with the E5 prefixes. onnxruntime and the tokenizer are both thread-safe."""

    dimensions = 384

    def __init__(self, folder: Path = FOLDER, *, threads: int = 1) -> None:
        for name, expected in SHA256.items():
            _verify(folder / name, expected)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.encode_special_tokens = True  # "</s>" typed by a user stays plain text
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # less memory after a large batch
        self._session = onnxruntime.InferenceSession(
            str(folder / "model_q4.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self.fingerprint = f"multilingual-e5-small-q4-{SHA256['model_q4.onnx'][:12]}"

    def encode(self, texts: Sequence[str], kind: Kind = "query") -> NDArray[np.float32]:
        """Unit vectors, shape (n, 384). NUL and lone surrogates become spaces; 512 tokens are read."""
        out = np.empty((len(texts), self.dimensions), np.float32)
        ids = [self._ids(f"{kind}: {text}") for text in texts]
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))  # similar lengths together: little padding
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            width = len(ids[rows[-1]])
            input_ids = np.full((len(rows), width), _PAD, np.int64)
            mask = np.zeros_like(input_ids)
            for row, index in enumerate(rows):
                input_ids[row, : len(ids[index])] = ids[index]
                mask[row, : len(ids[index])] = 1
            feed = {"input_ids": input_ids, "attention_mask": mask}
            out[rows] = self._session.run(["sentence_embedding"], feed)[0]
        return out

    def _ids(self, text: str) -> list[int]:
        # One text at a time: encode_batch would start its own threads beside ours.
        ids: list[int] = self._tokenizer.encode(_UNREADABLE.sub(" ", text[:_CHARS])).ids
        return ids


def _verify(path: Path, expected: str) -> None:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EncoderError(
            f"The encoder file {path} cannot be read ({error.strerror}). Fetch it again."
        ) from None
    if found != expected:
        raise EncoderError(
            f"The encoder file {path} is not the one of MODEL_CARD.md. Restore it from the repository."
        )
