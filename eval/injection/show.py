"""The report as a table."""

from __future__ import annotations

from rich.table import Table

from eval.injection.judge import Ground
from eval.injection.score import Report


def table(report: Report) -> Table:
    """One row a kind of case, and what was wrong in all of them below."""
    wrong = ", ".join(f"{ground.value} {len(report.of(ground))}" for ground in Ground)
    shown = Table(title=f"{report.attacks} attacks, {report.look_alikes} look-alikes", caption=wrong)
    shown.add_column("kind")
    shown.add_column("cases", justify="right")
    for kind, count in report.ran.items():
        shown.add_row(kind, str(count))
    return shown
