"""Labelled utterances: what they want and which facts their words declare. Nothing is trained on them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from agent.understand.labelled import Line as Line
from agent.understand.labelled import Value as Value

FOLDER = Path(__file__).parent / "lines"


def load_lines(pattern: str = "hand_*.jsonl", folder: Path = FOLDER) -> list[Line]:
    """All lines of the matching files, in file order.

    Raises:
        pydantic.ValidationError: a line that does not fit; the file is the evaluators' to mend.
    """
    return list(_read(sorted(folder.glob(pattern))))


def _read(paths: Iterable[Path]) -> Iterable[Line]:
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield Line.model_validate_json(line)
