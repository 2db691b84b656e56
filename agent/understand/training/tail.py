# mypy: disable-error-code="misc, import-not-found, untyped-decorator"
# Torch is not installed where Minxing is checked.
"""Layers 9 to 12 of the encoder with heads for wishes, facts and guides, in torch: what is tuned."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from guardrails.signals.training.tail import LAYERS, LOOKS, WIDTH, Layer, load_tuned


class Tail(nn.Module):
    """Wishes look at the whole message in a few ways; each value of a fact looks for its own words."""

    def __init__(self, intents: int, facts: int, guides: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer() for _ in LAYERS)
        self.drop = nn.Dropout(0.2)
        self.look = nn.Linear(WIDTH, LOOKS)
        self.head = nn.Linear(WIDTH * (LOOKS + 1), 2 * intents)
        self.seek = nn.Linear(WIDTH, facts)
        self.tell = nn.Linear(WIDTH, facts)
        self.sense = nn.Linear(WIDTH * (LOOKS + 1), facts, bias=False)
        self.about = nn.Linear(WIDTH * (LOOKS + 1), guides)
        nn.init.zeros_(self.sense.weight)
        nn.init.normal_(self.seek.weight, std=0.02)
        nn.init.constant_(self.tell.bias, -4.0)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Logits (n, 2 intents + facts + guides): which leads, which are wished, what is said, what about."""
        for layer in self.layers:
            x = layer(x, mask)
        hidden = ~mask[..., None]
        x = self.drop(x)
        looks = self.look(x).float().masked_fill(hidden, -1e4).softmax(1)
        mean = mask.float() / mask.sum(1, keepdim=True)
        weights = torch.cat([looks, mean[..., None]], 2).to(x.dtype)
        pooled = torch.einsum("ntk,ntd->nkd", weights, x).flatten(1)
        wishes = self.head(pooled)
        where = self.seek(x).float().masked_fill(hidden, -1e4).softmax(1)
        facts = (where * self.tell(x).float()).sum(1) + self.sense(pooled).float()
        return torch.cat([wishes.float(), facts, self.about(pooled).float()], 1)


def load_tail(tail: Tail, path: Path) -> None:
    """Start from an exported model, to learn on from it; heads of another width begin anew."""
    copied = load_tuned(tail.layers, path)
    for name in ("look", "head", "seek", "tell", "sense", "about"):
        linear = getattr(tail, name)
        weight = copied(f"{name}.w")
        weight = weight.T.contiguous() if name in _TURNED else weight
        if weight.shape != linear.weight.shape:
            continue
        linear.weight.data = weight
        if linear.bias is not None:
            linear.bias.data = copied(f"{name}.b")


_TURNED = ("look", "seek", "tell", "sense")
"""Exported the other way round."""
