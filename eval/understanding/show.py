"""The report as a table and as text."""

from __future__ import annotations

from rich.table import Table

from eval.rates import Rate
from eval.understanding.score import Judged, Report


def _cells(rate: Rate | None) -> tuple[str, str, str]:
    if rate is None or not rate.total:
        return "", "", ""
    low, high = rate.interval
    return f"{rate.share:.3f}", f"{low:.3f}–{high:.3f}", f"{rate.hits}/{rate.total}"


def table(report: Report) -> Table:
    """The overall rates with their Wilson intervals and figures."""
    shown = Table("what", "share", "95 %", "count", "figure", "holds", title="understanding")
    for rate in (*report.overall, *report.voices):
        figure = f"≥ {rate.at_least:.2f}" if rate.at_least is not None else ""
        holds = {True: "yes", False: "no", None: ""}[rate.holds]
        name = rate.name if rate in report.overall else f"no mistake, {rate.name}"
        shown.add_row(name, *_cells(rate), figure, holds)
    return shown


def pairs(title: str, right: tuple[Rate, ...], found: tuple[Rate, ...]) -> Table:
    """Precision beside recall."""
    shown = Table(title, "precision", "95 %", "count", "recall", "95 %", "count")
    precision = {rate.name: rate for rate in right}
    for rate in found:
        if rate.total or precision[rate.name].total:
            shown.add_row(rate.name, *_cells(precision[rate.name]), *_cells(rate))
    return shown


def wrong(one: Judged) -> str:
    """One line and what was read instead."""
    said, read = one.line, one.reading
    parts = []
    if not one.whole:
        wanted = ", ".join("/".join(wish) for wish in said.intents)
        parts.append(f"intents {', '.join(read.intents)} (label {wanted})")
    parts += [f"false {name}={read.facts[name]}" for name in sorted(one.false)]
    parts += [f"missed {name}={'/'.join(map(str, said.facts[name]))}" for name in sorted(one.missed)]
    return f"{said.text} -> {'; '.join(parts)}"
