"""The report as one HTML page: rates, precision and recall by intent and fact, confusion, mistakes."""

from __future__ import annotations

import html
from collections.abc import Iterable
from pathlib import Path

from agent.types import Intent
from eval.signals.score import Rate
from eval.understanding.score import Report
from eval.understanding.show import wrong

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1d2330}
table{border-collapse:collapse;margin:.5rem 0 1.5rem}td,th{padding:.15rem .5rem;text-align:left}
th{border-bottom:1px solid #99a}.n{text-align:right;font-variant-numeric:tabular-nums}
.bar{position:relative;width:12rem;height:.9rem;background:#e6e9f0}
.bar i{position:absolute;top:0;bottom:0;background:#3b6ea5}
.bar b{position:absolute;top:.35rem;height:.2rem;background:#111}
.bar u{position:absolute;top:-.15rem;bottom:-.15rem;width:2px;background:#c22}
.no td:first-child{color:#a11;font-weight:600}.off{background:#f6dada}.on{background:#dcebdc}
.turned th{writing-mode:vertical-rl;font-weight:400}li{margin:.2rem 0}
"""


def _cells(rate: Rate) -> str:
    if not rate.total:
        return "<td></td><td></td><td></td><td></td>"
    low, high = rate.interval
    mark = f"<u style='left:{rate.at_least:.1%}'></u>" if rate.at_least is not None else ""
    bar = (
        f"<div class='bar'><i style='left:0;width:{rate.share:.1%}'></i>"
        f"<b style='left:{low:.1%};width:{high - low:.1%}'></b>{mark}</div>"
    )
    return (
        f"<td>{bar}</td><td class='n'>{rate.share:.3f}</td><td class='n'>{low:.3f}–{high:.3f}</td>"
        f"<td class='n'>{rate.hits}/{rate.total}</td>"
    )


def _row(rate: Rate) -> str:
    state = "no" if rate.holds is False else ""
    return f"<tr class='{state}'><td>{html.escape(rate.name)}</td>{_cells(rate)}</tr>"


def _rates(title: str, rates: Iterable[Rate]) -> str:
    rows = "".join(_row(rate) for rate in rates if rate.total)
    head = "<tr><th></th><th>share, 95 % interval, figure</th><th>share</th><th>95 %</th><th>n</th></tr>"
    return f"<h2>{title}</h2><table>{head}{rows}</table>"


def _pairs(title: str, right: tuple[Rate, ...], found: tuple[Rate, ...]) -> str:
    precision = {rate.name: rate for rate in right}
    rows = "".join(
        f"<tr><td>{rate.name}</td>{_cells(precision[rate.name])}{_cells(rate)}</tr>"
        for rate in found
        if rate.total or precision[rate.name].total
    )
    head = "<tr><th></th><th colspan='4'>precision</th><th colspan='4'>recall</th></tr>"
    return f"<h2>{title}</h2><table>{head}{rows}</table>"


def _confusion(report: Report) -> str:
    names = [intent.value for intent in Intent]
    head = "".join(f"<th>{name}</th>" for name in names)
    rows = "".join(
        f"<tr><th>{name}</th>" + "".join(_cell(report, name, other) for other in names) + "</tr>"
        for name in names
    )
    return (
        "<h2>Leading intent of the label (rows), first intent read (columns)</h2>"
        f"<table><tr class='turned'><th></th>{head}</tr>{rows}</table>"
    )


def _cell(report: Report, name: str, other: str) -> str:
    count = report.confusion.get((name, other), 0)
    state = "" if not count else " on" if name == other else " off"
    return f"<td class='n{state}'>{count or ''}</td>"


def page(report: Report, path: Path, *, show_lines: bool) -> None:
    """Write the page; its folder is made.

    Args:
        report: of one run.
        path: of the page.
        show_lines: False for lines that nobody who builds understanding may see.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    mistaken = (one for one in report.judged if one.mistaken and show_lines)
    items = "".join(f"<li>{html.escape(wrong(one))}</li>" for one in mistaken) or "<li>Not shown.</li>"
    path.write_text(
        "<!doctype html><html lang='zh-CN'><meta charset='utf-8'><title>Understanding</title>"
        f"<style>{_STYLE}</style><h1>Understanding</h1><p>{len(report.judged)} lines, never trained on.</p>"
        + _rates("Overall", report.overall)
        + _rates("Lines without a mistake, by voice", report.voices)
        + _pairs("By intent", report.intents_right, report.intents_found)
        + _pairs("By fact", report.facts_right, report.facts_found)
        + _confusion(report)
        + f"<h2>Mistakes</h2><ul>{items}</ul></html>",
        encoding="utf-8",
    )
