"""The ONNX graph of the encoder: the original 4-bit blocks in onnxruntime's operators, not quantised again.

Inputs `input_ids`, `attention_mask` int64 (batch, sequence), padded on the right. Outputs
`sentence_embedding` float32 (batch, 384), mean-pooled and of unit length, and `token_embeddings` float32
(batch, sequence, 384).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.encoder.e5s1 import BLOCK, E5File

_CONTRIB = "com.microsoft"
"""Operators that every CPU build of onnxruntime carries."""
POSITIONS = 512
STATES = "states"
"""What layer 8 gives, float32 (batch, sequence, 384)."""
_EIGHTH = "SkipLayerNormalization_79_0"
_ACCURACY = 4
"""Of MatMulNBits: activations in 8 bits; plain floats were no more exact in trials, and slower."""


class _Graph:
    """Collects nodes and initialisers."""

    def __init__(self, onnx: Any) -> None:
        self._onnx = onnx
        self.nodes: list[Any] = []
        self.tensors: list[Any] = []

    def constant(self, name: str, array: NDArray[Any]) -> str:
        self.tensors.append(self._onnx.numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def op(
        self, kind: str, inputs: list[str], *, domain: str = "", out: str | None = None, **attributes: Any
    ) -> str:
        return self.ops(kind, inputs, 1, domain=domain, out=out, **attributes)[0]

    def ops(
        self,
        kind: str,
        inputs: list[str],
        count: int,
        *,
        domain: str = "",
        out: str | None = None,
        **attributes: Any,
    ) -> list[str]:
        number = len(self.nodes) + 1
        outputs = [out] if out else [f"{kind}_{number}_{i}" for i in range(count)]
        node = self._onnx.helper.make_node(
            kind, inputs, outputs, name=f"{kind}_{number}", domain=domain, **attributes
        )
        self.nodes.append(node)
        return outputs


def _pack(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Two neighbours a byte, the first in the low half: onnxruntime's order."""
    packed: NDArray[np.uint8] = (values[..., 0::2] | (values[..., 1::2] << 4)).astype(np.uint8)
    return packed


def build_model(onnx: Any, file: E5File, kept: NDArray[np.int64]) -> Any:
    """The model over the vocabulary rows `kept`; the same file gives the same bytes."""
    graph = _Graph(onnx)
    x = _embeddings(onnx, graph, file, kept)
    mask = graph.op("Cast", ["attention_mask"], to=onnx.TensorProto.INT32)
    split = graph.constant("split3", np.array([file.hidden] * 3, np.int64))
    for layer in range(file.layers):
        x = _layer(graph, file, f"l{layer}.", x, mask, split, last=layer == file.layers - 1)
    _pool(onnx, graph, x)
    integers, floats = onnx.TensorProto.INT64, onnx.TensorProto.FLOAT
    info = onnx.helper.make_tensor_value_info
    body = onnx.helper.make_graph(
        graph.nodes,
        "me5small_zh_q4",
        [info("input_ids", integers, ["batch", "seq"]), info("attention_mask", integers, ["batch", "seq"])],
        [
            info("sentence_embedding", floats, ["batch", file.hidden]),
            info("token_embeddings", floats, ["batch", "seq", file.hidden]),
        ],
        graph.tensors,
    )
    operators = [onnx.helper.make_opsetid("", 21), onnx.helper.make_opsetid(_CONTRIB, 1)]
    # The names below are part of the file, and so of its hash.
    model = onnx.helper.make_model(body, opset_imports=operators, ir_version=10, producer_name="convert.py")
    model.doc_string = (
        "intfloat/multilingual-e5-small (MIT), vocabulary pruned to Chinese + ASCII, "
        "weights from 4-bit Q4_0 blocks"
    )
    return model


def halves(onnx: Any, model: Any) -> tuple[Any, Any]:
    """The model cut after layer 8: tokens to `states`, and `states` to `sentence_embedding`.

    Other heads continue from `states` too, and do not pay for layers 9 to 12 which they have no use for.
    """
    for node in model.graph.node:
        for names in (node.input, node.output):
            names[:] = [STATES if name == _EIGHTH else name for name in names]
    floats = [onnx.TensorProto.FLOAT, ["batch", "seq", 384]]
    model.graph.value_info.append(onnx.helper.make_tensor_value_info(STATES, *floats))
    cut = onnx.utils.Extractor(model).extract_model
    lower = cut(["input_ids", "attention_mask"], [STATES])
    upper = cut([STATES, "attention_mask"], ["sentence_embedding"])
    return lower, upper


