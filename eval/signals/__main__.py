"""`python -m eval.signals [--lines] [page.html]`: the table, the lines behind it, the page."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from eval.signals.page import page
from eval.signals.score import run
from eval.signals.show import examples, table


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report; 1 when a figure is not reached."""
    given = sys.argv[1:] if arguments is None else arguments
    out = Console()
    report = run()
    out.print(table(report))
    for name in given:
        if name.endswith(".html"):
            page(report, Path(name))
    if "--lines" in given:
        out.print(examples(report), markup=False, highlight=False)
    return 0 if report.holds else 1


if __name__ == "__main__":
    raise SystemExit(main())
