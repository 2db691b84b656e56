"""`python -m eval.pii [development|held_out|all] [--lines] [--no-peers] [page.html]`: table, faults, page."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from eval.pii.page import page
from eval.pii.score import run
from eval.pii.show import examples, table


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report; 1 when a figure is not reached."""
    given = sys.argv[1:] if arguments is None else arguments
    which = next((argument for argument in given if argument in ("development", "held_out")), "all")
    report = run(peers="--no-peers" not in given, which=which)
    out = Console()
    out.print(table(report))
    for name in given:
        if name.endswith(".html"):
            page(report, Path(name))
    if "--lines" in given:
        out.print(examples(report), markup=False, highlight=False)
    return 0 if report.holds else 1


if __name__ == "__main__":
    raise SystemExit(main())
