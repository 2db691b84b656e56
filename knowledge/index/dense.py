"""Dense vectors: in Chroma, embedded, one collection in the snapshot's folder, never its server.

So few as guides and the texts of one city make are compared one by one: exact, and faster than to ask.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.collection_configuration import CreateHNSWConfiguration
    from chromadb.api.models.Collection import Collection

_NAME = "clauses"
_BATCH = 2000
COMPARED = 8192
"""Up to so many vectors are compared one by one, in under a millisecond; Chroma's graph takes about three."""

Vectors = NDArray[np.float32] | NDArray[np.float16]


def vectors_of(path: Path) -> Vectors:
    """The vectors of a file, shape (n, dimensions): few are read into memory, many stay where they are."""
    stored: NDArray[np.float16] = np.load(path, mmap_mode="r")
    return stored.astype(np.float32) if len(stored) <= COMPARED else stored


def _client(folder: Path) -> Client:
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False, is_persistent=True, allow_reset=False)
    return cast("Client", chromadb.PersistentClient(str(folder), settings=settings))


class DenseIndex:
    """Nearest rows for a vector. Rows are numbered as they were written."""

    def __init__(self, folder: Path, vectors: Vectors) -> None:
        """Open what `write` stored.

        Args:
            folder: that of Chroma; not opened where few vectors are compared one by one.
            vectors: the same rows, shape (n, dimensions), each of length 1.
        """
        self.size = len(vectors)
        self._rows = vectors
        self._collection = self._opened(folder) if self.size > COMPARED else None

    def _opened(self, folder: Path) -> Collection:
        client = _client(folder)
        # A reader that moved on to a new snapshot drops this one; Chroma frees its memory only when closed.
        weakref.finalize(self, client.close)
        return client.get_collection(_NAME, embedding_function=None)

    @staticmethod
    def write(
        folder: Path, vectors: NDArray[np.float32], progress: Callable[[int, int], None] | None = None
    ) -> None:
        """Store `vectors`, shape (n, dimensions), as rows 0..n-1."""
        with _client(folder) as client:
            hnsw: CreateHNSWConfiguration = {
                "space": "cosine",
                "ef_construction": 200,
                "max_neighbors": 24,
                "ef_search": 200,
                "sync_threshold": max(100, len(vectors)),  # written out once, when all rows are in
            }
            collection = client.create_collection(
                _NAME, embedding_function=None, configuration={"hnsw": hnsw}
            )
            for start in range(0, len(vectors), _BATCH):
                rows = range(start, min(start + _BATCH, len(vectors)))
                collection.add(ids=[str(row) for row in rows], embeddings=vectors[start : start + _BATCH])
                if progress:
                    progress(rows.stop, len(vectors))

    def nearest(
        self, vector: NDArray[np.float32], limit: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Rows nearest to `vector` with their cosine, nearest first; at most `limit` of them."""
        if not self.size:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        if self._collection is None:
            return _compared(self._rows, vector, limit)
        found = self._collection.query(
            query_embeddings=vector.reshape(1, -1), n_results=min(limit, self.size), include=["distances"]
        )
        rows = np.asarray([int(i) for i in found["ids"][0]], np.int64)
        distances = cast("list[list[float]]", found["distances"])[0]
        return rows, 1 - np.asarray(distances, np.float32)


def _compared(
    rows: Vectors, vector: NDArray[np.float32], limit: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    cosines = cosines_of(rows, vector)
    kept = np.argpartition(-cosines, limit - 1)[:limit] if limit < len(rows) else np.arange(len(rows))
    nearest = kept[np.lexsort((kept, -cosines[kept]))]
    return nearest, cosines[nearest]


def cosines_of(rows: Vectors, vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cosine of `vector` with each of `rows`, shape (n, dimensions), all of length 1."""
    # Not `@`: a BLAS starts threads for it, which on a busy machine wait 40 times longer than this takes.
    return np.asarray(np.einsum("ij,j->i", rows, vector), np.float32)
