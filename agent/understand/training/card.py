"""The model card, written by the training run that made the model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

_CARD = """# Model card: the learned reader of understanding

Written by `python -m agent.understand.training`; do not edit by hand.

## What it is
`tail.onnx`: layers 9 to 12 of multilingual-e5-small (intfloat, MIT licence), tuned on our own utterances,
with heads for the wish that leads, for each of {intents} wishes, for {facts} values of facts that words can
say, and for the guide that answers (`columns` in `model.json`). Layers in 4 bits, heads in 32. It continues
from the states after layer 8 that screening made, so a message is encoded once for danger signals, search and
understanding.

## What it is for
Beside rules and patterns, never alone (`agent/understand/weigh.py`): a value that a pattern read and it finds
very unlikely is dropped or doubted; a value that it finds very likely is believed, where no pattern says
otherwise. Numbers and names stay with the patterns. Families confirm or mend what was understood. Without the
model, or with a damaged file, rules and patterns read alone.

## What it was made of
{lines} whole messages, {sayings} sentences with a fact and {wishes} wishes of `examples/` and `intents.yaml`,
{asks} questions of `knowledge/corpus/asks`, as {examples} examples: the other parent, typing slips, words of
dialects, several messages in one. A tenth of the tokens hidden in every step, weights averaged. Seed {seed},
{epochs} epochs, rate {rate}, {minutes} minutes on one thread of a shared two-core machine{history}.
SHA-256 of `tail.onnx`: `{sha256}`.

## How it does
{figures}

## Where it is weak
What was said in earlier messages only, several children in one message, ages and stretches of time, and
whatever no writer of ours has thought of. It reads the first {chars} characters of a message.
"""


def write(folder: Path, facts: dict[str, Any]) -> None:
    """Write `MODEL_CARD.md` beside the model."""
    (folder / "MODEL_CARD.md").write_text(_CARD.format(**facts), encoding="utf-8")
