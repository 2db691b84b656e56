"""`python -m eval.grounding [development|held_out|all] [--lines] [page.html]`; no single held-out pairs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from eval.grounding.page import page
from eval.grounding.score import LIES_CAUGHT, TRUTHS_DROPPED, Report, own, run

_BESIDE = (0, 2)


def table(which: str, reports: list[tuple[str, Report]]) -> Table:
    """One row for each way of checking."""
    shown = Table(title=f"Grounding: {which}")
    caught, dropped = f"lies caught (>= {LIES_CAUGHT})", f"truths dropped (<= {TRUTHS_DROPPED})"
    headings = ("check", "pairs", caught, dropped, "by ground")
    for heading in headings:
        shown.add_column(heading)
    for name, report in reports:
        both = (report.lies_caught, report.truths_dropped)
        rates = [f"{share:.3f} [{low:.3f}, {high:.3f}]" for share, low, high in both]
        grounds = ", ".join(f"{ground} {count}" for ground, count in report.grounds.items())
        shown.add_row(name, str(report.pairs), *rates, grounds)
    return shown


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report; 1 when a figure is not reached by rules and crossings with the right clause alone."""
    given = sys.argv[1:] if arguments is None else arguments
    which = next(
        (argument for argument in given if argument in ("development", "held_out", "all")), "held_out"
    )
    checks = (("rules and crossings", own(reader=True)), ("rules alone", own(reader=False)))
    reports = [
        (f"{name}, {beside} clauses beside", run(check, which=which, beside=beside))
        for name, check in checks
        for beside in _BESIDE
    ]
    out = Console()
    out.print(table(which, reports))
    for name in given:
        if name.endswith(".html"):
            page(which, reports, Path(name))
    if "--lines" in given and which == "development":
        for check_name, report in reports[: len(_BESIDE)]:
            for lie, evidence in report.missed:
                out.print(f"[{check_name}] WENT OUT  {lie}  |  {evidence}", markup=False, highlight=False)
            for truth, evidence, why in report.lost:
                out.print(
                    f"[{check_name}] DROPPED  {truth}  |  {evidence}  |  {why}", markup=False, highlight=False
                )
    return 0 if reports[0][1].holds else 1


if __name__ == "__main__":
    raise SystemExit(main())
