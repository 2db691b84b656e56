"""The report of `eval.pii` as a page: recall bars beside the peers, and what was hidden under which name."""

from __future__ import annotations

from pathlib import Path

from eval.pii.score import FIGURES, FinderReport, Report
from eval.rates import Rate, bars, document, matrix


def page(report: Report, path: Path) -> None:
    """Write the page; it shows counts, and none of the lines."""
    own = report.finders[0]
    kinds = [kind.kind for kind in own.kinds]
    names = sorted({name for _, name in own.confusion})
    body = (
        f"<p>{report.lines} lines, one run. A value counts when every character of it is hidden.</p>"
        + "".join(bars(f"{finder.name}: recall", _recalls(finder)) for finder in report.finders)
        + bars("Harmless lines touched", (_touched(finder) for finder in report.finders))
        + matrix("Minxing: kind of the value, name it was hidden under", kinds, names, own.confusion)
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(document("Personal data", body), encoding="utf-8")


def _recalls(finder: FinderReport) -> list[Rate]:
    figures = FIGURES if finder.name == "Minxing" else {}
    return [
        Rate(kind.kind, kind.hidden, kind.gold, at_least=figures.get(kind.kind))
        for kind in (*finder.kinds, finder.total)
    ]


def _touched(finder: FinderReport) -> Rate:
    return Rate(finder.name, finder.benign_touched, finder.benign)
