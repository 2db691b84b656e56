"""Material as arrays: texts, targets, and a split that keeps near-duplicates on one side."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from guardrails.signals.inputs import alone, in_context
from guardrails.signals.material import Line
from guardrails.types import Category, Utterance

CATEGORIES = tuple(Category)
DEV_SHARE = 0.15
_SIMILAR = 0.55


@dataclass(frozen=True, slots=True)
class Targets:
    """What the heads learn, one row per text."""

    severity: NDArray[np.float32]
    """(n, 4): at least S1, S2, S3, S4."""
    category: NDArray[np.float32]
    """(n, 17), one-hot; all zero where there is none."""
    past: NDArray[np.float32]
    """(n,)"""


def text_of(line: Line) -> str:
    """What the classifier reads of a line."""
    plain = alone(line.text)
    window = tuple(Utterance(turn.author, turn.text) for turn in line.window)
    return in_context(plain, window) or plain


def targets(lines: Sequence[Line]) -> Targets:
    """The targets of lines."""
    severity = np.array([[line.level >= k for k in (1, 2, 3, 4)] for line in lines], np.float32)
    category = np.array([[line.category is c for c in CATEGORIES] for line in lines], np.float32)
    return Targets(severity, category, np.array([line.past for line in lines], np.float32))


def _grams(text: str) -> frozenset[str]:
    padded = f"^{text}$"
    return frozenset(padded[i : i + 2] for i in range(len(padded) - 1))


def clusters(lines: Sequence[Line]) -> list[int]:
    """The cluster of each line: lines of one minimal pair, or alike in their character pairs, share one."""
    parent = list(range(len(lines)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    grams = [_grams(alone(line.text)) for line in lines]
    places: dict[str, list[int]] = {}
    for i, mine in enumerate(grams):
        shared: dict[int, int] = {}
        for gram in mine:
            for j in places.get(gram, ()):
                shared[j] = shared.get(j, 0) + 1
        for j, count in shared.items():
            if count / (len(mine) + len(grams[j]) - count) >= _SIMILAR:
                parent[root(i)] = root(j)
        for gram in mine:
            places.setdefault(gram, []).append(i)
    pairs: dict[str, int] = {}
    for i, line in enumerate(lines):
        if line.pair:
            parent[root(i)] = root(pairs.setdefault(f"{line.by}/{line.pair}", i))
    return [root(i) for i in range(len(lines))]


def split(lines: Sequence[Line], hands: Collection[str] = ()) -> tuple[list[int], list[int]]:
    """Indices of training and development lines: whole hands where named, for only they are strangers.

    Otherwise whole clusters, chosen by the hash of their first text.
    """
    if hands:
        held = [line.by in hands for line in lines]
        return [i for i, out in enumerate(held) if not out], [i for i, out in enumerate(held) if out]
    train: list[int] = []
    dev: list[int] = []
    for i, cluster in enumerate(clusters(lines)):
        digest = hashlib.sha256(lines[cluster].text.encode("utf-8", "replace")).digest()
        (dev if digest[0] / 256 < DEV_SHARE else train).append(i)
    return train, dev


def is_negative(line: Line) -> bool:
    """Whether interrupting this line would be a false alarm."""
    return line.severity in ("S0", "S1")
