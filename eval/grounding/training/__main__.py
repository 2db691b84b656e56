# mypy: disable-error-code="misc, import-not-found"
# Torch is not installed where Minxing is checked.
"""From material to reader: `python -m eval.grounding.training --hold clay --documents FOLDER`.

Writes `reader.onnx`, `model.json` and the weights to learn on from; `eval.grounding.join` then learns on the
hand held back how much it counts beside the traits. Needs torch and onnx in an environment of its own.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from eval.grounding.material import Block, learnable
from eval.grounding.training.examples import Mixture, from_passages, mixed, passages, plain
from eval.grounding.training.export import export
from eval.grounding.training.pair import PairReader, from_encoder
from eval.grounding.training.rows import Example, Lower
from eval.grounding.training.tune import Course, logits, tune
from knowledge.encoder.bundled import FOLDER

APART = 8
_LATER = 0.25
"""Share of the paragraphs that later epochs read beside the hands' pairs."""


def say(text: str) -> None:
    """One line of progress with the time."""
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stdout.flush()


def figures(score: np.ndarray, lie: np.ndarray) -> str:
    """Truths dropped at several shares of lies caught."""
    truths, lies = score[lie == 0], score[lie > 0]
    caught = (0.8, 0.9, 0.95, 0.97)
    return "  ".join(f"{share:.2f}: {(truths > np.quantile(lies, 1 - share)).mean():.3f}" for share in caught)


def _split(blocks: Sequence[Block], hands: Sequence[str]) -> tuple[list[Block], list[Block]]:
    return [b for b in blocks if b.by not in hands], [b for b in blocks if b.by in hands]


def learn(arguments: argparse.Namespace) -> None:
    """Tune, export, and write what the reader says of the hands held back."""
    begun = time.time()
    torch.set_num_threads(arguments.threads)
    train, held = _split(learnable(), arguments.hold)
    texts = passages(arguments.documents) if arguments.documents else []
    say(f"{len(train)} blocks to learn from, {len(held)} held back, {len(texts)} paragraphs")
    shown = plain(held)
    lie = np.array([said.lie for example in shown for said in example.said])
    reader = from_encoder(FOLDER, APART)
    if arguments.earlier:
        reader.load_state_dict(torch.load(arguments.earlier))
    lower = Lower(reader)
    arguments.out.mkdir(parents=True, exist_ok=True)

    def epoch_of(epoch: int) -> list[Example]:
        chance = random.Random(epoch)
        many = int(arguments.passages * (1.0 if epoch == 0 and not arguments.earlier else _LATER))
        made = from_passages(chance.sample(texts, min(many, len(texts))), epoch)
        return [*mixed(train, epoch, Mixture(made=1)), *made]

    def after(epoch: int, now: PairReader) -> None:
        if held:
            say(f"epoch {epoch + 1}: truths dropped at lies caught {figures(logits(now, shown, lower), lie)}")
        torch.save(now.state_dict(), arguments.out / "reader.pt")

    course = Course(epochs=arguments.epochs, rate=arguments.rate)
    settled = tune(reader, epoch_of, course, after)
    export(settled, arguments.out / "reader.onnx")
    facts = {
        "sha256": hashlib.sha256((arguments.out / "reader.onnx").read_bytes()).hexdigest(),
        "blocks": len(train),
        "sentences": sum(len(b.truths) + len(b.lies) for b in train),
        "hands": sorted({b.by for b in train}),
        "held_back": sorted(arguments.hold),
        "epochs": arguments.epochs,
        "rate": arguments.rate,
        "seed": course.seed,
        "paragraphs": arguments.passages if texts else 0,
        "minutes": round((time.time() - begun) / 60, 1),
    }
    (arguments.out / "model.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    say(f"written to {arguments.out}")


def main() -> None:
    """Read the arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hold", type=lambda text: tuple(filter(None, text.split(","))), default=("clay",))
    parser.add_argument("--documents", type=Path, help="folder of official texts, for examples made by rule")
    parser.add_argument("--passages", type=int, default=600, help="paragraphs of them in the first epoch")
    parser.add_argument("--out", type=Path, required=True, help="folder for the model")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--earlier", type=Path, help="weights (reader.pt) to learn on from")
    learn(parser.parse_args())


if __name__ == "__main__":
    main()
