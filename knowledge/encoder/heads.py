"""Heads that continue from the states after layer 8: opened only if they are the file of their card."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from knowledge.encoder.inner import Pass

MODEL_FILE, FACTS_FILE = "tail.onnx", "model.json"


class ModelError(ValueError):
    """Shown to the operator: a model file is not the one its card describes."""


class Heads:
    """Layers 9 to 12 as somebody tuned them, and what stands on them. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        """Open `tail.onnx`.

        Raises:
            ModelError: when it is not the file whose hash `model.json` carries.
            OSError, ValueError, KeyError: when either is missing or cannot be read.
        """
        model = (folder / MODEL_FILE).read_bytes()
        expected = json.loads((folder / FACTS_FILE).read_text(encoding="utf-8"))["sha256"]
        if hashlib.sha256(model).hexdigest() != expected:
            raise ModelError("tail.onnx is not the file that model.json describes. Restore it.")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def run(self, done: Pass, outputs: list[str]) -> list[NDArray[np.float32]]:
        """The outputs named, one row per text of the pass."""
        found: list[NDArray[np.float32]] = self._session.run(
            outputs, {"states": done.states, "attention_mask": done.mask}
        )
        return found
