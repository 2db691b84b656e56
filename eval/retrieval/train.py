"""Learns `knowledge/search/weights.yaml`: from the tuning half, tests/knowledge, and asks that are held out.

    python -m eval.retrieval.alike --hold 0.1 --out FOLDER  # vectors
    python -m eval.retrieval.train --documents TEXTS [--alike FOLDER]

The reported half is never read. Each question trains on what search itself measures (`features.measure`).
An ask trains as a question with itself left out, and only if the vectors were not tuned on it either: a
clause is not to be found by its own words.
"""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from eval.retrieval.alike.lines import load as load_lines
from eval.retrieval.fit import Ranks, cross_validated, listwise, logistic
from eval.retrieval.questions import fits, load_questions, resolved
from eval.retrieval.score import TODAY
from knowledge.encoder import alike, load_encoder
from knowledge.library import Library
from knowledge.search import answer
from knowledge.search.combine import WEIGHTS
from knowledge.search.features import NAMES, measure
from knowledge.search.places import HOME, applicable_regions
from knowledge.search.ranking import policy
from knowledge.types import Clause
from settings import Settings

DEVELOPMENT = Path(__file__).resolve().parents[2] / "tests" / "knowledge"
HOLD, SEED = 0.1, 7
"""As `eval.retrieval.alike` kept them back."""
ASK_WEIGHT = 0.2
"""A held-out ask counts less than a question that another hand wrote."""
OUTSIDE_WEIGHT = 1.0
UNASKED_WEIGHT = 0.5
"""A question whose clause is made to have no asks: what an operator takes in has none."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question, and what a search should make of it."""

    text: str
    wanted: frozenset[str]
    """Clauses of which any answers; empty where none is known."""
    answered: bool | None
    """Whether our documents are about it; None: it does not train that decision."""
    earlier: tuple[str, ...] = ()
    as_of: dt.date = TODAY
    topic: str | None = None
    weight: float = 1.0
    line: int | None = None
    """Place among the asks, for a held-out one."""


def examples(library: Library) -> list[Example]:
    """All that may be learned from."""
    return [*_tuning(library), *_development(library), *_outside(), *_held_out(library)]


def _tuning(library: Library) -> list[Example]:
    found = []
    for question in load_questions():
        if question.half != "tune":
            continue
        wanted = resolved(question, library.view.registry)
        answered = {None: True, "nothing_found": False}.get(question.reason)
        day = dt.date.fromisoformat(question.as_of) if question.as_of else TODAY
        found.append(Example(question.text, wanted, answered, question.earlier, day))
    return found


def _development(library: Library) -> list[Example]:
    rows = yaml.safe_load((DEVELOPMENT / "questions.yaml").read_text("utf-8"))["questions"]
    found = []
    for row in rows:
        references = row["want"] if isinstance(row.get("want"), list) else []
        cited = [library.view.registry.cite(reference) for reference in references]
        wanted = frozenset(f"{c.document_id}#{c.clause}" if c.clause else c.document_id for c in cited)
        answered = {None: True, "nothing_found": False}.get(row.get("reason"))
        found.append(Example(row["q"], wanted, answered, (), row.get("as_of", TODAY), row.get("topic")))
    return found


def _outside() -> list[Example]:
    rows = yaml.safe_load((DEVELOPMENT / "outside.yaml").read_text("utf-8"))["questions"]
    return [Example(row, frozenset(), False, weight=OUTSIDE_WEIGHT) for row in rows]


def _held_out(library: Library) -> list[Example]:
    """Asks that were kept back; what rests on the clause that their paragraph restates is right as well."""
    view, found = library.view, []
    lines = load_lines(HOLD, SEED)
    held = {lines.texts[i] for i in lines.held}
    for line in range(len(view.asks)):
        if view.asks.questions[line] not in held:
            continue
        clause = view.entry(int(view.asks.units[line])).clause
        cited = (clause.citation, *clause.also)
        wanted = frozenset(f"{c.document_id}#{c.clause}" if c.clause else c.document_id for c in cited)
        found.append(Example(view.asks.questions[line], wanted, True, weight=ASK_WEIGHT, line=line))
    return found


@dataclass(frozen=True, slots=True)
class Measured:
    """An example with what search measured of it."""

    example: Example
    matrix: NDArray[np.float32]
    policy: NDArray[np.float32]
    right: NDArray[np.bool_]
    units: NDArray[np.int64]


