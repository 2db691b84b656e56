"""The report as one HTML page: recall bars with intervals, severity against route, the lines missed."""

from __future__ import annotations

import html
from collections.abc import Iterable
from pathlib import Path

from eval.rates import STYLE, bars
from eval.signals.score import Judged, Report
from guardrails.types import Route


def _confusion(report: Report) -> str:
    routes = [route.value for route in Route]
    head = "".join(f"<th>{route}</th>" for route in routes)
    rows = "".join(
        f"<tr><th>{level}</th>"
        + "".join(f"<td class='n'>{report.confusion.get((level, route), 0)}</td>" for route in routes)
        + "</tr>"
        for level in ("S4", "S3", "S2", "S1", "S0")
    )
    return f"<h2>Severity of the label, route taken</h2><table><tr><th></th>{head}</tr>{rows}</table>"


def _items(title: str, judged: Iterable[Judged]) -> str:
    items = "".join(
        f"<li>{html.escape(one.line.text)} <small>{one.line.severity} {one.line.category or '-'} "
        f"{one.line.form} → {one.route} {html.escape(', '.join(one.found_by))}</small></li>"
        for one in judged
    )
    return f"<h2>{title}</h2><ul>{items}</ul>"


def page(report: Report, path: Path) -> None:
    """Write the page."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        "<!doctype html><html lang='zh-CN'><meta charset='utf-8'><title>Danger signals</title>"
        f"<style>{STYLE}</style><h1>Danger signals</h1><p>{len(report.judged)} lines, never trained on.</p>"
        + bars("Overall", report.overall)
        + bars("By category", report.categories)
        + bars("By form", report.forms)
        + _confusion(report)
        + _items("Missed", report.missed)
        + _items("Interrupted for nothing", report.false_alarms)
        + "</html>",
        encoding="utf-8",
    )
