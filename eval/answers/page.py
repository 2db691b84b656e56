"""The report as one HTML page: shares with intervals, and every answer that failed where it may be shown."""

from __future__ import annotations

import html
from collections.abc import Iterable
from pathlib import Path

from eval.answers.judge import Judged
from eval.answers.score import Report
from eval.answers.show import faults, why
from eval.signals.score import Rate

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1d2330}
table{border-collapse:collapse;margin:.5rem 0 1.5rem}td,th{padding:.15rem .6rem;text-align:left}
th{border-bottom:1px solid #99a}.n{text-align:right;font-variant-numeric:tabular-nums}
.bar{position:relative;width:16rem;height:.9rem;background:#e6e9f0}
.bar i{position:absolute;top:0;bottom:0;background:#3b6ea5}
.bar b{position:absolute;top:.35rem;height:.2rem;background:#111}
.bar u{position:absolute;top:-.15rem;bottom:-.15rem;width:2px;background:#c22}
.no td:first-child{color:#a11;font-weight:600}
details{margin:.4rem 0;border-left:3px solid #99a;padding-left:.7rem}pre{white-space:pre-wrap;font:inherit}
.why{color:#a11}small{color:#556}
"""


def _row(rate: Rate) -> str:
    low, high = rate.interval
    mark = f"<u style='left:{rate.at_least:.1%}'></u>" if rate.at_least is not None else ""
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
    head = "<tr><th></th><th>share, 95 % interval, figure</th><th>share</th><th>95 %</th><th>n</th></tr>"
    return f"<h2>{title}</h2><table>{head}{''.join(_row(rate) for rate in rates)}</table>"


def _item(one: Judged) -> str:
    asked = html.escape(" / ".join(one.question.talk))
    wrong = "<br>".join(html.escape(line) for line in why(one))
    cited = html.escape("; ".join(sorted(one.answer.citations)))
    return (
        f"<details><summary>{one.question.id} <small>{one.question.kind}</small> {asked}</summary>"
        f"<p class='why'>{wrong}</p><pre>{html.escape(one.answer.text)}</pre><small>{cited}</small></details>"
    )


def page(report: Report, path: Path, *, show_failures: bool) -> None:
    """Write the page.

    Args:
        report: of one run.
        path: of the page; its folder is made.
        show_failures: False for the half that nobody who builds the agent may see.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    items = "".join(_item(one) for one in report.failed) if show_failures else "<p>Not shown.</p>"
    path.write_text(
        "<!doctype html><html lang='zh-CN'><meta charset='utf-8'><title>Answers</title>"
        f"<style>{_STYLE}</style><h1>Answers: {report.half}</h1><p>{len(report.judged)} questions. "
        f"{html.escape(faults(report))}</p>"
        + _rates("Overall", (report.overall,))
        + _rates("By kind of question", report.kinds)
        + _rates("By entry", report.entries)
        + f"<h2>Answers that failed</h2>{items}</html>",
        encoding="utf-8",
    )
