"""`python -m eval.signals`: the table, and with `--lines` what was missed and who was bothered."""

from __future__ import annotations

import sys

from rich.console import Console

from eval.signals.score import run
from eval.signals.show import examples, table


def main() -> int:
    """Print the report; 1 when a figure is not reached."""
    out = Console()
    report = run()
    out.print(table(report))
    if "--lines" in sys.argv:
        out.print(examples(report), markup=False, highlight=False)
    return 0 if report.holds else 1


raise SystemExit(main())
