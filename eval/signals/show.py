"""The report as a table and as text."""

from __future__ import annotations

from rich.table import Table

from eval.signals.score import Judged, Rate, Report


def _figure(rate: Rate) -> str:
    if rate.at_least is not None:
        return f"≥ {rate.at_least:.3g}"
    return f"≤ {rate.at_most:.3g}" if rate.at_most is not None else ""


def table(report: Report) -> Table:
    """Every rate with its Wilson interval and its figure."""
    shown = Table("what", "share", "95 %", "lines", "figure", "holds", title="danger signals")
    for group in (report.overall, report.categories, report.forms):
        for rate in group:
            if not rate.total:
                continue
            low, high = rate.interval
            holds = {True: "yes", False: "no", None: ""}[rate.holds]
            shown.add_row(
                rate.name,
                f"{rate.share:.3f}",
                f"{low:.3f}–{high:.3f}",
                f"{rate.hits}/{rate.total}",
                _figure(rate),
                holds,
            )
        shown.add_section()
    return shown


def _line(one: Judged) -> str:
    category = one.line.category.value if one.line.category else "-"
    return (
        f"{one.line.severity} {category} {one.line.form.value} -> {one.route.value} "
        f"[{', '.join(one.found_by)}] {one.line.text}"
    )


def examples(report: Report) -> str:
    """The lines behind the misses and the false alarms."""
    return "\n".join(
        ["missed:", *map(_line, report.missed), "interrupted for nothing:", *map(_line, report.false_alarms)]
    )
