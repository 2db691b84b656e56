"""The report of `eval.pii` for a terminal."""

from __future__ import annotations

from rich.table import Table

from eval.pii.score import FIGURES, KindScore, Report


def _row(kind: KindScore) -> list[str]:
    low, high = kind.interval
    wanted = FIGURES.get(kind.kind)
    mark = "" if wanted is None else f"{wanted:.3f} {'ok' if kind.holds else 'MISSED'}"
    recall = f"{kind.recall:.3f} [{low:.3f}, {high:.3f}]"
    return [
        kind.kind,
        str(kind.gold),
        recall,
        mark,
        f"{kind.precision:.3f}",
        f"{kind.f2:.3f}",
        str(kind.typed),
    ]


def table(report: Report) -> Table:
    """Minxing per kind, and the peers' recall beside it."""
    own, others = report.finders[0], report.finders[1:]
    shown = Table(title=f"Personal data: {report.lines} lines, p95 {own.milliseconds_p95:.1f} ms a line")
    for name in ("kind", "values", "recall [95 %]", "asked", "precision", "F2", "own type"):
        shown.add_column(name)
    for other in others:
        shown.add_column(other.name)
    for kind in (*own.kinds, own.total):
        beside = []
        for other in others:
            same = next((k for k in (*other.kinds, other.total) if k.kind == kind.kind), None)
            beside.append("-" if same is None else f"{same.recall:.3f} / {same.f2:.3f}")
        shown.add_row(*_row(kind), *beside)
    touched = [f"{finder.name}: {finder.benign_touched} of {finder.benign}" for finder in report.finders]
    shown.caption = "Peers: recall / F2. Harmless lines touched: " + ", ".join(touched)
    return shown


def examples(report: Report, most: int = 400) -> str:
    """What Minxing left in the open and what it hid for nothing."""
    own = report.finders[0]
    open_ = [f"OPEN    {name}  {value}  |  {text}" for name, value, text in own.missed]
    needless = [f"NEEDLESS {name}  {value}  |  {text}" for name, value, text in own.needless]
    return "\n".join([*open_[:most], *needless[:most]])
