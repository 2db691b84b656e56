# mypy: disable-error-code="misc, import-not-found, untyped-decorator"
# Torch is not installed where Minxing is checked.
"""What the lower eight layers make of texts, computed once and kept."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from guardrails.signals.shared import SharedPass

BATCH = 48
"""Texts that are read, and learned from, at once."""


@dataclass(frozen=True, slots=True)
class States:
    """States of layer 8 of many texts, half precision, without padding."""

    rows: tuple[NDArray[np.float16], ...]

    @classmethod
    def of(cls, shared: SharedPass, texts: Sequence[str], keep: Path | None = None) -> States:
        """Run the lower layers over `texts`; `keep` is a file of states from earlier runs, extended."""
        known: dict[str, NDArray[np.float16]] = {}
        if keep and keep.exists():
            with np.load(keep) as saved:
                known = {name: saved[name] for name in saved.files}
        names = [hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:24] for text in texts]
        new = {name: text for name, text in zip(names, texts, strict=True) if name not in known}
        order = sorted(new, key=lambda name: len(new[name]))
        for start in range(0, len(order), BATCH):
            some = order[start : start + BATCH]
            done = shared.run([new[name] for name in some])
            for row, name in enumerate(some):
                known[name] = done.states[row, : int(done.mask[row].sum())].astype(np.float16)
        if keep and new:
            np.savez(keep, **known)  # type: ignore[arg-type]
        return cls(tuple(known[name] for name in names))

    def batch(self, some: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor]:
        """Padded states and mask of some texts."""
        width = max(len(self.rows[i]) for i in some)
        x = np.zeros((len(some), width, self.rows[some[0]].shape[1]), np.float32)
        mask = np.zeros((len(some), width), bool)
        for row, i in enumerate(some):
            x[row, : len(self.rows[i])] = self.rows[i]
            mask[row, : len(self.rows[i])] = True
        return torch.from_numpy(x), torch.from_numpy(mask)
