"""The report as one HTML page: recall bars with intervals, severity against route, the lines missed."""

from __future__ import annotations

import html
from collections.abc import Iterable
from pathlib import Path

from eval.signals.score import Judged, Rate, Report
from guardrails.types import Route

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1d2330}
table{border-collapse:collapse;margin:.5rem 0 1.5rem}td,th{padding:.15rem .6rem;text-align:left}
th{border-bottom:1px solid #99a}.n{text-align:right;font-variant-numeric:tabular-nums}
.bar{position:relative;width:16rem;height:.9rem;background:#e6e9f0}
.bar i{position:absolute;top:0;bottom:0;background:#3b6ea5}
.bar b{position:absolute;top:.35rem;height:.2rem;background:#111}
.bar u{position:absolute;top:-.15rem;bottom:-.15rem;width:2px;background:#c22}
.no td:first-child{color:#a11;font-weight:600}
li{margin:.2rem 0}small{color:#556}
"""


def _row(rate: Rate) -> str:
    low, high = rate.interval
    goal = rate.at_least if rate.at_least is not None else rate.at_most
    mark = f"<u style='left:{goal:.1%}'></u>" if goal is not None else ""
    bar = (
        f"<div class='bar'><i style='left:0;width:{rate.share:.1%}'></i>"
        f"<b style='left:{low:.1%};width:{high - low:.1%}'></b>{mark}</div>"
    )
    state = " class='no'" if rate.holds is False else ""
    return (
        f"<tr{state}><td>{html.escape(rate.name)}</td><td>{bar}</td><td class='n'>{rate.share:.3f}</td>"
        f"<td class='n'>{low:.3f}–{high:.3f}</td><td class='n'>{rate.hits}/{rate.total}</td></tr>"
    )


def _rates(title: str, rates: Iterable[Rate]) -> str:
    rows = "".join(_row(rate) for rate in rates if rate.total)
    head = "<tr><th></th><th>share, 95 % interval, figure</th><th>share</th><th>95 %</th><th>lines</th></tr>"
    return f"<h2>{title}</h2><table>{head}{rows}</table>"


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
        f"<style>{_STYLE}</style><h1>Danger signals</h1><p>{len(report.judged)} lines, never trained on.</p>"
        + _rates("Overall", report.overall)
        + _rates("By category", report.categories)
        + _rates("By form", report.forms)
        + _confusion(report)
        + _items("Missed", report.missed)
        + _items("Interrupted for nothing", report.false_alarms)
        + "</html>",
        encoding="utf-8",
    )
