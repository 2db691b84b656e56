# mypy: disable-error-code="misc, import-not-found, untyped-decorator"
# Torch is not installed where Minxing is checked.
"""Tune `knowledge/encoder/alike` on the asks of the corpus. Needs torch and onnx, which Minxing does not.

    python -m eval.retrieval.alike --hold 0.1 --out FOLDER      # what is learned, on asks that are kept back
    python -m eval.retrieval.alike --out knowledge/encoder/alike
    python -m knowledge.index.build                             # then the vectors of the asks are made anew

The same material gives the same model; no question of any evaluation is read.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from eval.retrieval.alike import lines as material
from eval.retrieval.alike.export import export
from eval.retrieval.alike.tune import Course, Upper, tune, vectors_of
from guardrails.signals.shared import SharedPass
from guardrails.signals.training.states import States
from knowledge.encoder import bundled

_LOOK = (1, 3, 8)


def found(lines: material.Lines, vectors: NDArray[np.float32]) -> dict[str, float]:
    """Of the asks kept back: how many have their clause among the first, by their nearest ask."""
    known = [i for i, c in enumerate(lines.clause) if c >= 0 and i not in lines.held]
    asked = sorted(lines.held)
    owner = np.array([lines.clause[i] for i in known])
    best = np.full((len(asked), len(lines.document)), -1.0, np.float32)
    for row, near in enumerate(vectors[asked] @ vectors[known].T):
        np.maximum.at(best[row], owner, near)
    own = best[np.arange(len(asked)), [lines.clause[i] for i in asked]]
    rank = (best > own[:, None]).sum(1)
    return {f"first {n}": round(float((rank < n).mean()), 3) for n in _LOOK}


def main() -> None:
    """Tune, show what asks kept back find, export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--hold", type=float, default=0.0, help="share of the asks to keep back")
    parser.add_argument("--epochs", type=int, default=Course().epochs)
    parser.add_argument("--rate", type=float, default=Course().rate)
    parser.add_argument("--keep", type=Path, help="file of states from earlier runs")
    parser.add_argument("--weights", type=Path, help="keep the weights here after each epoch")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    course = Course(epochs=options.epochs, rate=options.rate)
    lines = material.load(options.hold, course.seed)
    states = States.of(SharedPass(), lines.texts, options.keep)
    print(f"{len(lines.texts)} texts, {len(lines.document)} clauses, {len(lines.held)} kept back")  # noqa: T201

    def show(epoch: int, upper: Upper) -> None:
        if lines.held:
            print(f"epoch {epoch + 1}: {found(lines, vectors_of(upper, states))}", flush=True)  # noqa: T201
        if options.weights:
            torch.save(upper.state_dict(), options.weights)

    upper = tune(states, lines, bundled.FOLDER / "upper_q4.onnx", course, show)
    facts: dict[str, object] = {"texts": len(lines.texts), "clauses": len(lines.document)}
    if lines.held:
        facts["kept_back"] = found(lines, vectors_of(upper, states))
    export(upper, options.out, {**facts, "epochs": course.epochs, "seed": course.seed})


if __name__ == "__main__":
    main()
