"""The report as one HTML page: rates, precision and recall by intent and fact, confusion, mistakes."""

from __future__ import annotations

import html
from pathlib import Path

from agent.types import Intent
from eval.rates import STYLE, Rate, bars, cells
from eval.understanding.score import Report
from eval.understanding.show import wrong


def _pairs(title: str, right: tuple[Rate, ...], found: tuple[Rate, ...]) -> str:
    precision = {rate.name: rate for rate in right}
    rows = "".join(
        f"<tr><td>{rate.name}</td>{cells(precision[rate.name])}{cells(rate)}</tr>"
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
        f"<style>{STYLE}</style><h1>Understanding</h1><p>{len(report.judged)} lines, never trained on.</p>"
        + bars("Overall", report.overall)
        + bars("Lines without a mistake, by voice", report.voices)
        + _pairs("By intent", report.intents_right, report.intents_found)
        + _pairs("By fact", report.facts_right, report.facts_found)
        + _confusion(report)
        + f"<h2>Mistakes</h2><ul>{items}</ul></html>",
        encoding="utf-8",
    )
