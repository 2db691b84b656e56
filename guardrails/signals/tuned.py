"""The tuned layers at run time: one shared pass of the encoder, then layers 9 to 12 and the heads."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from guardrails.signals.classifier import CATEGORIES, Scores
from guardrails.signals.shared import Pass, SharedPass

if TYPE_CHECKING:
    from knowledge.encoder import Embedder

BUNDLED = "multilingual-e5-small-q4"
"""Another encoder may serve search; its vectors are then its own, and signals still read the bundled one."""
_CLAUSE = re.compile(r"[^,。!?;:、\n<]+")
_BATCH = 8


class ModelError(ValueError):
    """Shown to the operator: a model file is not the one its card describes."""


class TunedTail:
    """A `Scorer` over the bundled encoder. Thread-safe."""

    def __init__(self, shared: SharedPass, folder: Path, encoder: Embedder | None = None) -> None:
        self._other = encoder if encoder and not encoder.fingerprint.startswith(BUNDLED) else None
        model = (folder / "tail.onnx").read_bytes()
        expected = json.loads((folder / "model.json").read_text(encoding="utf-8"))["sha256"]
        if hashlib.sha256(model).hexdigest() != expected:
            raise ModelError("tail.onnx is not the file that model.json describes. Restore it.")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._shared = shared

    def score(self, texts: Sequence[str]) -> tuple[list[Scores], NDArray[np.float32]]:
        """Scores of every text, and the sentence vector of the first."""
        scores: list[Scores] = []
        first: NDArray[np.float32] | None = None
        for some in _batches(texts):
            done = self._shared.run(some)
            first = done.sentences[0] if first is None else first
            feed = {"states": done.states, "attention_mask": done.mask}
            probabilities, shares = self._session.run(["probabilities", "shares"], feed)
            last = 4 + len(CATEGORIES)
            for row, text in enumerate(some):
                p = probabilities[row]
                focus = _focus(text, shares[row], done, row)
                scores.append(Scores(p[:4], p[4:last], float(p[last]), focus))
        if first is None:
            raise ValueError("nothing to score")
        return scores, first if self._other is None else self._other.encode(texts[:1])[0]


def _batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """The first alone if it is much longer than the rest, which would be padded to its length."""
    alone = len(texts) > 1 and len(texts[0]) > 1.5 * max(map(len, texts[1:]))
    if alone:
        yield texts[:1]
    for start in range(int(alone), len(texts), _BATCH):
        yield texts[start : start + _BATCH]


def _focus(text: str, shares: NDArray[np.float32], done: Pass, row: int) -> tuple[int, int]:
    """The clause whose tokens weighed most for an interruption."""
    clauses = [match.span() for match in _CLAUSE.finditer(text)] or [(0, len(text))]
    totals = [0.0] * len(clauses)
    for (start, end), share in zip(done.offsets[row], shares, strict=False):
        if end <= start:
            continue
        for number, (left, right) in enumerate(clauses):
            if left < end and start < right:
                totals[number] += float(share)
                break
    return clauses[int(np.argmax(totals))]
