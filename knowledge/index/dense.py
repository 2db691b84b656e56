"""Dense vectors in Chroma: embedded, one collection in the snapshot's folder, never its server."""

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

_NAME = "clauses"
_BATCH = 2000


def _client(folder: Path) -> Client:
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False, is_persistent=True, allow_reset=False)
    return cast("Client", chromadb.PersistentClient(str(folder), settings=settings))


class DenseIndex:
    """Nearest rows for a vector. Rows are numbered as they were written."""

    def __init__(self, folder: Path) -> None:
        """Open what `write` stored."""
        self._client = _client(folder)
        self._collection = self._client.get_collection(_NAME, embedding_function=None)
        # A reader that moved on to a new snapshot drops this one; Chroma frees its memory only when closed.
        weakref.finalize(self, self._client.close)
        self.size = self._collection.count()

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
        found = self._collection.query(
            query_embeddings=vector.reshape(1, -1), n_results=min(limit, self.size), include=["distances"]
        )
        rows = np.asarray([int(i) for i in found["ids"][0]], np.int64)
        distances = cast("list[list[float]]", found["distances"])[0]
        return rows, 1 - np.asarray(distances, np.float32)
