"""From material to model: `python -m guardrails.signals.train`.

Steps: split, variants, states of the shared layers, tuning, thresholds, export, card. Seeds are fixed; the
same material gives the same model on the same kind of processor. Needs torch and onnx, which Minxing itself
does not: `pip install torch onnx` into an environment of its own.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from guardrails.signals.classifier import MODEL
from guardrails.signals.material import Form, Line, Turn, load, shares_text
from guardrails.signals.shared import SharedPass
from guardrails.signals.thresholds import Thresholds
from guardrails.signals.training import card, data, heads, lexical, pinyin_table
from guardrails.types import Severity
from knowledge.encoder.bundled import FOLDER

ROOT = Path(__file__).resolve().parents[2]
EVALUATION = ROOT / "eval" / "signals" / "lines"
GUIDES = ROOT / "knowledge" / "corpus" / "guides"
SEED = 7


def trainable() -> list[Line]:
    """The material without repeats and without what shares text with the evaluation lines (R-75)."""
    held = ["\n".join([line.text, *(turn.text for turn in line.window)]) for line in load(EVALUATION)]
    found: dict[tuple[str, tuple[Turn, ...]], Line] = {}
    for line in load():
        if not shares_text(line.text, held):
            found.setdefault((line.text.strip(), line.window), line)
    return list(found.values())


def say(text: str) -> None:
    """One line of progress with the time."""
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stdout.flush()


def pinyin() -> None:
    """The table that reads pinyin back."""
    disguised = (Form.HOMOPHONE, Form.PINYIN, Form.OBFUSCATED)
    lines = [line for line in trainable() if line.form not in disguised]
    texts = [line.text for line in lines for _ in range(3)] + [t.text for line in lines for t in line.window]
    texts += [path.read_text(encoding="utf-8") for path in sorted(GUIDES.glob("*.md"))]
    pinyin_table.write(texts, MODEL / "pinyin.json")


def frozen(folder: Path = MODEL) -> None:
    """The baseline heads."""
    from knowledge.encoder import load_encoder

    lines = trainable()
    x = load_encoder(2).encode([data.text_of(line) for line in lines])
    mean, scale = x.mean(0), x.std(0) * 4
    wanted = data.targets(lines)
    y = np.concatenate([wanted.severity, wanted.category, wanted.past[:, None]], 1)
    w, b = heads.fit((x - mean) / scale, y)
    np.savez_compressed(folder / "heads.npz", mean=mean, scale=scale, w=w, b=b)


def quick(folder: Path = MODEL) -> None:
    """The quick look at long texts."""
    lines = trainable()
    wanted = np.array([line.level >= Severity.S2 for line in lines], np.float32)
    lexical.write(folder / "lexical.npz", *lexical.fit([data.text_of(line) for line in lines], wanted))


def thresholds(folder: Path = MODEL) -> None:
    """Thresholds of an exported model, chosen again on the development split; needs no torch."""
    from guardrails.signals.training.calibrate import calibrate
    from guardrails.signals.training.report import table
    from guardrails.signals.tuned import TunedTail

    lines = trainable()
    _, dev = data.split(lines)
    held = [lines[i] for i in dev]
    tail = TunedTail(SharedPass(), folder)
    rows = [tail.score([data.text_of(line)])[0][0] for line in held]
    p = np.array([[*row.severity, *row.category, row.past] for row in rows], np.float32)
    chosen = calibrate(held, p)
    (folder / "thresholds.json").write_text(chosen.model_dump_json(indent=1) + "\n", encoding="utf-8")
    card.replace_table(folder, table(held, p, chosen))
    say(f"thresholds of {folder}\n{table(held, p, chosen)}")


def comparison(folder: Path = MODEL) -> None:
    """Other ways of learning the same, measured on the same split; takes minutes."""
    from guardrails.signals.training.compare import compare, recall_at
    from guardrails.signals.tuned import TunedTail

    lines = trainable()
    shared = SharedPass()
    tail = TunedTail(shared, folder)
    held = [lines[i] for i in data.split(lines)[1]]
    p = np.array([tail.score([data.text_of(line)])[0][0].severity[2] for line in held], np.float32)
    found = {"tuned layers 9 to 12": round(recall_at(p, held, Severity.S3), 3), **compare(lines, shared)}
    card.replace_comparison(folder, found)
    say(f"compared: {found}")


def tuned(
    folder: Path, *, each: int, epochs: int, rate: float, threads: int, everything: bool, keep: Path | None
) -> None:
    """The tuned layers with their thresholds, as ONNX."""
    import torch

    from guardrails.signals.training.calibrate import calibrate
    from guardrails.signals.training.export import export
    from guardrails.signals.training.report import table
    from guardrails.signals.training.tune import States, predict, tune
    from guardrails.signals.training.variants import variants

    torch.set_num_threads(threads)
    begun = time.time()
    lines = trainable()
    train, dev = data.split(lines)
    held = [lines[i] for i in dev]
    examples = variants(lines if everything else [lines[i] for i in train], each=each, seed=SEED)
    say(f"{len(lines)} lines: {len(train)} to learn from, {len(held)} held back, {len(examples)} examples")
    shared = SharedPass(threads=threads)
    states = States.of(shared, [example.text for example in examples], keep)
    held_states = States.of(shared, [data.text_of(line) for line in held], keep)
    say("states ready")

    def progress(epoch: int, tail: Any) -> None:
        p = predict(tail, held_states)
        say(f"epoch {epoch + 1}\n{table(held, p, calibrate(held, p))}")

    tail = tune(
        states, examples, FOLDER / "upper_q4.onnx", epochs=epochs, rate=rate, seed=SEED, each_epoch=progress
    )
    p = predict(tail, held_states)
    chosen = calibrate(held, p)
    if everything:
        # The held-back lines were learned too: thresholds stay those of the run that held them back.
        chosen = Thresholds.load(MODEL / "thresholds.json")
    folder.mkdir(parents=True, exist_ok=True)
    export(tail, folder / "tail.onnx")
    (folder / "thresholds.json").write_text(chosen.model_dump_json(indent=1) + "\n", encoding="utf-8")
    digest = hashlib.sha256((folder / "tail.onnx").read_bytes()).hexdigest()
    facts = {
        "sha256": digest,
        "lines": len(lines),
        "held_back": len(held),
        "examples": len(examples),
        "seed": SEED,
        "epochs": epochs,
        "rate": rate,
        "variants_each": each,
        "minutes": round((time.time() - begun) / 60, 1),
        "learned_from_everything": everything,
    }
    (folder / "model.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    card.write(folder, facts, lines, table(held, p, chosen))
    say(f"written to {folder}")


def main() -> None:
    """Read the arguments and run the steps named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("steps", nargs="*", default=["pinyin", "frozen", "quick", "tuned"])
    parser.add_argument("--out", type=Path, default=MODEL)
    parser.add_argument("--each", type=int, default=1, help="variants of every line")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--everything", action="store_true", help="learn from the held-back lines too")
    parser.add_argument("--keep", type=Path, help="file of states from earlier runs")
    a = parser.parse_args()
    if "pinyin" in a.steps:
        pinyin()
    if "frozen" in a.steps:
        frozen()
    if "quick" in a.steps:
        quick()
    if "thresholds" in a.steps:
        thresholds(a.out)
    if "compare" in a.steps:
        comparison(a.out)
    if "tuned" in a.steps:
        tuned(
            a.out,
            each=a.each,
            epochs=a.epochs,
            rate=a.rate,
            threads=a.threads,
            everything=a.everything,
            keep=a.keep,
        )


if __name__ == "__main__":
    main()
