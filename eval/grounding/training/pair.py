# mypy: disable-error-code="misc, import-not-found, untyped-decorator"
# Torch and onnx are not installed where Minxing is checked.
"""The reader of pairs in torch: the bundled encoder, in which a sentence also sees its evidence.

Evidence sees only itself, so it is read once for all the sentences about it, each blind to the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import nn

from guardrails.signals.training.tail import BLOCK, HEADS, WIDTH, Layer, Linear4

LAYERS = 12
LOOKS = 3
"""Ways in which the head weighs the tokens of a sentence, besides their mean and the first of them."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the tokens of a batch, which lie in one long row, stand: evidences, then sentences."""

    evidence: torch.Tensor
    """(g, e) numbers of tokens; 0 where there is none."""
    evidence_mask: torch.Tensor
    said: torch.Tensor
    """(m, s) likewise."""
    said_mask: torch.Tensor
    group: torch.Tensor
    """(m,) which evidence a sentence is about."""
    back: torch.Tensor
    """(tokens,) where in evidences and sentences, laid flat, each token is."""


class PairLayer(Layer):
    """A layer over tokens in one long row, padded for nothing but attention."""

    def forward(self, x: torch.Tensor, at: Places) -> torch.Tensor:
        """States (tokens, 384)."""
        qkv = self.qkv(x)
        known, asked = (_heads(qkv, places) for places in (at.evidence, at.said))
        of_evidence = _attend(*known, at.evidence_mask)
        _, keys, values = (part.index_select(0, at.group) for part in known)
        keys, values = torch.cat([keys, asked[1]], 2), torch.cat([values, asked[2]], 2)
        mask = torch.cat([at.evidence_mask[at.group], at.said_mask], 1)
        of_said = _attend(asked[0], keys, values, mask)
        mixed = torch.cat([of_evidence.reshape(-1, WIDTH), of_said.reshape(-1, WIDTH)])
        return self._after(x, mixed.index_select(0, at.back))

    def alone(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """States (n, tokens, 384) of texts each for itself; mask (n, tokens)."""
        n, tokens, _ = x.shape
        q, k, v = (
            part.reshape(n, tokens, HEADS, -1).transpose(1, 2) for part in self.qkv(x).chunk(3, dim=-1)
        )
        return self._after(x, _attend(q, k, v, mask))

    def _after(self, x: torch.Tensor, mixed: torch.Tensor) -> torch.Tensor:
        # Without dropout, which costs a sixth of the time on a processor: running means settle the weights.
        x = self.aln(x + self.ao(mixed))
        out: torch.Tensor = self.oln(x + self.fo(nn.functional.gelu(self.fi(x))))
        return out


def _heads(qkv: torch.Tensor, places: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Queries, keys and values, each (n, heads, tokens, width of a head)."""
    n, tokens = places.shape
    found = qkv.index_select(0, places.reshape(-1)).reshape(n, tokens, 3, HEADS, WIDTH // HEADS)
    q, k, v = found.permute(2, 0, 3, 1, 4).unbind(0)
    return q, k, v


def _attend(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """What each token sees, (n, tokens, 384)."""
    far = torch.zeros(mask.shape, dtype=q.dtype).masked_fill_(~mask, -1e4)[:, None, None, :]
    if torch.is_grad_enabled():
        # Written out: going backwards, the fused kernel takes longer than all the rest together.
        seen = ((q * (WIDTH // HEADS) ** -0.5) @ k.transpose(2, 3) + far).softmax(-1) @ v
    else:
        seen = nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=far)
    return seen.transpose(1, 2).reshape(q.shape[0], q.shape[2], WIDTH)


class PairReader(nn.Module):
    """Words, layers and head.

    Args:
        words: rows of the vocabulary the reader knows.
        apart: how many layers read sentence and evidence each for itself, and stay as they are.
    """

    def __init__(self, words: int, apart: int) -> None:
        super().__init__()
        self.apart = apart
        self.words = nn.Embedding(words, WIDTH)
        self.places = nn.Embedding(512, WIDTH)
        self.eln = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(PairLayer() for _ in range(LAYERS))
        self.side = nn.Parameter(torch.zeros(2, WIDTH))
        """Added where the two meet: what is evidence, what is said."""
        self.look = nn.Linear(WIDTH, LOOKS)
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(WIDTH * (LOOKS + 2), 1)
        self.token = nn.Linear(WIDTH, 1)
        """Which words of a lie are the lie; a help while learning, not exported."""

    def alone(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """What the layers apart make of texts, (n, tokens, 384); those layers do not learn."""
        with torch.no_grad():
            x = self.eln(self.words(ids) + self.places.weight[: ids.shape[1]])
            for layer in self.layers[: self.apart]:
                x = layer.alone(x, mask)
        return x

    def states(self, x: torch.Tensor, at: Places) -> torch.Tensor:
        """States of all tokens, (tokens, 384), from those of the layers apart, evidences first."""
        evidence = int(at.evidence_mask.sum())
        x = torch.cat([x[:evidence] + self.side[0], x[evidence:] + self.side[1]])
        for layer in self.layers[self.apart :]:
            x = layer(x, at)
        return x

    def judge(self, x: torch.Tensor, at: Places) -> torch.Tensor:
        """Logits (m,) that a sentence is a lie, from the states of all tokens."""
        m, tokens = at.said.shape
        own = x.index_select(0, at.said.reshape(-1)).reshape(m, tokens, WIDTH)
        weights = self.look(own).masked_fill(~at.said_mask[..., None], -1e4).softmax(1)
        mean = at.said_mask.to(own.dtype) / at.said_mask.sum(1, keepdim=True)
        pooled = torch.cat([weights, mean[..., None]], 2).transpose(1, 2) @ own
        out: torch.Tensor = self.head(self.drop(torch.cat([pooled.flatten(1), own[:, 0]], 1)))
        return out[:, 0]


def round_weights(reader: PairReader, rounding: bool) -> None:
    """Switch the rounding to 4 bits on or off."""
    for module in reader.modules():
        if isinstance(module, Linear4):
            module.rounding = rounding


def _arrays(path: Path) -> dict[str, Any]:
    return {one.name: one for one in onnx.load(str(path)).graph.initializer}


def _matrix(arrays: dict[str, Any], name: str) -> NDArray[np.float32]:
    packed = onnx.numpy_helper.to_array(arrays[f"{name}.w"])
    scale = onnx.numpy_helper.to_array(arrays[f"{name}.s"]).astype(np.float32)
    nibbles = np.stack([packed & 15, packed >> 4], -1).reshape(packed.shape[0], -1, BLOCK).astype(np.float32)
    full: NDArray[np.float32] = (nibbles - 8) * scale.reshape(packed.shape[0], -1, 1)
    return full.reshape(packed.shape[0], -1)


def _words(arrays: dict[str, Any]) -> NDArray[np.float32]:
    values = onnx.numpy_helper.to_array(arrays["emb.word"]).astype(np.float32)
    scale = onnx.numpy_helper.to_array(arrays["emb.word.s"]).astype(np.float32)
    full: NDArray[np.float32] = values.reshape(len(values), -1, BLOCK) * scale.reshape(len(values), -1, 1)
    return full.reshape(len(values), -1)


def from_encoder(folder: Path, apart: int) -> PairReader:
    """A reader that knows what the bundled encoder knows."""
    lower, upper = _arrays(folder / "lower_q4.onnx"), _arrays(folder / "upper_q4.onnx")
    words = _words(lower)
    reader = PairReader(len(words), apart)
    reader.words.weight.data = torch.from_numpy(words)

    def copied(arrays: dict[str, Any], name: str) -> torch.Tensor:
        return torch.from_numpy(onnx.numpy_helper.to_array(arrays[name]).astype(np.float32))

    reader.places.weight.data = copied(lower, "emb.pos")
    reader.eln.weight.data, reader.eln.bias.data = copied(lower, "emb.ln.w"), copied(lower, "emb.ln.b")
    for number, layer in enumerate(reader.layers):
        arrays = lower if number < 8 else upper
        for part in ("qkv", "ao", "fi", "fo"):
            linear = getattr(layer, part)
            linear.weight.data = torch.from_numpy(_matrix(arrays, f"l{number}.{part}").copy())
            linear.bias.data = copied(arrays, f"l{number}.{part}.b")
        for part in ("aln", "oln"):
            norm = getattr(layer, part)
            norm.weight.data = copied(arrays, f"l{number}.{part}.w")
            norm.bias.data = copied(arrays, f"l{number}.{part}.b")
    for fixed in (reader.words, reader.places, reader.eln, *reader.layers[:apart]):
        fixed.requires_grad_(False)
    return reader
