"""Traits and crossings weighed together for what a language model words: `python -m eval.grounding.join`.

Each hand is judged by what the other hands and the development pairs teach; where to stop a sentence is
chosen on those judgements, lies first. Then everything is learnt from, and `crossing.npz`,
`weights_with_crossings.yaml` and the card are written. The same pairs give the same files.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import yaml
from numpy.typing import NDArray

from eval.grounding import card, crossings
from eval.grounding.material import learnable
from eval.grounding.train import Example, examples, fit, names_of, scores
from guardrails.output.crossing import FOLDER
from guardrails.output.weigh import CROSSINGS, SURE, WITH_CROSSINGS, weights

Floats = NDArray[np.float64]
CAUGHT = 0.97
"""Share of the lies of hands not learned from that is to be caught; then as few truths dropped as it
leaves."""
COUNTS = 0.4
"""How much the crossings count. Learned beside the traits they would count 1, but much of what they know is
how the hands word their lies, which strangers word otherwise: between 0.3 and 0.5 both the hands and the
minimal pairs of the development files gain."""
STRICT_CAUGHT = 0.9
_ALWAYS = 99.0
"""Score of a sentence that a figure keeps inside whatever is weighed."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """Weights of traits and of crossings."""

    names: list[str]
    traits: Floats
    bias: float
    crossed: Floats


@dataclass(frozen=True, slots=True)
class Material:
    """All sentences, as traits and as crossings."""

    examples: list[Example]
    crossed: list[NDArray[np.int64]]
    lie: Floats

    def learn(self, some: NDArray[np.int64]) -> Learnt:
        """From some of the sentences."""
        found = [self.examples[i] for i in some]
        names = names_of(found)
        weight, bias = fit(found, names)
        summed = _values(found, names) @ weight + bias
        crossed = crossings.learn([self.crossed[i] for i in some], summed, self.lie[some])
        return Learnt(names, weight, bias, crossed.astype(np.float16).astype(np.float64))

    def judge(self, some: NDArray[np.int64], learnt: Learnt, counts: float) -> Floats:
        """Scores of some of the sentences, without the operating point."""
        found = [self.examples[i] for i in some]
        voice = crossings.voices([self.crossed[i] for i in some], learnt.crossed)
        summed = _values(found, learnt.names) @ learnt.traits + learnt.bias
        together: Floats = summed + counts * np.clip(voice, -SURE, SURE)
        alone = scores(found, learnt.names, np.zeros(len(learnt.names)), 0.0) > 0
        return np.where(alone, _ALWAYS, together)


def _values(found: Sequence[Example], names: Sequence[str]) -> Floats:
    return np.array([[float(e.known.get(name, 0.0)) for name in names] for e in found])


def shares(score: Floats, lie: Floats) -> str:
    """Truths dropped at several shares of lies caught; what scores alike is dropped alike."""
    truths, lies = score[lie == 0], score[lie > 0]
    return "  ".join(
        f"{caught:.2f}: {(truths >= np.quantile(lies, 1 - caught)).mean():.3f}"
        for caught in (0.8, 0.85, 0.9, 0.95, 0.97)
    )


def main() -> int:
    """Learn, print and write."""
    blocks = learnable()
    found = examples(blocks)
    material = Material(found, crossings.rows(blocks), np.array([float(e.lie) for e in found]))
    by = np.array([e.file for e in found])
    hands = sorted({b.by for b in blocks if not b.by.startswith("development")})
    later = [f"development_{number}" for number in (7, 8, 9, 10, 11)]
    table, judged = [], []
    for name, out in (*((hand, [hand]) for hand in hands), ("minimal pairs", later)):
        own, rest = np.flatnonzero(np.isin(by, out)), np.flatnonzero(~np.isin(by, out))
        learnt = material.learn(rest)
        both = material.judge(own, learnt, COUNTS)
        table.append(f"{name:14} traits     {shares(material.judge(own, learnt, 0.0), material.lie[own])}")
        table.append(f"{'':14} with words {shares(both, material.lie[own])}")
        if name in hands:
            judged.append((both, material.lie[own]))
    pooled, lie = (np.concatenate(parts) for parts in zip(*judged, strict=True))
    limit = float(np.quantile(pooled[lie > 0], 1 - CAUGHT))
    figures = "\n".join(table)
    sys.stdout.write(f"truths dropped at lies caught\n{figures}\noperating point {limit:.3f}\n")
    learnt = material.learn(np.arange(len(found)))
    weighed = {
        name: round(float(value), 3)
        for name, value in zip(learnt.names, learnt.traits, strict=True)
        if abs(value) >= 5e-4
    }
    content = {"bias": round(learnt.bias - limit, 3), "traits": {CROSSINGS: COUNTS, **weighed}}
    head = "# Learnt by `python -m eval.grounding.join`; not written by hand.\n"
    WITH_CROSSINGS.write_text(head + yaml.safe_dump(content), encoding="utf-8")
    facts: dict[str, object] = {"sentences": len(found), "blocks": len(blocks), "hands": hands}
    crossings.write(FOLDER, learnt.crossed, facts)
    card.write(FOLDER, figures)
    sys.stdout.write(f"rules alone, stricter by {_strict(found, material.lie):.3f}; now {weights().strict}\n")
    return 0


def _strict(found: Sequence[Example], lie: Floats) -> float:
    """What the rules that stand alone need on top to catch nine lies in ten."""
    table = weights()
    names = sorted(table.traits)
    score = scores(found, names, np.array([table.traits[name] for name in names]), table.bias)
    return max(0.0, -float(np.quantile(score[lie > 0], 1 - STRICT_CAUGHT)))


if __name__ == "__main__":
    raise SystemExit(main())
