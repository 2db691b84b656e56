"""The report as one HTML page: shares with intervals, and every answer that failed where it may be shown."""

from __future__ import annotations

import html
from pathlib import Path

from eval.answers.judge import Judged
from eval.answers.score import Report
from eval.answers.show import faults, why
from eval.rates import STYLE, bars


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
        f"<style>{STYLE}</style><h1>Answers: {report.half}</h1><p>{len(report.judged)} questions. "
        f"{html.escape(faults(report))}</p>"
        + bars("Overall", (report.overall,))
        + bars("By kind of question", report.kinds)
        + bars("By entry", report.entries)
        + f"<h2>Answers that failed</h2>{items}</html>",
        encoding="utf-8",
    )
