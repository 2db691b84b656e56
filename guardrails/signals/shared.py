"""The bundled encoder as danger signals use it: the very one that search uses, where that is the bundled one.

The tuned layers 9 to 12 continue from its states after layer 8, so a message is read once for search and
signals together, in one session.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from knowledge.encoder.bundled import BundledEncoder
from knowledge.encoder.inner import Pass

if TYPE_CHECKING:
    from knowledge.encoder import Embedder

TOKENS = 256
"""More than 240 characters, or a piece of 160 with its context, ever have."""


class SharedPass:
    """One pass for sentence vectors and states. Thread-safe."""

    def __init__(self, encoder: Embedder | None = None, *, threads: int = 1) -> None:
        shared = isinstance(encoder, BundledEncoder)
        self.encoder = encoder if isinstance(encoder, BundledEncoder) else BundledEncoder(threads=threads)
        self.other = None if shared else encoder
        """Another engine that serves search: its vectors are its own; signals still read the bundled one."""

    def run(self, texts: Sequence[str]) -> Pass:
        """Encode a batch; texts beyond 256 tokens are cut, so long ones come in pieces."""
        return self.encoder.read(texts, tokens=TOKENS)

    def vectors(self, done: Pass) -> NDArray[np.float32]:
        """Sentence vectors of texts that were read, (n, 384)."""
        return self.encoder.finish(done)
