"""What the bundled model knows on its way to the sentence vector: the states after its eighth layer.

Other heads continue from those states, so that one pass per message serves search and danger signals. The
model file stays as it is: a few bytes of graph are appended in memory that name an inner value as one more
output (messages of the same field merge, says the protobuf encoding). The sentence vectors are the same bits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

STATES = "SkipLayerNormalization_79_0"
"""Output of layer 8 in `model_q4.onnx`."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass gives for a batch of texts."""

    sentences: NDArray[np.float32]
    """(n, 384), unit length: what `encode` returns."""
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
