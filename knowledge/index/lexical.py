"""BM25 over characters and character pairs: bm25s computes the scores once, a query only adds them up."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.index.tokens import tokens

_ARRAYS = ("data", "indices", "indptr")


class LexicalIndex:
    """Scores of every text for weighted query words. Immutable, safe to share between threads."""

    def __init__(self, vocabulary: Mapping[str, int], arrays: Mapping[str, Any], size: int) -> None:
        self._vocabulary = vocabulary
        self._data = arrays["data"]
        self._indices = arrays["indices"]
        self._indptr = np.asarray(arrays["indptr"])
        self.size = size
        frequency = np.diff(self._indptr)
        self._idf = np.log(1 + (size - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)

    @classmethod
    def build(cls, texts: Iterable[str], *, k1: float = 1.2, b: float = 0.6) -> LexicalIndex:
        """The index of `texts`, in their order."""
        import bm25s

        logging.getLogger("bm25s").setLevel(logging.WARNING)  # it sets itself to DEBUG when imported

        vocabulary: dict[str, int] = {}
        ids = [[vocabulary.setdefault(token, len(vocabulary)) for token in tokens(text)] for text in texts]
        if not vocabulary:
            empty = {
                "data": np.zeros(0, np.float32),
                "indices": np.zeros(0, np.int32),
                "indptr": np.zeros(1, np.int64),
            }
            return cls({}, empty, len(ids))
        model = bm25s.BM25(method="lucene", k1=k1, b=b)
        model.index((ids, vocabulary), show_progress=False)
        return cls(vocabulary, {name: model.scores[name] for name in _ARRAYS}, len(ids))

    def save(self, folder: Path) -> None:
        """Write the index into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, array in zip(_ARRAYS, (self._data, self._indices, self._indptr), strict=True):
            np.save(folder / f"{name}.npy", array)
        words = sorted(self._vocabulary, key=self._vocabulary.__getitem__)
        (folder / "words.json").write_text(json.dumps([self.size, words], ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """The index saved in `folder`; postings stay on disk until they are used."""
        size, words = json.loads((folder / "words.json").read_text("utf-8"))
        # Seen as plain arrays: a slice of a memmap costs ten times that of an array.
        arrays = {name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in _ARRAYS}
        return cls({word: i for i, word in enumerate(words)}, arrays, size)

    def scores(self, weights: Mapping[str, float]) -> NDArray[np.float32]:
        """BM25 score of each text, shape (size,), for query words with their weights."""
        known = [
            (self._vocabulary[word], weight) for word, weight in weights.items() if word in self._vocabulary
        ]
        if not known:
            return np.zeros(self.size, np.float32)
        spans = [(self._indptr[i], self._indptr[i + 1]) for i, _ in known]
        where = np.concatenate([self._indices[a:z] for a, z in spans])
        values = np.concatenate(
            [self._data[a:z] * np.float32(w) for (a, z), (_, w) in zip(spans, known, strict=True)]
        )
        return np.bincount(where, values, self.size).astype(np.float32)

    def rarity(self, word: str) -> float:
        """How telling a word is: its inverse document frequency; that of a word seen nowhere if unknown."""
        index = self._vocabulary.get(word)
        return float(np.log(1 + 2 * self.size)) if index is None else float(self._idf[index])
