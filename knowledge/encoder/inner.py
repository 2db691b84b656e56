"""What the bundled model knows on its way to the sentence vector: the states after its eighth layer.

Danger signals continue from those states with layers of their own, so a message is read once for both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Pass:
    """What the lower eight layers give for a batch of texts."""

    states: NDArray[np.float32]
    """(n, tokens, 384) after layer 8."""
    mask: NDArray[np.int64]
    """(n, tokens)"""
    offsets: tuple[tuple[tuple[int, int], ...], ...]
    """Per text and token: characters of the text, end exclusive; (0, 0) for special tokens and the prefix."""
