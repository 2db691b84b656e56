# mypy: disable-error-code="misc, import-not-found, untyped-decorator"
# Torch and onnx are not installed where Minxing is checked.
"""Write the tuned layers as ONNX: states and mask in, unit vectors out."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, save

from eval.retrieval.alike.tune import Upper
from guardrails.signals.training.export import Graph, tuned_layers, whole
from guardrails.signals.training.tail import WIDTH
from knowledge.encoder.heads import FACTS_FILE, MODEL_FILE


def export(upper: Upper, folder: Path, facts: dict[str, object]) -> None:
    """Write `tail.onnx` and `model.json` with its hash and `facts`."""
    folder.mkdir(parents=True, exist_ok=True)
    graph = Graph()
    x = tuned_layers(graph, upper.layers)
    mask = graph.node("Unsqueeze", ["attention_mask", graph.weight("last", np.array([-1], np.int64))])
    mask = graph.node("Cast", [mask], to=TensorProto.FLOAT)
    tokens = graph.weight("tokens", np.array([1], np.int64))
    total = graph.node("ReduceSum", [graph.node("Mul", [x, mask]), tokens], keepdims=0)
    graph.node("LpNormalization", [total], out="vectors", axis=1, p=2)
    outputs = [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["batch", WIDTH])]
    save(whole(graph, "minxing_asks", outputs), str(folder / MODEL_FILE))
    sha = hashlib.sha256((folder / MODEL_FILE).read_bytes()).hexdigest()
    (folder / FACTS_FILE).write_text(
        json.dumps({"sha256": sha, **facts}, ensure_ascii=False, indent=1) + "\n", "utf-8"
    )
