"""Vectors by the hash of their text: those that ship, of the last snapshot, of an interrupted run."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.encoder import Embedder, Kind

KEY = 16
"""Bytes of a text's hash."""
_BATCH = 32
WINDOW = 380
"""Characters that one vector covers; a longer clause gets several, cut at sentences."""

Progress = Callable[[int, int], None]
"""(done, total) texts."""


def key(fingerprint: str, text: str, kind: Kind = "passage") -> bytes:
    """What names the vector of `text` under the encoder with this fingerprint; a question has another one."""
    named = text if kind == "passage" else f"{kind}\0{text}"
    return hashlib.sha256(f"{fingerprint}\0{named}".encode("utf-8", "surrogatepass")).digest()[:KEY]


def windows(search_text: str) -> list[str]:
    """The pieces of a clause that are encoded: whole, or cut at sentences, each under its headings."""
    headings, _, words = search_text.partition("\n")
    if len(search_text) <= WINDOW:
        return [search_text]
    pieces, current = [], ""
    for sentence in _sentences(words):
        if current and len(current) + len(sentence) > WINDOW - len(headings):
            pieces.append(current)
            current = ""
        current += sentence
    return [f"{headings}\n{piece}" for piece in (*pieces, current) if piece.strip()]


def _sentences(words: str) -> list[str]:
    out, current = [], ""
    for char in words:
        current += char
        if char in "。；;\n" or len(current) >= WINDOW // 2:
            out.append(current)
            current = ""
    return [*out, current] if current else out


class VectorCache:
    """Known vectors of one encoder. New ones go to a file at once: a killed run loses nothing."""

    def __init__(self, encoder: Embedder, folder: Path | None = None) -> None:
        self.encoder = encoder
        """What computes those that are not known."""
        self._known: dict[bytes, NDArray[np.float32]] = {}
        self._file = folder / f"vectors-{encoder.fingerprint}.part" if folder else None
        self._read_part()

    def _read_part(self) -> None:
        """Take up what an interrupted run wrote; a record cut short is left out."""
        if self._file is None or not self._file.exists():
            return
        size = KEY + 4 * self.encoder.dimensions
        data = self._file.read_bytes()
        whole = len(data) - len(data) % size
        if whole != len(data):
            with self._file.open("r+b") as file:
                file.truncate(whole)
        for start in range(0, whole, size):
            vector = np.frombuffer(data, np.float32, self.encoder.dimensions, start + KEY)
            self._known[data[start : start + KEY]] = vector

    def add_file(self, path: Path) -> None:
        """Take vectors saved by `save`; a file of another encoder or none at all is no error."""
        if not path.exists():
            return
        with np.load(path) as stored:
            if str(stored["fingerprint"]) == self.encoder.fingerprint:
                for name, vector in zip(stored["keys"], stored["vectors"], strict=True):
                    self._known[name.tobytes()] = vector.astype(np.float32)

    def missing(self, texts: Sequence[str], kind: Kind = "passage") -> list[str]:
        """The texts whose vectors have yet to be computed, without repeats."""
        fingerprint = self.encoder.fingerprint
        return [text for text in dict.fromkeys(texts) if key(fingerprint, text, kind) not in self._known]

    def encode(
        self, texts: Sequence[str], progress: Progress | None = None, kind: Kind = "passage"
    ) -> NDArray[np.float32]:
        """Vectors of `texts`, shape (n, dimensions), computing only what is not known."""
        todo = sorted(self.missing(texts, kind), key=len)
        for start in range(0, len(todo), _BATCH):
            batch = todo[start : start + _BATCH]
            self._store(
                [key(self.encoder.fingerprint, text, kind) for text in batch],
                self.encoder.encode(batch, kind),
            )
            if progress:
                progress(min(start + _BATCH, len(todo)), len(todo))
        fingerprint = self.encoder.fingerprint
        out = np.empty((len(texts), self.encoder.dimensions), np.float32)
        for row, text in enumerate(texts):
            out[row] = self._known[key(fingerprint, text, kind)]
        return out

    def _store(self, names: Sequence[bytes], vectors: NDArray[np.float32]) -> None:
        self._known.update(zip(names, vectors, strict=True))
        if self._file is not None:
            with self._file.open("ab") as file:
                file.write(b"".join(n + v.tobytes() for n, v in zip(names, vectors, strict=True)))

    def forget_part(self) -> None:
        """Remove the file of the interrupted run, once a snapshot holds its vectors."""
        if self._file is not None:
            self._file.unlink(missing_ok=True)


def save(
    path: Path,
    fingerprint: str,
    texts: Sequence[str],
    vectors: NDArray[np.float32],
    kind: Kind = "passage",
) -> None:
    """Write vectors with the keys of their texts, in half precision; same content, same bytes."""
    names = [key(fingerprint, text, kind) for text in texts]
    order = sorted(range(len(names)), key=names.__getitem__)
    keys = np.frombuffer(b"".join(names[i] for i in order), np.uint8).reshape(-1, KEY)
    with path.open("wb") as file:
        np.savez(
            file, fingerprint=np.array(fingerprint), keys=keys, vectors=vectors[order].astype(np.float16)
        )
