# mypy: disable-error-code="misc, import-not-found, untyped-decorator"
# Torch and onnx are not installed where Minxing is checked.
"""Write the tuned layers as ONNX: states of evidence and sentence in, the logit that it is a lie out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from onnx import TensorProto, helper, save

from eval.grounding.training.pair import LOOKS, PairReader
from guardrails.signals.training.export import CONTRIB, Graph
from guardrails.signals.training.tail import HEADS, WIDTH


class _Pair(Graph):
    """A graph over one evidence and one sentence, which follow each other."""

    def split(self, x: str, sizes: str, names: list[str], axis: int) -> list[str]:
        """Cut along an axis."""
        self.nodes.append(helper.make_node("Split", [x, sizes], names, name=names[0], axis=axis))
        return names

    def attend(self, parts: list[str], bias: str) -> str:
        """What queries see of keys and values."""
        return self.node("MultiHeadAttention", [*parts, bias], domain=CONTRIB, num_heads=HEADS)


def _layer(graph: _Pair, x: str, number: int, layer: Any, *, last: bool) -> str:
    """One layer; the last gives the states of the sentence alone."""
    name = f"r{number}"
    q, k, v = graph.split(
        graph.linear(x, f"{name}.qkv", layer.qkv), "thirds", [f"{name}.{p}" for p in "qkv"], -1
    )
    parts = [graph.split(one, "sizes", [f"{one}.e", f"{one}.s"], 1) for one in (q, k, v)]
    bias = graph.bias(f"{name}.qkv", layer.qkv)
    seen = graph.attend([parts[0][1], k, v], bias)
    if last:
        x = graph.split(x, "sizes", [f"{name}.x.e", f"{name}.x.s"], 1)[1]
    else:
        seen = graph.node("Concat", [graph.attend([part[0] for part in parts], bias), seen], axis=1)
    out = graph.linear(seen, f"{name}.ao", layer.ao)
    x = graph.norm(x, out, f"{name}.aln", layer.aln, graph.bias(f"{name}.ao", layer.ao))
    inner = graph.linear(x, f"{name}.fi", layer.fi)
    inner = graph.node("BiasGelu", [inner, graph.bias(f"{name}.fi", layer.fi)], domain=CONTRIB)
    out = graph.linear(inner, f"{name}.fo", layer.fo)
    return graph.norm(x, out, f"{name}.oln", layer.oln, graph.bias(f"{name}.fo", layer.fo))


def export(reader: PairReader, path: Path) -> None:
    """Write `path`: inputs evidence and sentence (1, tokens, 384), output logit (1,)."""
    graph = _Pair()
    graph.weight("thirds", np.array([WIDTH] * 3, np.int64))
    lengths = [graph.node("Shape", [one], start=1, end=2) for one in ("evidence", "sentence")]
    graph.node("Concat", lengths, out="sizes", axis=0)
    sides = reader.side.detach().numpy()
    both = [
        graph.node("Add", [one, graph.weight(f"{one}.side", side)])
        for one, side in zip(("evidence", "sentence"), sides, strict=True)
    ]
    x = graph.node("Concat", both, axis=1)
    tuned = list(reader.layers[reader.apart :])
    for number, layer in enumerate(tuned):
        x = _layer(graph, x, number, layer, last=number == len(tuned) - 1)
    look = graph.node("MatMul", [x, graph.weight("look.w", reader.look.weight.detach().numpy().T)])
    look = graph.node("Softmax", [graph.node("Add", [look, graph.bias("look", reader.look)])], axis=1)
    turned = graph.node("Transpose", [look], perm=[0, 2, 1])
    pooled = graph.node("MatMul", [turned, x])
    mean = graph.node("ReduceMean", [x, graph.weight("tokens", np.array([1], np.int64))], keepdims=1)
    first = graph.node("Gather", [x, graph.weight("first", np.array([0], np.int64))], axis=1)
    whole = graph.node("Concat", [pooled, mean, first], axis=1)
    flat = graph.node("Flatten", [whole], axis=1)
    head = graph.weight("head.w", reader.head.weight.detach().numpy())
    logit = graph.node("Gemm", [flat, head, graph.bias("head", reader.head)], transB=1)
    graph.node("Squeeze", [logit, graph.weight("last", np.array([1], np.int64))], out="logit")
    assert reader.head.weight.shape[1] == WIDTH * (LOOKS + 2)
    info = helper.make_tensor_value_info
    model = helper.make_graph(
        graph.nodes,
        "minxing_entailment",
        [info(name, TensorProto.FLOAT, [1, name, WIDTH]) for name in ("evidence", "sentence")],
        [info("logit", TensorProto.FLOAT, [1])],
        graph.weights,
    )
    versions = [helper.make_opsetid("", 21), helper.make_opsetid(CONTRIB, 1)]
    save(helper.make_model(model, opset_imports=versions, ir_version=10, producer_name="minxing"), str(path))
