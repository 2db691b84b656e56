"""The bundled engine: our 4-bit ONNX build of multilingual-e5-small, on any x86-64 or ARM processor."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from knowledge.encoder import BUNDLED, Kind
from knowledge.encoder.inner import Pass
from knowledge.errors import EncoderError

T = TypeVar("T")
U = TypeVar("U")

FOLDER = Path(__file__).resolve().parent
SHA256 = {
    "lower_q4.onnx": "6762222f8cacc2784b765b945014d9866da7af4bd2716f55f68b3fa04acc11fa",
    "upper_q4.onnx": "0f5e238d0c796bda914ce60dc6f027077bf0b27cf296e6cc1b8aae0c0b07f6cf",
    "tokenizer.json": "8aa61c28b5338b17494b5b45400ad645cc7e25c4744b94e9fd6db6bbea8c9b51",
}
"""What MODEL_CARD.md describes. A file with another hash is refused, not used."""
WEIGHTS = "e63aa218831a"
"""Of the model before it was cut in two: snapshots made with either have the same vectors."""

_PAD = 1
_CHARS = 4096
"""More than 512 tokens of any text; keeps a pasted file from costing a second in the tokenizer."""
_BATCH = 16
_UNREADABLE = re.compile("[\x00\ud800-\udfff]+")


class BundledEncoder:
    """Sentence vectors with the E5 prefixes. onnxruntime and the tokenizer are both thread-safe."""

    dimensions = 384

    def __init__(self, folder: Path = FOLDER, *, threads: int = 1) -> None:
        lower, upper, tokenizer = (_verified(folder / name, expected) for name, expected in SHA256.items())
        self._tokenizer = Tokenizer.from_buffer(tokenizer)
        self._tokenizer.encode_special_tokens = True  # "</s>" typed by a user stays plain text
        self._lower, self._upper = (_session(half) for half in (lower, upper))
        # Whole batches side by side: threads inside a batch wait for each other after every layer.
        self._threads = threads
        self._side_by_side = ThreadPoolExecutor(threads) if threads > 1 else None
        self.fingerprint = f"{BUNDLED}-{WEIGHTS}"

    def encode(self, texts: Sequence[str], kind: Kind = "query") -> NDArray[np.float32]:
        """Unit vectors, shape (n, 384). NUL and lone surrogates become spaces; 512 tokens are read."""
        out = np.empty((len(texts), self.dimensions), np.float32)
        ids = [self._ids(f"{kind}: {text}") for text in texts]
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))  # similar lengths together: little padding

        def work(rows: list[int]) -> None:
            feed = _feed([ids[i] for i in rows])
            out[rows] = self._finish(self._lower.run(["states"], feed)[0], feed["attention_mask"])

        self._each(work, [order[start : start + _BATCH] for start in range(0, len(order), _BATCH)])
        return out

    def read(self, texts: Sequence[str], *, tokens: int) -> Pass:
        """Questions in one batch, as far as layer 8, from where other heads continue; cut after `tokens`."""
        encoded = [self._tokenizer.encode(f"query: {_UNREADABLE.sub(' ', text[:_CHARS])}") for text in texts]
        for one in encoded:
            one.truncate(tokens)
        feed = _feed([one.ids for one in encoded])
        states = self._states(feed)
        shift = len("query: ")
        offsets = tuple(
            tuple((max(0, a - shift), max(0, b - shift)) for a, b in one.offsets) for one in encoded
        )
        return Pass(states, feed["attention_mask"], offsets)

    def finish(self, done: Pass) -> NDArray[np.float32]:
        """Sentence vectors of what was read, shape (n, 384): to the last bit those of `encode`."""
        return self._finish(done.states, done.mask)

    def _states(self, feed: dict[str, NDArray[np.int64]]) -> NDArray[np.float32]:
        parts = np.array_split(np.arange(len(feed["input_ids"])), self._threads)
        cut = [{name: values[rows] for name, values in feed.items()} for rows in parts if len(rows)]
        return np.concatenate(self._each(lambda part: self._lower.run(["states"], part)[0], cut))

    def _each(self, work: Callable[[T], U], batches: Sequence[T]) -> list[U]:
        if self._side_by_side and len(batches) > 1:
            return list(self._side_by_side.map(work, batches))
        return [work(batch) for batch in batches]

    def _finish(self, states: NDArray[np.float32], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        feed = {"states": states, "attention_mask": mask}
        vectors: NDArray[np.float32] = self._upper.run(["sentence_embedding"], feed)[0]
        return vectors

    def _ids(self, text: str) -> list[int]:
        # One text at a time: encode_batch would start its own threads beside ours.
        ids: list[int] = self._tokenizer.encode(_UNREADABLE.sub(" ", text[:_CHARS])).ids
        return ids


def _session(model: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # less memory after a large batch
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


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
