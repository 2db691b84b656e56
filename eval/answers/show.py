"""The report as tables and as text."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table

from eval.answers.judge import Judged
from eval.answers.score import Report


def table(report: Report) -> Table:
    """Pass rates with their Wilson intervals: overall, by kind, by entry."""
    shown = Table("what", "share", "95 %", "questions", "figure", "holds", title=f"answers, {report.half}")
    for group in ((report.overall,), report.kinds, report.entries):
        for rate in group:
            low, high = rate.interval
            shown.add_row(
                rate.name,
                f"{rate.share:.3f}",
                f"{low:.3f}–{high:.3f}",
                f"{rate.hits}/{rate.total}",
                f"≥ {rate.at_least:.2f}" if rate.at_least is not None else "",
                {True: "yes", False: "no", None: ""}[rate.holds],
            )
        shown.add_section()
    return shown


def faults(report: Report) -> str:
    """How many answers have which fault."""
    return "; ".join(f"{name}: {count}" for name, count in report.faults.items())


def why(one: Judged) -> Iterator[str]:
    """What is wrong with one answer, a line each."""
    if one.answer.error:
        yield f"error: {one.answer.error}"
    yield from (f"missing: {text}" for text in one.missing)
    yield from (f"FORBIDDEN: {text}" for text in one.forbidden)
    yield from (f"not cited: {text}" for text in one.uncited)
    yield from (f"uncited figure: {text}" for text in one.bare_figures)
    yield from (f"verdict: {text}" for text in one.wrong_verdicts)


def failures(report: Report) -> str:
    """Each answer that failed: what was asked, what was answered, what is wrong."""
    blocks = []
    for one in report.failed:
        asked = " / ".join(one.question.talk)
        lines = "\n".join(f"    {line}" for line in why(one))
        answer = "\n".join(f"    | {line}" for line in one.answer.text.splitlines())
        blocks.append(f"{one.question.id} ({one.question.kind}) {asked}\n{lines}\n{answer}")
    return "\n\n".join(blocks)
