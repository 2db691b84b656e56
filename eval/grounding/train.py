"""Learns the weights of `weigh.py` from the development pairs: `python -m eval.grounding.train [--folds]`.

Logistic regression; a trait that speaks against a sentence may not speak for it: its weight is never below
0. Entries that share a stretch of twelve characters with the held-out pairs are left out (R-75). Same pairs,
same weights, to the last digit written. `eval.grounding.join` weighs crossings of words beside the traits.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import yaml
from numpy.typing import NDArray

from eval.grounding.material import Block, learnable
from eval.grounding.score import LINES
from guardrails.output.check import OutputCheck
from guardrails.output.weigh import FILE, weights

_L1, _L2 = 1.0, 3.0
_BUILT_WITH = 0.3
"""What a pair counts whose lies the rules were built on: there the rules look better than they are."""
_RULES_SAW = frozenset(f"development{part}" for part in ("", "_2", "_3", "_4", "_5", "_6"))
_LEAST_SEEN = 5
_STEPS = 1_500

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence, as traits."""

    file: str
    lie: bool
    known: dict[str, float]


def examples(blocks: Sequence[Block] | None = None) -> list[Example]:
    """Every sentence of blocks, truths before lies; of the development pairs where none are given."""
    check = OutputCheck(LINES)
    return [
        Example(block.by, lie, check.known(sentence, [block.evidence]))
        for block in (learnable(hands=False) if blocks is None else blocks)
        for lie, said in ((False, block.truths), (True, block.lies))
        for sentence in said
    ]


def names_of(found: Sequence[Example]) -> list[str]:
    """Traits that are seen often enough, in order."""
    names = sorted({name for example in found for name in example.known})
    return [name for name in names if sum(bool(e.known.get(name)) for e in found) >= _LEAST_SEEN]


def fit(found: Sequence[Example], names: Sequence[str], *, against: bool = True) -> tuple[Floats, float]:
    """Weights and bias, by accelerated proximal gradient.

    Args:
        found: what to learn from.
        names: the traits.
        against: whether traits may only speak against a sentence.
    """
    values = np.array([[float(e.known.get(name, 0.0)) for name in names] for e in found])
    wanted = np.array([float(e.lie) for e in found])
    counts = np.array([_BUILT_WITH if e.file in _RULES_SAW else 1.0 for e in found])
    spread = values.std(0) + 1e-6
    scaled = np.c_[values / spread, np.ones(len(found))]
    bound = np.array([against] * len(names) + [False])
    inner = np.array([1.0] * len(names) + [0.0])
    step = 1.0 / (0.25 * np.linalg.eigvalsh((scaled * counts[:, None]).T @ scaled)[-1] + _L2)
    weight = ahead = np.zeros(len(names) + 1)
    pace = 1.0
    for _ in range(_STEPS):
        likely = 1.0 / (1.0 + np.exp(-np.clip(scaled @ ahead, -30, 30)))
        slope = scaled.T @ (counts * (likely - wanted)) + _L2 * inner * ahead
        moved = ahead - step * slope
        moved = np.sign(moved) * np.maximum(np.abs(moved) - _L1 * step * inner, 0.0)
        moved = np.where(bound, np.maximum(moved, 0.0), moved)
        following = (1.0 + (1.0 + 4.0 * pace * pace) ** 0.5) / 2.0
        ahead = moved + (pace - 1.0) / following * (moved - weight)
        weight, pace = moved, following
    return weight[:-1] / spread, float(weight[-1])


def scores(found: Sequence[Example], names: Sequence[str], weight: Floats, bias: float) -> Floats:
    """What `weigh` would say; a figure that the evidence does not hold stands alone."""
    values = np.array([[float(e.known.get(name, 0.0)) for name in names] for e in found])
    alone = np.array([any(e.known.get(f"rule_{g}") for g in _ALONE) for e in found])
    summed: Floats = np.where(alone, 9.0, values @ weight + bias)
    return summed


_ALONE = ("quantity", "date", "document_number", "clause", "phone")


def folds(found: Sequence[Example]) -> None:
    """Each file scored by what the others teach."""
    every: list[tuple[bool, float]] = []
    for file in sorted({e.file for e in found}):
        rest, own = [e for e in found if e.file != file], [e for e in found if e.file == file]
        names = names_of(rest)
        result = scores(own, names, *fit(rest, names))
        every += [(e.lie, float(score)) for e, score in zip(own, result, strict=True)]
        _print(file, every[-len(own) :])
    _print("all", every)


def _print(name: str, scored: Sequence[tuple[bool, float]]) -> None:
    lies = [score for lie, score in scored if lie]
    truths = [score for lie, score in scored if not lie]
    shares = (
        f"{limit:+.1f}: {sum(s > limit for s in lies) / len(lies):.3f}"
        f" {sum(s > limit for s in truths) / len(truths):.3f}"
        for limit in (-1.0, -0.5, 0.0, 0.5)
    )
    sys.stdout.write(f"{name:22} {len(lies):5} pairs   {'   '.join(shares)}\n")


def main() -> None:
    """Write the weights, or print how each file fares under the weights of the others."""
    found = examples()
    if "--folds" in sys.argv:
        folds(found)
        return
    names = names_of(found)
    weight, bias = fit(found, names)
    table = {
        name: round(float(value), 3) for name, value in zip(names, weight, strict=True) if abs(value) >= 5e-4
    }
    head = "# Learnt by `python -m eval.grounding.train`; not written by hand.\n"
    content = {"bias": round(bias, 3), "strict": weights().strict, "traits": table}
    FILE.write_text(head + yaml.safe_dump(content), encoding="utf-8")


if __name__ == "__main__":
    main()
