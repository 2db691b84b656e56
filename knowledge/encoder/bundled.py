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
from knowledge.encoder.inner import STATES, Pass, with_states
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
        model, tokenizer = (_verified(folder / name, expected) for name, expected in SHA256.items())
        self._tokenizer = Tokenizer.from_buffer(tokenizer)
        self._tokenizer.encode_special_tokens = True  # "</s>" typed by a user stays plain text
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # less memory after a large batch
        self._session = onnxruntime.InferenceSession(
            with_states(model), options, providers=["CPUExecutionProvider"]
        )
        self.fingerprint = f"multilingual-e5-small-q4-{SHA256['model_q4.onnx'][:12]}"

    def encode(self, texts: Sequence[str], kind: Kind = "query") -> NDArray[np.float32]:
        """Unit vectors, shape (n, 384). NUL and lone surrogates become spaces; 512 tokens are read."""
        out = np.empty((len(texts), self.dimensions), np.float32)
        ids = [self._ids(f"{kind}: {text}") for text in texts]
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))  # similar lengths together: little padding
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            out[rows] = self._session.run(["sentence_embedding"], _feed([ids[i] for i in rows]))[0]
        return out

    def read(self, texts: Sequence[str], *, tokens: int) -> Pass:
        """Questions in one batch, with the states that other heads continue from; cut after `tokens`."""
        encoded = [self._tokenizer.encode(f"query: {_UNREADABLE.sub(' ', text[:_CHARS])}") for text in texts]
        for one in encoded:
            one.truncate(tokens)
        feed = _feed([one.ids for one in encoded])
        sentences, states = self._session.run(["sentence_embedding", STATES], feed)
        shift = len("query: ")
        offsets = tuple(
            tuple((max(0, a - shift), max(0, b - shift)) for a, b in one.offsets) for one in encoded
        )
        return Pass(sentences, states, feed["attention_mask"], offsets)

    def _ids(self, text: str) -> list[int]:
        # One text at a time: encode_batch would start its own threads beside ours.
        ids: list[int] = self._tokenizer.encode(_UNREADABLE.sub(" ", text[:_CHARS])).ids
        return ids


def _feed(ids: Sequence[Sequence[int]]) -> dict[str, NDArray[np.int64]]:
    """Inputs of the model, padded to the longest."""
    input_ids = np.full((len(ids), max(map(len, ids))), _PAD, np.int64)
    mask = np.zeros_like(input_ids)
    for row, one in enumerate(ids):
        input_ids[row, : len(one)] = one
        mask[row, : len(one)] = 1
    return {"input_ids": input_ids, "attention_mask": mask}


def _verified(path: Path, expected: str) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise EncoderError(
            f"The encoder file {path} cannot be read ({error.strerror}). Fetch it again."
        ) from None
    if hashlib.sha256(content).hexdigest() != expected:
        raise EncoderError(
            f"The encoder file {path} is not the one of MODEL_CARD.md. Restore it from the repository."
        )
    return content
