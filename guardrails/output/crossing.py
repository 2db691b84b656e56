"""Words of a sentence crossed with those of its evidence, and what many pairs taught about each crossing.

Every run of up to three characters counts as one that stands where the evidence speaks of the matter,
elsewhere in it, or nowhere; words that decide are crossed with those of the evidence, and so are values
(who, where, when …). The weights are learnt by `python -m eval.grounding.join` and lie in `crossing.npz`.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import threading
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, TypeAdapter

from guardrails.output.align import aligned, units
from guardrails.output.frames import values
from guardrails.output.paraphrase import tokens

logger = logging.getLogger("minxing.guardrails")

FOLDER = Path(__file__).resolve().parent
ROOM = 1 << 18
"""Crossings are told apart by a hash of this many values."""
SCALE = 0.25
_RUNS = (1, 2, 3)


class CrossingError(ValueError):
    """Shown to the operator: the weights are missing, or not those that were learnt."""


class _Words(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    words: list[str]


def _key_words() -> re.Pattern[str]:
    content = TypeAdapter(_Words).validate_python(
        yaml.safe_load((FOLDER / "crossing.yaml").read_text("utf-8"))
    )
    return re.compile("|".join(sorted(content.words, key=lambda word: (-len(word), word))))


_KEY = _key_words()


def crossings(sentence: str, evidence: Sequence[str]) -> NDArray[np.int64]:
    """Numbers of all crossings of a sentence with its evidence, each once, in order."""
    known = units(evidence)
    there = aligned(sentence, known)
    names = set(_names(sentence, "".join(there), "".join(evidence)))
    missing = sum(char not in "".join(there) for char in sentence)
    names |= {
        f"out{missing}",
        f"share{10 * missing // max(1, len(sentence))}",
        f"near{len(there)}",
        f"units{len(known)}",
        f"long{len(sentence) // 5}",
    }
    return np.array(sorted({zlib.crc32(name.encode()) % ROOM for name in names}), np.int64)


def _names(sentence: str, near: str, whole: str) -> Iterator[str]:
    def where(part: object, close: object, far: object) -> str:
        return "near" if part in close else "else" if part in far else "nowhere"  # type: ignore[operator]

    for length in _RUNS:
        for at in range(len(sentence) - length + 1):
            run = sentence[at : at + length]
            yield f"{run}|{where(run, near, whole)}"
    mine, theirs = set(_KEY.findall(sentence)), set(_KEY.findall(near))
    for word in mine:
        yield f"said {word}|{word in theirs}"
        yield from (f"{word} for {other}" for other in theirs)
    yield from (f"left {word}" for word in theirs - mine)
    close, far = _keys(near), _keys(whole)
    yield from (f"key {key}|{where(key, close, far)}" for key in _keys(sentence))
    said, close, far = _values(sentence), _values(near), _values(whole)
    for value in said:
        yield f"value {value}|{where(value, close, far)}"
        yield f"kind {value.partition('=')[0]}|{where(value, close, far)}"
        yield from (f"value {value} for {other}" for other in close - said)
    yield from (f"value left {value}" for value in close - said)


def _keys(text: str) -> set[str]:
    return {key for token in tokens(text) for key in token.keys}


def _values(text: str) -> set[str]:
    return {f"{v.kind}={v.sense}" for v in values(text) if not v.kind.startswith("unit")}


class Crossing:
    """Says how much the crossings speak against a sentence. Loads when first asked; serves all threads."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._weights: NDArray[np.float32] | None = None
        self._lock = threading.Lock()
        self.problem: str = ""
        """Why it cannot be used, for health; empty while nothing is known against it."""

    def logit(self, sentence: str, evidence: Sequence[str]) -> float | None:
        """Above 0: rather a lie. None when the weights cannot be used; then the rules stand alone."""
        if self.problem:
            return None
        try:
            with self._lock:
                if self._weights is None:
                    self._weights = load(self._folder)
        except CrossingError as error:
            self.problem = str(error)
            logger.error("the crossings cannot be used: %s", error)
            return None
        return float(self._weights[crossings(sentence, evidence)].sum()) * SCALE


def load(folder: Path) -> NDArray[np.float32]:
    """The weights of all crossings, (ROOM,).

    Raises:
        CrossingError: when a file is missing, or another than its card describes.
    """
    try:
        content = (folder / "crossing.npz").read_bytes()
        expected = json.loads((folder / "crossing.json").read_text("utf-8"))["sha256"]
        if hashlib.sha256(content).hexdigest() != expected:
            raise CrossingError("crossing.npz is not the file that crossing.json describes. Restore it.")
        with np.load(folder / "crossing.npz") as saved:
            found: NDArray[np.float32] = saved["weights"].astype(np.float32)
    except (OSError, ValueError, KeyError) as error:
        if isinstance(error, CrossingError):
            raise
        raise CrossingError("crossing.npz or crossing.json cannot be read. Restore them.") from error
    return found
