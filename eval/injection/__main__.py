"""`python -m eval.injection [prefix of ids]`: the table, and what went wrong."""

from __future__ import annotations

import sys

from rich.console import Console

from eval.injection.score import run
from eval.injection.show import table


def main(only: str = "") -> int:
    """Print the report of the cases whose ids begin so; 1 when anything was wrong."""
    report = run(only)
    out = Console()
    out.print(table(report))
    for fault in report.faults:
        out.print(f"{fault.case}: {fault.ground}: {fault.detail}", markup=False, highlight=False)
    return 1 if report.faults else 0


if __name__ == "__main__":
    raise SystemExit(main(next(iter(sys.argv[1:]), "")))
