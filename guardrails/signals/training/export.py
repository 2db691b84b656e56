# mypy: disable-error-code="misc, import-not-found, untyped-decorator"
# Torch and onnx are not installed where Minxing is checked.
"""Write the tuned tail as ONNX: layers in 4 bits, heads in 32, and each token's share of the S3 logit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper, save

from guardrails.signals.training.tail import BLOCK, HEADS, LOOKS, WIDTH, Linear4, Tail, quantise

CONTRIB = "com.microsoft"
_S3 = 2
"""Which output is the probability of at least S3."""


class Graph:
    """Collects nodes and weights."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.weights: list[Any] = []

    def weight(self, name: str, array: NDArray[Any]) -> str:
        """Add a weight."""
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(self, kind: str, inputs: list[str], *, out: str = "", domain: str = "", **options: Any) -> str:
        """Add a node with one output."""
        out = out or f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [out], name=out, domain=domain, **options))
        return out

    def linear(self, x: str, name: str, layer: Linear4) -> str:
        """A 4-bit product, without its bias."""
        nibbles, scale = quantise(layer.weight.detach())
        packed = nibbles.numpy().astype(np.uint8)
        halves = packed[..., 0::2] | (packed[..., 1::2] << 4)
        rows, columns = layer.weight.shape
        return self.node(
            "MatMulNBits",
            [x, self.weight(f"{name}.w", halves), self.weight(f"{name}.s", scale.numpy().reshape(-1))],
            domain=CONTRIB,
            K=columns,
            N=rows,
            bits=4,
            block_size=BLOCK,
            accuracy_level=4,
        )

    def bias(self, name: str, layer: Any) -> str:
        """The bias of a layer."""
        return self.weight(f"{name}.b", layer.bias.detach().numpy())

    def norm(self, x: str, y: str, name: str, norm: torch.nn.LayerNorm, bias: str) -> str:
        """LayerNorm of x + y + bias."""
        scale = self.weight(f"{name}.g", norm.weight.detach().numpy())
        shift = self.weight(f"{name}.h", norm.bias.detach().numpy())
        inputs = [x, y, scale, shift, bias]
        return self.node("SkipLayerNormalization", inputs, domain=CONTRIB, epsilon=norm.eps)


def tuned_layers(graph: Graph, layers: Any) -> str:
    """The layers over the input `states`."""
    graph.weight("thirds", np.array([WIDTH] * 3, np.int64))
    keep = graph.node("Cast", ["attention_mask"], to=TensorProto.INT32)
    x = "states"
    for number, layer in enumerate(layers):
        x = _layer(graph, x, keep, number, layer)
    return x


def hidden_far(graph: Graph, mask: str) -> str:
    """What is added to a softmax over tokens so that padding gets nothing; `mask` is float (n, tokens, 1)."""
    less = graph.node("Sub", [mask, graph.weight("one", np.array([1], np.float32))])
    return graph.node("Mul", [less, graph.weight("far", np.array([1e4], np.float32))])


def whole(graph: Graph, name: str, outputs: list[Any]) -> Any:
    """The finished model over states and mask."""
    inputs = [
        helper.make_tensor_value_info("states", TensorProto.FLOAT, ["batch", "tokens", WIDTH]),
        helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["batch", "tokens"]),
    ]
    made = helper.make_graph(graph.nodes, name, inputs, outputs, graph.weights)
    versions = [helper.make_opsetid("", 21), helper.make_opsetid(CONTRIB, 1)]
    return helper.make_model(made, opset_imports=versions, ir_version=10, producer_name="minxing")


def _layer(graph: Graph, x: str, keep: str, number: int, layer: Any) -> str:
    name = f"t{number}"
    qkv = graph.linear(x, f"{name}.qkv", layer.qkv)
    parts = [f"{name}.{part}" for part in "qkv"]
    graph.nodes.append(helper.make_node("Split", [qkv, "thirds"], parts, name=f"{name}.split", axis=-1))
    inputs = [*parts, graph.bias(f"{name}.qkv", layer.qkv), keep]
    seen = graph.node("MultiHeadAttention", inputs, domain=CONTRIB, num_heads=HEADS)
    out = graph.linear(seen, f"{name}.ao", layer.ao)
    x = graph.norm(x, out, f"{name}.aln", layer.aln, graph.bias(f"{name}.ao", layer.ao))
    inner = graph.linear(x, f"{name}.fi", layer.fi)
    inner = graph.node("BiasGelu", [inner, graph.bias(f"{name}.fi", layer.fi)], domain=CONTRIB)
    out = graph.linear(inner, f"{name}.fo", layer.fo)
    return graph.norm(x, out, f"{name}.oln", layer.oln, graph.bias(f"{name}.fo", layer.fo))


def export(tail: Tail, path: Path) -> None:
    """Write `path`: inputs states and attention_mask, outputs probabilities (n, k) and shares (n, tokens)."""
    graph = Graph()
    x = tuned_layers(graph, tail.layers)
    mask = graph.node("Unsqueeze", ["attention_mask", graph.weight("last", np.array([-1], np.int64))])
    mask = graph.node("Cast", [mask], to=TensorProto.FLOAT)
    hidden = hidden_far(graph, mask)
    look = graph.node("MatMul", [x, graph.weight("look.w", tail.look.weight.detach().numpy().T)])
    look = graph.node("Add", [graph.node("Add", [look, graph.bias("look", tail.look)]), hidden])
    looks = graph.node("Softmax", [look], axis=1)
    count = graph.node("ReduceSum", [mask, graph.weight("tokens", np.array([1], np.int64))], keepdims=1)
    mean = graph.node("Div", [mask, count])
    weights = graph.node("Concat", [looks, mean], axis=2)
    turned = graph.node("Transpose", [weights], perm=[0, 2, 1])
    pooled = graph.node("Flatten", [graph.node("MatMul", [turned, x])], axis=1)
    head = tail.head.weight.detach().numpy()
    logits = graph.node(
        "Gemm", [pooled, graph.weight("head.w", head), graph.bias("head", tail.head)], transB=1
    )
    graph.node("Sigmoid", [logits], out="probabilities")
    share = graph.weight("share.w", head[_S3].reshape(LOOKS + 1, WIDTH).T)
    each = graph.node("Mul", [graph.node("MatMul", [x, share]), weights])
    graph.node("ReduceSum", [each, graph.weight("ways", np.array([2], np.int64))], out="shares", keepdims=0)
    outputs = [
        helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["batch", head.shape[0]]),
        helper.make_tensor_value_info("shares", TensorProto.FLOAT, ["batch", "tokens"]),
    ]
    save(whole(graph, "minxing_signals", outputs), str(path))
