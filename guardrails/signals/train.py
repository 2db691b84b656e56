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
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from guardrails.signals.classifier import MODEL
from guardrails.signals.material import Form, Line, Turn, held_pieces, load, pieces
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
    held = held_pieces(EVALUATION)
    found: dict[tuple[str, tuple[Turn, ...]], Line] = {}
    for line in load():
        if not pieces(line.text) & held:
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


def quick(folder: Path = MODEL, lines: Sequence[Line] = ()) -> None:
    """The voice of the characters, which also chooses what is read of long texts."""
    lines = lines or trainable()
    texts = [data.text_of(line) for line in lines]
    level = np.array([line.level for line in lines])
    fitted = [
        lexical.fit(texts, (level >= severity).astype(np.float32), epochs=6)
        for severity in (Severity.S2, Severity.S3, Severity.S4)
    ]
    lexical.write(folder / "lexical.npz", fitted)


def thresholds(folder: Path = MODEL, hold: Sequence[str] = ()) -> None:
    """Thresholds of an exported model, chosen again on the held-back lines; needs no torch."""
    from guardrails.signals.training.calibrate import calibrate
    from guardrails.signals.training.held import Held
    from guardrails.signals.training.report import table
    from guardrails.signals.tuned import TunedTail

    lines = trainable()
    held = Held.of([lines[i] for i in data.split(lines, hold)[1]])
    rows = TunedTail(SharedPass(), folder).score(held.texts)[0]
    p = held.gather(np.array([[*row.severity, *row.category, row.past] for row in rows], np.float32))
    chosen = calibrate(held.lines, p)
    (folder / "thresholds.json").write_text(chosen.model_dump_json(indent=1) + "\n", encoding="utf-8")
    card.replace_table(folder, table(held.lines, p, chosen))
    say(f"thresholds of {folder}\n{table(held.lines, p, chosen)}")


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


@dataclass(frozen=True, slots=True)
class Course:
    """How the layers are tuned."""

    folder: Path
    each: int = 1
    """Variants of every line."""
    epochs: int = 5
    rate: float = 2e-4
    threads: int = 1
    hold: tuple[str, ...] = ()
    """Hands that are held back; none: a random part."""
    earlier: Path | None = None
    """Folder of a model to learn on from."""
    known: tuple[str, ...] = ()
    """Hands which that model has read."""
    repeat: float = 1.0
    """How much of theirs an epoch repeats."""
    thresholds_of: Path | None = None
    """Learn from everything, and take the thresholds of the model that held hands back."""
    keep: Path | None = None
    """File of states from earlier runs."""


def tuned(course: Course) -> None:
    """The tuned layers with their thresholds, as ONNX."""
    import torch

    from guardrails.signals.training.calibrate import calibrate
    from guardrails.signals.training.export import export
    from guardrails.signals.training.held import Held
    from guardrails.signals.training.report import table
    from guardrails.signals.training.states import States
    from guardrails.signals.training.tune import predict, tune
    from guardrails.signals.training.variants import variants

    torch.set_num_threads(course.threads)
    begun = time.time()
    lines = trainable()
    train, dev = data.split(lines, course.hold)
    held = Held.of([lines[i] for i in dev])
    learned = lines if course.thresholds_of else [lines[i] for i in train]
    examples = [
        replace(one, chance=course.repeat) if one.line.by in course.known else one
        for one in variants(learned, each=course.each, seed=SEED)
    ]
    say(f"{len(lines)} lines, {len(learned)} to learn from as {len(examples)} examples, {len(dev)} held back")
    shared = SharedPass(threads=course.threads)
    states = States.of(shared, [example.text for example in examples], course.keep)
    held_states = States.of(shared, held.texts, course.keep)
    course.folder.mkdir(parents=True, exist_ok=True)
    quick(course.folder, learned)
    characters = course.folder / "lexical.npz"
    say("states and characters ready")

    def progress(epoch: int, tail: Any) -> None:
        p = held.gather(predict(tail, held_states), characters)
        say(f"epoch {epoch + 1}\n{table(held.lines, p, calibrate(held.lines, p))}")

    tail = tune(
        states,
        examples,
        FOLDER / "upper_q4.onnx",
        epochs=course.epochs,
        rate=course.rate,
        seed=SEED,
        earlier=course.earlier / "tail.onnx" if course.earlier else None,
        each_epoch=progress,
    )
    p = held.gather(predict(tail, held_states), characters)
    chosen = calibrate(held.lines, p)
    figures = table(held.lines, p, chosen)
    if course.thresholds_of:
        # What was held back is learned now: thresholds and figures stay those of the run that held it back.
        chosen = Thresholds.load(course.thresholds_of / "thresholds.json")
        figures = card.table_of(course.thresholds_of)
    export(tail, course.folder / "tail.onnx")
    (course.folder / "thresholds.json").write_text(chosen.model_dump_json(indent=1) + "\n", encoding="utf-8")
    facts = {
        "sha256": hashlib.sha256((course.folder / "tail.onnx").read_bytes()).hexdigest(),
        "lines": len(lines),
        "held_back": len(dev),
        "held_hands": ", ".join(course.hold),
        "learned_on_from": _digest(course.earlier),
        "examples": len(examples),
        "seed": SEED,
        "epochs": course.epochs,
        "rate": course.rate,
        "variants_each": course.each,
        "minutes": round((time.time() - begun) / 60, 1),
        "learned_from_everything": course.thresholds_of is not None,
    }
    (course.folder / "model.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    notes = {"held": _held(course.hold)}
    if course.thresholds_of:
        notes["history"] = (
            "; learned on from the model whose thresholds and figures are shown here, now from every line"
        )
    card.write(course.folder, {**facts, **notes}, lines, figures)
    say(f"written to {course.folder}")


def _digest(folder: Path | None) -> str:
    return hashlib.sha256((folder / "tail.onnx").read_bytes()).hexdigest() if folder else ""


def _held(hands: Sequence[str]) -> str:
    if hands:
        return f"all that the hand {' and '.join(hands)} wrote"
    return "whole clusters of near-duplicates and minimal pairs on one side"


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.split(",") if name)


def main() -> None:
    """Read the arguments and run the steps named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("steps", nargs="*", default=["pinyin", "frozen", "quick", "tuned"])
    parser.add_argument("--out", type=Path, default=MODEL)
    parser.add_argument("--each", type=int, default=1, help="variants of every line")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--hold", type=_names, default=(), help="hands to hold back, such as ward,net")
    parser.add_argument("--earlier", type=Path, help="folder of a model to learn on from")
    parser.add_argument("--known", type=_names, default=(), help="hands that the earlier model has read")
    parser.add_argument("--repeat", type=float, default=0.4, help="share of theirs that an epoch repeats")
    parser.add_argument(
        "--thresholds-of", type=Path, help="learn from everything; take thresholds of this folder"
    )
    parser.add_argument("--keep", type=Path, help="file of states from earlier runs")
    a = parser.parse_args()
    if "pinyin" in a.steps:
        pinyin()
    if "frozen" in a.steps:
        frozen()
    if "quick" in a.steps:
        quick()
    if "thresholds" in a.steps:
        thresholds(a.out, a.hold)
    if "compare" in a.steps:
        comparison(a.out)
    if "tuned" in a.steps:
        tuned(
            Course(
                folder=a.out,
                each=a.each,
                epochs=a.epochs,
                rate=a.rate,
                threads=a.threads,
                hold=a.hold,
                earlier=a.earlier,
                known=a.known,
                repeat=a.repeat,
                thresholds_of=a.thresholds_of,
                keep=a.keep,
            )
        )


if __name__ == "__main__":
    main()
