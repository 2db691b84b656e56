"""The model card of the crossings, written by the run that learned them."""

from __future__ import annotations

import json
from pathlib import Path

_CARD = """# Model card: words crossed with their evidence

Written by `python -m eval.grounding.join`; do not edit by hand.

## What it is
`crossing.npz`: 262,144 weights in 16 bits of a logistic sum, one for each crossing of a word of a sentence
with the evidence it names (`crossing.py`). `weights_with_crossings.yaml`: weights of the traits of the rules,
learnt from the same material, and how much the crossings count beside them.

## What it is for
To be weighed before a sentence that a language model worded is shown. Not for anything else: it knows no
policy.

## What it was made of
{sentences} sentences about {blocks} pieces of evidence, by the hands {hands} and in the development pairs.
Whatever shares twelve characters with `eval/grounding/held_out_3.yaml` was left out (R-75). No torch, a
minute on one core. SHA-256 of `crossing.npz`: `{sha256}`.

## How it does on hands that it has not read
Truths dropped at shares of lies caught; "minimal pairs" are development files 7 to 11, left out of the
learning:
```
{figures}
```

## Where it is weak
Much of what it knows is how writers word a lie (都, 自动, 不用), not what the evidence says: learned from the
sentence alone, without any evidence, it tells the lies of these hands nearly as well. Truths in such words
are dropped more often, lies in mild words less. That is why it counts {counts} and not 1, and why the
figures of the hands flatter it. It does not know what follows from a clause, nor who of two bodies does
what, unless the words around them say so.
"""


def write(folder: Path, figures: str, counts: float = 0.4) -> None:
    """Write `MODEL_CARD.md` beside the weights."""
    facts = json.loads((folder / "crossing.json").read_text(encoding="utf-8"))
    known = {**facts, "hands": ", ".join(facts["hands"])}
    (folder / "MODEL_CARD.md").write_text(
        _CARD.format(**known, figures=figures, counts=counts), encoding="utf-8"
    )