def _embeddings(onnx: Any, graph: _Graph, file: E5File, kept: NDArray[np.int64]) -> str:
    values, scales = file.quantised("emb.word", rows=kept)
    signed = (values.astype(np.int8) - 8).astype(np.uint8) & 15
    words = onnx.helper.make_tensor(
        "emb.word", onnx.TensorProto.INT4, values.shape, _pack(signed).tobytes(), raw=True
    )
    graph.tensors.append(words)
    x = graph.op(
        "GatherBlockQuantized",
        ["emb.word", "input_ids", graph.constant("emb.word.s", scales)],
        domain=_CONTRIB,
        gather_axis=0,
        quantize_axis=1,
        block_size=BLOCK,
    )
    # The row of token type 0, the only one used, is folded into the positions.
    positions = file.floats("emb.pos").reshape(-1, file.hidden)[:POSITIONS]
    positions = positions + file.floats("emb.type").reshape(-1, file.hidden)[0]
    length = graph.op("Shape", ["input_ids"], start=1, end=2)
    table = graph.constant("emb.pos", positions.astype(np.float16))
    first = graph.constant("zero1", np.array([0], np.int64))
    place = graph.op("Slice", [table, first, length, graph.constant("axis0", np.array([0], np.int64))])
    x = graph.op("Add", [x, graph.op("Cast", [place], to=onnx.TensorProto.FLOAT)])
    weight, bias = (graph.constant(name, file.floats(name)) for name in ("emb.ln.w", "emb.ln.b"))
    return graph.op("LayerNormalization", [x, weight, bias], axis=-1, epsilon=file.epsilon)


def _linear(graph: _Graph, file: E5File, x: str, names: list[str], tag: str) -> tuple[str, str]:
    """The product of `x` with several matrices stacked, and the name of their biases."""
    parts = [file.quantised(name) for name in names]
    values = np.concatenate([part[0] for part in parts])
    scales = np.concatenate([part[1] for part in parts])
    rows, columns = values.shape
    weight = graph.constant(f"{tag}.w", _pack(values).reshape(rows, columns // BLOCK, BLOCK // 2))
    scale = graph.constant(f"{tag}.s", scales.reshape(-1))
    y = graph.op(
        "MatMulNBits",
        [x, weight, scale],
        domain=_CONTRIB,
        K=columns,
        N=rows,
        bits=4,
        block_size=BLOCK,
        accuracy_level=_ACCURACY,
    )
    return y, graph.constant(f"{tag}.b", np.concatenate([file.floats(name[:-1] + "b") for name in names]))


def _layer(graph: _Graph, file: E5File, tag: str, x: str, mask: str, split: str, *, last: bool) -> str:
    """One transformer layer."""
    product, bias = _linear(graph, file, x, [f"{tag}{n}.w" for n in "qkv"], f"{tag}qkv")
    query, key, value = graph.ops("Split", [product, split], 3, axis=-1)
    context = graph.op(
        "MultiHeadAttention", [query, key, value, bias, mask], domain=_CONTRIB, num_heads=file.heads
    )
    x = _add_and_norm(graph, file, x, context, tag, "ao", "aln")
    wide, bias = _linear(graph, file, x, [f"{tag}fi.w"], f"{tag}fi")
    wide = graph.op("BiasGelu", [wide, bias], domain=_CONTRIB)
    return _add_and_norm(graph, file, x, wide, tag, "fo", "oln", out="token_embeddings" if last else None)


def _add_and_norm(
    graph: _Graph, file: E5File, x: str, y: str, tag: str, linear: str, norm: str, out: str | None = None
) -> str:
    product, bias = _linear(graph, file, y, [f"{tag}{linear}.w"], f"{tag}{linear}")
    weight, shift = (graph.constant(f"{tag}{norm}.{n}", file.floats(f"{tag}{norm}.{n}")) for n in "wb")
    inputs = [x, product, weight, shift, bias]
    return graph.op("SkipLayerNormalization", inputs, domain=_CONTRIB, epsilon=file.epsilon, out=out)


def _pool(onnx: Any, graph: _Graph, x: str) -> None:
    """The masked sum brought to unit length: dividing by the count first would make no difference."""
    weight = graph.op("Cast", ["attention_mask"], to=onnx.TensorProto.FLOAT)
    weight = graph.op("Unsqueeze", [weight, graph.constant("axis1", np.array([1], np.int64))])
    total = graph.op("Squeeze", [graph.op("MatMul", [weight, x]), "axis1"])
    norm = graph.op("ReduceL2", [total, graph.constant("axism1", np.array([-1], np.int64))], keepdims=1)
    norm = graph.op("Max", [norm, graph.constant("tiny", np.array(1e-9, np.float32))])
    graph.op("Div", [total, norm], out="sentence_embedding")
