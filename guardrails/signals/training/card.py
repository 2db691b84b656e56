"""The model card, written by the training run that made the model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from guardrails.signals.material import Line

_CARD = """# Model card: danger signals

Written by `python -m guardrails.signals.train`; do not edit by hand.

## What it is
`tail.onnx`: layers 9 to 12 of multilingual-e5-small (intfloat, MIT licence), tuned on our own material,
with heads for severity (at least S1, S2, S3, S4), 17 categories and past-and-resolved. Layers in 4
bits, heads in 32. It continues from the states after layer 8 of the bundled encoder, so a message is
encoded once for search and signals. `lexical.npz`: logistic regression over runs of characters, a second
voice on whether there is a signal (`voices.py`), which also chooses the parts of long messages that are read
closely. `pinyin.json`: characters and pairs by which
typed pinyin is read back. `heads.npz`: the baseline on frozen vectors, kept for comparison.
`thresholds.json`: chosen on lines that the model had not read, recall first: whether to interrupt within a
budget of false alarms for each category, and then which card, an S4 shown the lesser one weighing as much as
ten S3 shown the greater.

## What it is for
Raising a person's attention to a family's message, together with the rules; never for refusing help,
never as a diagnosis, and no finer than S0 to S4. Its labels await clinical review (docs/signals.md).

## What it was made of
{lines} lines of our own by {writers} writers ({by}); {held_back} held back for thresholds and figures,
{held}; {examples} examples with variants (slips of typing, policy questions around the signal, earlier turns,
denials); a tenth of the tokens hidden in every step, severities taught with a little doubt, weights averaged.
Seed {seed}, {epochs} epochs, rate {rate}, {minutes} minutes on a shared two-core machine{history}. SHA-256 of
`tail.onnx`: `{sha256}`.

## How it does, without the rules, on the lines held back
```
{table}
```
Severities in the lines: {severities}. Lines of a hand that was learned from are found sooner than those of
a stranger, so whole hands are held back (`--hold`). Their hard negatives are harder than the day: half of
them differ from a danger by a word. `minxing eval signals` measures the whole detector, rules included, on
lines that nobody saw who wrote rules or material.

## Where it is weak
Irony, private slang of a few weeks' age, dialects other than those written down, languages other than
Chinese, signals that stretch over more than four turns, and anything no writer of ours has thought of.
The rules, the sticky severity and the offer of a person stand beside it for that reason.
"""


def write(folder: Path, facts: dict[str, Any], lines: Sequence[Line], table: str) -> None:
    """Write `MODEL_CARD.md` beside the model."""
    by = Counter(line.by for line in lines)
    text = _CARD.format(
        **{"held": "", "history": "", **facts},
        writers=len(by),
        by=", ".join(f"{name} {count}" for name, count in sorted(by.items())),
        table=table,
        severities=", ".join(f"{s} {n}" for s, n in sorted(Counter(line.severity for line in lines).items())),
    )
    (folder / "MODEL_CARD.md").write_text(text, encoding="utf-8")


def replace_table(folder: Path, table: str) -> None:
    """Put the figures of newly chosen thresholds into the card."""
    path = folder / "MODEL_CARD.md"
    before, _, after = path.read_text(encoding="utf-8").split("```", 2)
    path.write_text(f"{before}```\n{table}\n```{after}", encoding="utf-8")


def table_of(folder: Path) -> str:
    """The figures in a card."""
    return (folder / "MODEL_CARD.md").read_text(encoding="utf-8").split("```")[1].strip("\n")


_COMPARED = "## Compared with"


def replace_comparison(folder: Path, found: dict[str, float]) -> None:
    """Put the roads not taken into the card."""
    path = folder / "MODEL_CARD.md"
    before = path.read_text(encoding="utf-8").partition(_COMPARED)[0].rstrip()
    rows = "\n".join(f"| {name} | {share} |" for name, share in found.items())
    path.write_text(
        f"{before}\n\n{_COMPARED}\nRecall of S3 and S4 on the development split when 3 % of the hard "
        f"negatives are hit, each method alone:\n\n| method | recall |\n|---|---|\n{rows}\n",
        encoding="utf-8",
    )
