"""From material to model: `python -m agent.understand.training [--hold 5]`.

Steps: examples and their variants, states of the shared layers, tuning, export, card. Seeds are fixed; the
same material gives the same model on the same kind of processor. Needs torch and onnx, which Minxing itself
does not: `pip install torch onnx` into an environment of its own.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agent.understand import Understander, material
from agent.understand.columns import Columns, column_of, columns, subjectless
from agent.understand.labelled import Line
from agent.understand.learned import MODEL
from agent.understand.training import card, data
from agent.understand.training.variants import variants
from guardrails.signals.classifier import VECTOR_CHARS
from guardrails.signals.shared import SharedPass
from knowledge.asks import load_asks
from knowledge.encoder.bundled import FOLDER
from knowledge.guides import load_guides
from knowledge.sources import Registry
from tools.facts import FactBook

SEED = 7


def say(text: str) -> None:
    """One line of progress with the time."""
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stdout.flush()


def parted(lines: Sequence[Line], parts: int) -> tuple[list[Line], list[Line]]:
    """Lines to learn from, and one in `parts` held back; 0: none is."""
    held = {line.text for line in lines if parts and zlib.crc32(line.text.encode()) % parts == 0}
    return [one for one in lines if one.text not in held], [one for one in lines if one.text in held]


def figures(lines: Sequence[Line], found: NDArray[np.float32], named: Columns, at: float = 0.5) -> str:
    """How often the first wish leads, and precision and recall of facts by the reader alone."""
    width = len(named.intents)
    first = [
        named.intents[i] in line.intents[0] for i, line in zip(found[:, :width].argmax(1), lines, strict=True)
    ]
    right = wrong = said = 0
    for row, line in zip(found[:, 2 * width : -len(named.guides)], lines, strict=True):
        if line.earlier or line.asked:
            continue
        wanted = {column_of(name, value) for name, values in line.facts.items() for value in values}
        may = set(map(subjectless, line.may))
        said += len(wanted)
        for i in np.flatnonzero(row >= at):
            right += named.facts[i] in wanted
            wrong += named.facts[i] not in wanted and named.facts[i][0] not in may
    return (
        f"{len(lines)} messages: the wish that leads {np.mean(first):.3f}; values of facts at {at}: "
        f"precision {right / max(1, right + wrong):.3f}, recall {right / max(1, said):.3f}"
    )


def said_in(examples: Sequence[data.Example], named: Columns) -> dict[str, int]:
    """How often each value is said, of whomever, by its name."""
    said = Counter((subjectless(name), value) for example in examples for name, value in example.says)
    return {
        text: said[subjectless(name), value]
        for text, (name, value) in zip(named.named, named.facts, strict=True)
    }


def main() -> None:
    """Train, export, write the card."""
    import torch

    from agent.understand.training.export import export
    from agent.understand.training.tune import Course, predict, tune
    from guardrails.signals.training.states import States

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=MODEL)
    parser.add_argument("--hold", type=int, default=0, help="hold back one whole message in so many")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--joins", type=int, default=2000, help="messages joined of several")
    parser.add_argument("--keep", type=Path, help="file of states from earlier runs")
    parser.add_argument("--earlier", type=Path, help="folder of a model to learn on from")
    parser.add_argument("--held", help="figures of the run that held lines back, for the card")
    a = parser.parse_args()
    torch.set_num_threads(1)
    begun = time.time()
    before = hashlib.sha256((a.earlier / "tail.onnx").read_bytes()).hexdigest() if a.earlier else ""
    book = FactBook.load()
    named = columns(book)
    lines, held = parted(material.told(), a.hold)
    patterns = Understander.load(book, {}, learned=False)
    asked = data.of_asks(load_asks(), load_guides(Registry.load()))
    plain = [*data.of_material(patterns), *asked, *map(data.of_line, lines)]
    examples = variants(plain, joins=a.joins, seed=SEED)
    say(f"{len(lines)} messages to learn from, {len(held)} held back, {len(examples)} examples")
    shared = SharedPass()
    states = States.of(shared, [example.text for example in examples], a.keep)
    say("states ready")
    found = ""
    held_states = States.of(shared, [line.text for line in held], a.keep) if held else None

    def progress(epoch: int, tail: torch.nn.Module) -> None:
        nonlocal found
        if held_states is not None:
            found = figures(held, predict(tail, held_states, len(named.intents)), named)
        say(f"epoch {epoch + 1}. {found}")

    course = Course(a.epochs, a.rate, SEED, a.earlier)
    tail = tune(states, data.targets(examples, named), FOLDER / "upper_q4.onnx", course, progress)
    a.out.mkdir(parents=True, exist_ok=True)
    export(tail, a.out / "tail.onnx")
    facts = {
        "sha256": hashlib.sha256((a.out / "tail.onnx").read_bytes()).hexdigest(),
        "material": material.digest(whole=True),
        "lines": len(lines),
        "held_back": len(held),
        "sayings": len(material.sayings()),
        "wishes": len(material.wishes()),
        "asks": sum(bool(example.about) for example in plain),
        "examples": len(examples),
        "seed": SEED,
        "epochs": a.epochs,
        "rate": a.rate,
        "minutes": round((time.time() - begun) / 60, 1),
        "learned_on_from": before,
        "columns": {
            "intents": [intent.value for intent in named.intents],
            "facts": named.named,
            "guides": list(named.guides),
        },
        "said": said_in(plain, named),
    }
    (a.out / "model.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    shown: dict[str, object] = {
        "intents": len(named.intents),
        "facts": len(named.facts),
        "chars": VECTOR_CHARS,
    }
    shown["history"] = ", learned on from the model before" if a.earlier else ""
    card.write(a.out, {**facts, **shown, "figures": a.held or found})
    say(f"written to {a.out}")


if __name__ == "__main__":
    main()
