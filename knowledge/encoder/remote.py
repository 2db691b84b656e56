"""Any OpenAI-compatible embeddings endpoint. Only redacted text may be sent there."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import httpx
import numpy as np
from numpy.typing import NDArray

from knowledge.encoder import Kind, clean, unit
from knowledge.errors import EncoderError

_BATCH = 64
_TRIES = 3
_TIMEOUT = httpx.Timeout(20, connect=5)
_QUESTION_TIMEOUT = httpx.Timeout(3, connect=1)
"""Someone waits for the answer to a single question: rather found by its words alone than late."""
_CHARS = 8_000
"""Longer texts are cut: endpoints refuse what exceeds the model's window."""


class RemoteEncoder:
    """Vectors from an endpoint. The connection is shared between threads."""

    def __init__(
        self,
        base_url: str,
        model: str,
        api_key: str = "",
        *,
        prefixes: tuple[str, str] = ("", ""),
        client: httpx.Client | None = None,
    ) -> None:
        """`prefixes` stand before queries and passages, for models that want them.

        Raises:
            EncoderError: when the endpoint cannot be reached or gives no vectors.
        """
        if not base_url or not model:
            raise EncoderError("The openai encoder needs the address of an endpoint and the name of a model.")
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._client = client or httpx.Client(headers=headers)
        self._url = base_url.rstrip("/") + "/embeddings"
        self._model = model
        self._prefixes: dict[Kind, str] = {"query": prefixes[0], "passage": prefixes[1]}
        self.dimensions = self._ask(["维度"]).shape[1]
        named = hashlib.sha256("\0".join((model, *prefixes)).encode()).hexdigest()[:8]
        plain = "".join(char if char.isalnum() else "-" for char in model)[:40]
        self.fingerprint = f"openai-{plain}-{self.dimensions}-{named}"

    def encode(self, texts: Sequence[str], kind: Kind = "query") -> NDArray[np.float32]:
        """Unit vectors, shape (n, dimensions).

        Raises:
            EncoderError: when the endpoint keeps failing or gives something else.
        """
        ready = [self._prefixes[kind] + (clean(text[:_CHARS]) or " ") for text in texts]
        urgent = kind == "query" and len(ready) == 1
        parts = [
            self._ask(ready[start : start + _BATCH], urgent=urgent) for start in range(0, len(ready), _BATCH)
        ]
        if any(part.shape[1] != self.dimensions for part in parts):
            raise EncoderError(
                f"{self._url} changed the length of its vectors; restart to build a new index."
            )
        return np.concatenate(parts) if parts else np.zeros((0, self.dimensions), np.float32)

    def _ask(self, texts: Sequence[str], *, urgent: bool = False) -> NDArray[np.float32]:
        problem = ""
        timeout = _QUESTION_TIMEOUT if urgent else _TIMEOUT
        body = {"model": self._model, "input": list(texts)}
        for _ in range(_TRIES):
            try:
                answer = self._client.post(self._url, json=body, timeout=timeout)
            except httpx.HTTPError as error:
                problem = type(error).__name__
                if urgent and isinstance(error, httpx.TimeoutException):
                    break
                continue
            if answer.status_code == 200:
                return unit(self._vectors(answer, len(texts)))
            problem = f"status {answer.status_code}"
            if answer.status_code < 500 and answer.status_code != 429:
                break
        raise EncoderError(f"The embeddings endpoint {self._url} does not answer ({problem}). Is it running?")

    def _vectors(self, answer: httpx.Response, count: int) -> NDArray[np.float32]:
        try:
            rows: list[dict[str, Any]] = sorted(answer.json()["data"], key=lambda row: int(row["index"]))
            vectors = np.asarray([row["embedding"] for row in rows], np.float32)
        except (ValueError, KeyError, TypeError) as error:
            raise EncoderError(f"{self._url} gave no embeddings ({type(error).__name__}).") from None
        if vectors.ndim != 2 or len(vectors) != count or not np.isfinite(vectors).all():
            raise EncoderError(f"{self._url} gave {vectors.shape} where {count} vectors were asked for.")
        return vectors
