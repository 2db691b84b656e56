"""The asks of a snapshot: how families ask for a clause, by words and by vectors, each line with its unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.index.dense import cosines_of
from knowledge.index.lexical import LexicalIndex


class AskIndex:
    """All lines, compared one by one: there are some ten thousand, so no graph is needed. Immutable."""

    def __init__(self, folder: Path) -> None:
        """Open what `write` stored."""
        with np.load(folder / "lines.npz") as stored:
            self.units: NDArray[np.int32] = stored["units"]
            """The unit that each line asks for."""
            self._vectors: NDArray[np.float32] = stored["vectors"].astype(np.float32)
            self.questions = [str(question) for question in stored["questions"]]
            self._outside: NDArray[np.float32] = stored["outside"].astype(np.float32)
        self._lexical = LexicalIndex.load(folder / "lexical")

    @staticmethod
    def write(
        folder: Path,
        units: Sequence[int],
        questions: Sequence[str],
        vectors: NDArray[np.float32],
        outside: NDArray[np.float32],
    ) -> None:
        """Store the lines with their vectors, shape (n, dimensions), and those of what we do not answer."""
        folder.mkdir(parents=True)
        np.savez(
            folder / "lines.npz",
            units=np.asarray(units, np.int32),
            questions=np.asarray(questions, dtype=np.str_),
            vectors=vectors.astype(np.float16),
            outside=outside.astype(np.float16),
        )
        LexicalIndex.build(questions).save(folder / "lexical")

    def __len__(self) -> int:
        return len(self.units)

    def nearness(
        self, vector: NDArray[np.float32], size: int, without: int | None = None
    ) -> NDArray[np.float32]:
        """Highest cosine of each unit's lines, shape (size,); 0 where nobody asks for it.

        Training leaves out the line that it asks with.
        """
        return self._best(cosines_of(self._vectors, vector), size, without)

    def outside(self, vector: NDArray[np.float32]) -> float:
        """Highest cosine with what people ask that no document of ours answers."""
        return float(cosines_of(self._outside, vector).max(initial=0.0))

    def words(
        self, weights: Mapping[str, float], size: int, without: int | None = None
    ) -> NDArray[np.float32]:
        """Highest BM25 score of each unit's lines for weighted query words, shape (size,)."""
        return self._best(self._lexical.scores(weights), size, without)

    def _best(self, values: NDArray[np.float32], size: int, without: int | None) -> NDArray[np.float32]:
        best = np.zeros(size, np.float32)
        if without is not None:
            values[without] = 0
        np.maximum.at(best, self.units, values)
        return best
