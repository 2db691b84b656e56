"""The report of `eval.grounding` as a page: bars, what went out, and what lies were caught for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eval.grounding.score import LIES_CAUGHT, TRUTHS_DROPPED, Report
from eval.rates import Rate, bars, document, matrix


def page(which: str, reports: Sequence[tuple[str, Report]], path: Path) -> None:
    """Write the page; single pairs stay in the files, where those who mend the check do not look."""
    body = "".join(_part(name, report) for name, report in reports)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(document(f"Grounding: {which}", body), encoding="utf-8")


def _part(name: str, report: Report) -> str:
    rates = (
        Rate("lies caught", report.caught, report.pairs, at_least=LIES_CAUGHT),
        Rate("truths dropped", report.dropped, report.pairs, at_most=TRUTHS_DROPPED),
    )
    counts = {
        ("truth", "released"): report.pairs - report.dropped,
        ("truth", "dropped"): report.dropped,
        ("lie", "released"): report.pairs - report.caught,
        ("lie", "dropped"): report.caught,
    }
    grounds = (Rate(ground, count, report.caught) for ground, count in report.grounds.items())
    return (
        bars(name, rates)
        + matrix("What became of each sentence", ("truth", "lie"), ("released", "dropped"), counts)
        + bars("What lies were caught for", grounds)
    )