def measured(library: Library, all_examples: Sequence[Example]) -> list[Measured]:
    """What search measures of each example's candidates, and which of them are right."""
    view = library.view
    clauses: list[Clause] = [view.entry(unit).clause for unit in range(view.size)]
    regions = applicable_regions(HOME)
    found = []
    for example in all_examples:
        if not example.wanted:
            continue
        query = library.query(
            view, example.text, None, example.earlier, as_of=example.as_of, topic=example.topic
        )
        allowed = view.in_regions(regions) & view.in_force(example.as_of)
        candidates = measure(view, query.asked, allowed, example.line)
        right = np.asarray([fits(clauses[unit], example.wanted) for unit in candidates.units], np.bool_)
        fixed = policy(view, candidates.units, regions, example.as_of, example.topic)
        found.append(Measured(example, candidates.matrix, fixed, right, candidates.units))
    return found


def unasked(row: Measured) -> Measured:
    """The same where nobody wrote asks for what answers, as for a document that an operator takes in."""
    matrix, right = row.matrix.copy(), row.right
    for name in ("is_asked", "ask_meaning", "ask_meaning_of_last", "ask_words"):
        matrix[right, NAMES.index(name)] = 0
    matrix[right, NAMES.index("nearest")] = matrix[right, NAMES.index("meaning")]
    return replace(row, matrix=matrix, example=replace(row.example, weight=UNASKED_WEIGHT))


def ranking(rows: Sequence[Measured]) -> tuple[float, dict[str, float], Ranks]:
    """Bias and weights of the order, and the ranks that they give to questions they were not learned from."""
    found = cross_validated(
        [row.matrix for row in rows],
        [row.policy for row in rows],
        [row.right for row in rows],
        np.asarray([row.example.weight for row in rows]),
        asked=np.asarray([row.example.line is None for row in rows]),
    )
    all_rows = [*rows, *(unasked(row) for row in rows if row.example.line is None)]
    weights = listwise(
        [row.matrix for row in all_rows],
        [row.policy for row in all_rows],
        [row.right for row in all_rows],
        np.asarray([row.example.weight for row in all_rows]),
    )
    middle = float(np.median([(row.matrix @ weights + row.policy).max() for row in rows]))
    return 2.0 - middle, dict(zip(NAMES, weights.tolist(), strict=True)), found


def answering(
    library: Library, all_examples: Sequence[Example]
) -> tuple[float, dict[str, float], float, float]:
    """Bias and weights of the decision, and how often it is right on each side, cross-validated."""
    view, signs, labels, weights = library.view, [], [], []
    for example in all_examples:
        if example.answered is None:
            continue
        query = library.query(
            view, example.text, None, example.earlier, as_of=example.as_of, topic=example.topic
        )
        found = answer.ranked(view, query, example.as_of, example.line)
        signs.append(answer.signs(found, query))
        labels.append(example.answered)
        weights.append(example.weight)
    names = list(signs[0])
    matrix = np.asarray([[float(sign[name]) for name in names] for sign in signs])
    bias, learned, kept, refused = logistic(matrix, np.asarray(labels), np.asarray(weights))
    return bias, dict(zip(names, learned.tolist(), strict=True)), kept, refused


def main() -> None:
    """Learn, show what cross-validation says, write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=Path, help="folder of official texts to take in first")
    parser.add_argument(
        "--alike", type=Path, help="model that asks were kept back from; else the shipped one"
    )
    parser.add_argument("--data-dir", type=Path, help="a data folder that holds them already")
    options = parser.parse_args()
    alike.FOLDER = options.alike or alike.FOLDER
    with tempfile.TemporaryDirectory(prefix="minxing-train-") as scratch:
        settings = Settings(data_dir=options.data_dir or Path(scratch))
        if options.documents:
            from knowledge.ingest import ingest

            ingest([options.documents], settings)
        library = Library.open(settings.snapshots_dir, load_encoder(threads=2))
        learn(library)


def learn(library: Library, path: Path = WEIGHTS) -> None:
    """Learn from the library's index and write the weights."""
    all_examples = examples(library)
    rows = measured(library, all_examples)
    bias, order, ranks = ranking(rows)
    print(f"order, cross-validated over {len(ranks)} questions: {ranks}")  # noqa: T201
    data = {
        "trained_on": f"{len(ranks)} questions and {len(rows) - len(ranks)} held-out asks over "
        f"{library.view.size} clauses",
        "ranking": {"bias": round(bias, 4), "weights": {k: round(v, 4) for k, v in order.items()}},
    }
    _write(path, {**data, "answering": {"bias": 0.0, "weights": {}}})
    bias, decision, kept, refused = answering(library, all_examples)
    print(f"decision, cross-validated: {kept:.3f} of ours answered, {refused:.3f} of others refused")  # noqa: T201
    _write(
        path,
        {
            **data,
            "answering": {"bias": round(bias, 4), "weights": {k: round(v, 4) for k, v in decision.items()}},
        },
    )


def _write(path: Path, data: object) -> None:
    head = "# Learned by eval/retrieval/train.py, never edited by hand. Names: features.py, answer.py.\n"
    path.write_text(head + yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
    from knowledge.search.combine import learned

    learned.cache_clear()


if __name__ == "__main__":
    main()
