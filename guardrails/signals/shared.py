"""One pass of the bundled encoder that yields the sentence vector and the states after layer 8.

The tuned layers 9 to 12 continue from those states, so a message is read once for search and signals
together. The model file stays as it is: a few bytes of graph are appended in memory that name an inner value
as one more output (messages of the same field merge, says the protobuf encoding).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

import knowledge.encoder

STATES = "SkipLayerNormalization_79_0"
"""Output of layer 8 in `model_q4.onnx`."""
ENCODER = Path(knowledge.encoder.__file__).parent
"""Where the bundled model and its tokenizer lie."""
TOKENS = 256
"""More than 240 characters, or a piece of 160 with its context, ever have."""
_PREFIX = "query: "
_PAD = 1
_UNREADABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Pass:
    """What the shared pass gives for a batch of texts."""

    sentences: NDArray[np.float32]
    """(n, 384), unit length."""
    states: NDArray[np.float32]
    """(n, tokens, 384) after layer 8."""
    mask: NDArray[np.int64]
    """(n, tokens)"""
    offsets: tuple[tuple[tuple[int, int], ...], ...]
    """Per text and token: characters of the text, end exclusive; (0, 0) for special tokens and the prefix."""


def _field(tag: int, payload: bytes) -> bytes:
    length, size = len(payload), bytearray()
    while True:
        size.append(length & 127 | (128 if length > 127 else 0))
        length >>= 7
        if not length:
            return bytes([tag, *size]) + payload


def with_states(model: bytes) -> bytes:
    """The model with the states of layer 8 as a further output: ModelProto.graph.output += name."""
    value = _field(0x0A, STATES.encode())
    return model + _field(0x3A, _field(0x62, value))


class SharedPass:
    """Runs the bundled encoder once for sentence vectors and states. Thread-safe."""

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.encode_special_tokens = True  # "</s>" typed by a user stays plain text
        self._tokenizer.enable_truncation(TOKENS)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        model = with_states((folder / "model_q4.onnx").read_bytes())
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def run(self, texts: Sequence[str]) -> Pass:
        """Encode a batch; texts beyond 256 tokens are cut, so long ones come in pieces."""
        encoded = [self._tokenizer.encode(_PREFIX + _UNREADABLE.sub(" ", text)) for text in texts]
        width = max(len(one.ids) for one in encoded)
        ids = np.full((len(texts), width), _PAD, np.int64)
        mask = np.zeros_like(ids)
        for row, one in enumerate(encoded):
            ids[row, : len(one.ids)] = one.ids
            mask[row, : len(one.ids)] = 1
        feed = {"input_ids": ids, "attention_mask": mask}
        sentences, states = self._session.run(["sentence_embedding", STATES], feed)
        shift = len(_PREFIX)
        offsets = tuple(
            tuple((max(0, a - shift), max(0, b - shift)) for a, b in one.offsets) for one in encoded
        )
        return Pass(sentences, states, mask, offsets)
