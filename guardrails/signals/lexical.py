"""What runs of characters say of a text, one logit each for at least S2, S3 and S4.

Logistic regressions over hashed runs of one to four characters; a millisecond for a thousand characters.
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

BUCKETS = 1 << 15
LONGEST = 4


def features(text: str) -> NDArray[np.int64]:
    """Buckets of all runs of one to four characters, without repeats.

    Examples:
        >>> len(features("不想活"))
        6
    """
    runs = {text[i : i + n] for n in range(1, LONGEST + 1) for i in range(len(text) - n + 1)}
    hashed = {zlib.crc32(run.encode("utf-8", "replace")) % BUCKETS for run in runs}
    return np.array(sorted(hashed), np.int64)


@lru_cache(maxsize=2)
def _weights(path: Path) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    with np.load(path) as saved:
        return saved["weights"].astype(np.float32) * saved["scale"][:, None], saved["bias"]


def scores(text: str, path: Path) -> NDArray[np.float32]:
    """The logits (3,) of at least S2, S3 and S4."""
    weights, bias = _weights(path)
    found = features(text)
    logits: NDArray[np.float32] = weights[:, found].sum(1) / np.sqrt(max(1, len(found))) + bias
    return logits


def score(text: str, path: Path) -> float:
    """The logit of at least S2: whether a piece of a long text is worth reading."""
    return float(scores(text, path)[0])
