# mypy: disable-error-code="misc, import-not-found, untyped-decorator"
# Torch and onnx are not installed where Minxing is checked.
"""Write the tuned tail as ONNX: layers in 4 bits, heads in 32."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from onnx import TensorProto, helper, save

from agent.understand.training.tail import Tail
from guardrails.signals.training.export import Graph, hidden_far, tuned_layers, whole


def export(tail: Tail, path: Path) -> None:
    """Write `path`: inputs states and attention_mask; outputs lead, wishes, facts and guides."""
    graph = Graph()
    x = tuned_layers(graph, tail.layers)
    mask = graph.node("Unsqueeze", ["attention_mask", graph.weight("last", np.array([-1], np.int64))])
    mask = graph.node("Cast", [mask], to=TensorProto.FLOAT)
    hidden = hidden_far(graph, mask)
    looks = _softmax(graph, _linear(graph, x, "look", tail.look), hidden)
    tokens = graph.weight("tokens", np.array([1], np.int64))
    mean = graph.node("Div", [mask, graph.node("ReduceSum", [mask, tokens], keepdims=1)])
    weights = graph.node("Transpose", [graph.node("Concat", [looks, mean], axis=2)], perm=[0, 2, 1])
    pooled = graph.node("Flatten", [graph.node("MatMul", [weights, x])], axis=1)
    head = [graph.weight("head.w", tail.head.weight.detach().numpy()), graph.bias("head", tail.head)]
    logits = graph.node("Gemm", [pooled, *head], transB=1)
    intents = tail.head.weight.shape[0] // 2
    halves = graph.weight("halves", np.array([intents] * 2, np.int64))
    graph.nodes.append(helper.make_node("Split", [logits, halves], ["first", "each"], axis=1))
    graph.node("Softmax", ["first"], out="lead", axis=1)
    graph.node("Sigmoid", ["each"], out="wishes")
    where = _softmax(graph, _linear(graph, x, "seek", tail.seek), hidden)
    told = graph.node("Mul", [where, _linear(graph, x, "tell", tail.tell)])
    sense = graph.weight("sense.w", tail.sense.weight.detach().numpy().T)
    both = [graph.node("ReduceSum", [told, tokens], keepdims=0), graph.node("MatMul", [pooled, sense])]
    graph.node("Sigmoid", [graph.node("Add", both)], out="facts")
    about = [graph.weight("about.w", tail.about.weight.detach().numpy()), graph.bias("about", tail.about)]
    graph.node("Softmax", [graph.node("Gemm", [pooled, *about], transB=1)], out="guides", axis=1)
    widths = {"lead": intents, "wishes": intents, "facts": tail.tell.weight.shape[0]}
    widths["guides"] = tail.about.out_features
    outputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", width])
        for name, width in widths.items()
    ]
    save(whole(graph, "minxing_understanding", outputs), str(path))


def _linear(graph: Graph, x: str, name: str, layer: Any) -> str:
    weight = graph.weight(f"{name}.w", layer.weight.detach().numpy().T)
    return graph.node("Add", [graph.node("MatMul", [x, weight]), graph.bias(name, layer)])


def _softmax(graph: Graph, scores: str, hidden: str) -> str:
    """Over the tokens."""
    return graph.node("Softmax", [graph.node("Add", [scores, hidden])], axis=1)
