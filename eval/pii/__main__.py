"""`python -m eval.pii [development|held_out|all] [--lines] [--no-peers]`: the table, and what went wrong."""

from __future__ import annotations

import sys

from rich.console import Console

from eval.pii.score import run
from eval.pii.show import examples, table


def main() -> int:
    """Print the report; 1 when a figure is not reached."""
    which = next((argument for argument in sys.argv[1:] if argument in ("development", "held_out")), "all")
    report = run(peers="--no-peers" not in sys.argv, which=which)
    out = Console()
    out.print(table(report))
    if "--lines" in sys.argv:
        out.print(examples(report), markup=False, highlight=False)
    return 0 if report.holds else 1


if __name__ == "__main__":
    raise SystemExit(main())
