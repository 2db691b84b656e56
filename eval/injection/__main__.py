"""`python -m eval.injection [prefix of ids]`: the table, and what went wrong."""

from __future__ import annotations

import sys

from rich.console import Console

from eval.injection.score import run
from eval.injection.show import table


def main() -> int:
    """Print the report; 1 when anything was wrong."""
    only = next((argument for argument in sys.argv[1:] if not argument.startswith("--")), "")
    report = run(only)
    out = Console()
    out.print(table(report))
    for fault in report.faults:
        out.print(f"{fault.case}: {fault.ground}: {fault.detail}", markup=False, highlight=False)
    return 1 if report.faults else 0


raise SystemExit(main())
