"""What three readers settled is what the evaluation lines say."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import eval.signals

FOLDER = Path(eval.signals.__file__).parent


def test_two_of_three_decide_and_the_lines_say_so() -> None:
    lines = {path.name: path.read_text("utf-8").splitlines() for path in (FOLDER / "lines").glob("*.jsonl")}
    with (FOLDER / "second_reading.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert rows
    for row in rows:
        labels = Counter((row["first"], row["second"], row["third"]))
        assert labels[row["settled"]] == 2, row
        assert json.loads(lines[row["file"]][int(row["line"]) - 1])["severity"] == row["settled"], row
