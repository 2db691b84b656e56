# mypy: disable-error-code="misc, import-not-found, untyped-decorator"
# Torch and onnx are not installed where Minxing is checked.
"""Layers 9 to 12 of the encoder and the heads, in torch: what is tuned."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import nn

LAYERS = range(8, 12)
WIDTH, INNER, HEADS, BLOCK = 384, 1536, 12, 32
LOOKS = 4
"""Ways in which the heads weigh the tokens, besides their mean."""


def quantise(weight: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """4-bit blocks of 32 along the input: nibbles and one scale per block, value = (nibble - 8) * scale."""
    blocks = weight.reshape(weight.shape[0], -1, BLOCK)
    extreme = blocks.gather(2, blocks.abs().argmax(2, keepdim=True))
    scale = extreme / -8.0
    safe = torch.where(scale == 0, torch.ones_like(scale), scale)
    return (blocks / safe).round().clamp(-8, 7) + 8, scale.squeeze(2)


class Linear4(nn.Linear):
    """A linear layer that can be trained while it is rounded to 4 bits, so that the export costs nothing."""

    rounding = False

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The product, with rounded weights if asked; gradients pass the rounding unchanged."""
        if not self.rounding:
            return super().forward(x)
        nibbles, scale = quantise(self.weight.detach())
        rounded = ((nibbles - 8) * scale.unsqueeze(2)).reshape(self.weight.shape)
        return nn.functional.linear(x, self.weight + (rounded - self.weight).detach(), self.bias)


class Layer(nn.Module):
    """One encoder layer, post-norm, as in BERT."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv, self.ao = Linear4(WIDTH, 3 * WIDTH), Linear4(WIDTH, WIDTH)
        self.fi, self.fo = Linear4(WIDTH, INNER), Linear4(INNER, WIDTH)
        self.aln, self.oln = nn.LayerNorm(WIDTH, eps=1e-12), nn.LayerNorm(WIDTH, eps=1e-12)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """States (n, tokens, 384), mask (n, tokens) of booleans."""
        n, tokens, _ = x.shape
        q, k, v = (
            part.reshape(n, tokens, HEADS, -1).transpose(1, 2) for part in self.qkv(x).chunk(3, dim=-1)
        )
        # Written out: the fused kernel takes twice the time of all the rest going backwards on a processor.
        near = (q @ k.transpose(2, 3)).float() / (WIDTH // HEADS) ** 0.5
        near = near.masked_fill(~mask[:, None, None, :], -1e4).softmax(-1)
        seen = near.to(v.dtype) @ v
        x = self.aln(x + self.drop(self.ao(seen.transpose(1, 2).reshape(n, tokens, WIDTH))))
        out: torch.Tensor = self.oln(x + self.drop(self.fo(nn.functional.gelu(self.fi(x)))))
        return out


class Tail(nn.Module):
    """The tuned layers and the heads."""

    def __init__(self, outputs: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer() for _ in LAYERS)
        self.look = nn.Linear(WIDTH, LOOKS)
        self.drop = nn.Dropout(0.2)
        self.head = nn.Linear(WIDTH * (LOOKS + 1), outputs)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Logits (n, outputs)."""
        for layer in self.layers:
            x = layer(x, mask)
        weights = self.look(x).masked_fill(~mask[..., None], -1e4).softmax(1)
        mean = mask.float() / mask.sum(1, keepdim=True)
        pooled = torch.einsum("ntk,ntd->nkd", torch.cat([weights, mean[..., None]], 2), x).flatten(1)
        out: torch.Tensor = self.head(self.drop(pooled))
        return out


def round_weights(tail: Tail, rounding: bool) -> None:
    """Switch rounding on (to settle the weights, and to predict as the export will) or off (faster)."""
    for module in tail.modules():
        if isinstance(module, Linear4):
            module.rounding = rounding


def _dequantised(model: Any, name: str) -> NDArray[np.float32]:
    arrays = {one.name: one for one in model.graph.initializer}
    packed = onnx.numpy_helper.to_array(arrays[f"{name}.w"])
    scale = onnx.numpy_helper.to_array(arrays[f"{name}.s"])
    nibbles = np.stack([packed & 15, packed >> 4], -1).reshape(packed.shape[0], -1, BLOCK).astype(np.float32)
    full: NDArray[np.float32] = (nibbles - 8) * scale.reshape(packed.shape[0], -1, 1)
    return full.reshape(packed.shape[0], -1).astype(np.float32)


def load_layers(tail: Tail, path: Path) -> None:
    """Start the tuned layers from the encoder's own weights."""
    model = onnx.load(str(path))
    arrays = {
        one.name: onnx.numpy_helper.to_array(one)
        for one in model.graph.initializer
        if ".b" in one.name or "ln." in one.name
    }
    for number, layer in zip(LAYERS, tail.layers, strict=True):
        for part in ("qkv", "ao", "fi", "fo"):
            linear = getattr(layer, part)
            linear.weight.data = torch.from_numpy(_dequantised(model, f"l{number}.{part}").copy())
            linear.bias.data = torch.from_numpy(arrays[f"l{number}.{part}.b"].copy())
        for part in ("aln", "oln"):
            norm = getattr(layer, part)
            norm.weight.data = torch.from_numpy(arrays[f"l{number}.{part}.w"].copy())
            norm.bias.data = torch.from_numpy(arrays[f"l{number}.{part}.b"].copy())


def load_tuned(layers: nn.ModuleList, path: Path) -> Callable[[str], torch.Tensor]:
    """Start the tuned layers from an exported model with any heads; returns a reader of its other weights."""
    model = onnx.load(str(path))
    arrays = {one.name: onnx.numpy_helper.to_array(one) for one in model.graph.initializer}

    def copied(name: str) -> torch.Tensor:
        return torch.from_numpy(arrays[name].copy())

    for number, layer in enumerate(layers):
        for part in ("qkv", "ao", "fi", "fo"):
            linear = getattr(layer, part)
            linear.weight.data = torch.from_numpy(_dequantised(model, f"t{number}.{part}").copy())
            linear.bias.data = copied(f"t{number}.{part}.b")
        for part in ("aln", "oln"):
            norm = getattr(layer, part)
            norm.weight.data, norm.bias.data = copied(f"t{number}.{part}.g"), copied(f"t{number}.{part}.h")
    return copied


def load_tail(tail: Tail, path: Path) -> None:
    """Start from an exported tail, to learn on from it."""
    copied = load_tuned(tail.layers, path)
    tail.look.weight.data, tail.look.bias.data = copied("look.w").T.contiguous(), copied("look.b")
    tail.head.weight.data, tail.head.bias.data = copied("head.w"), copied("head.b")
