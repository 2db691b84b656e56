"""Shares with their Wilson intervals, and bars that show them: what all our measurements have in common."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_Z = 1.96
"""95 % intervals."""
STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1d2330}
table{border-collapse:collapse;margin:.5rem 0 1.5rem}td,th{padding:.15rem .6rem;text-align:left}
th{border-bottom:1px solid #99a}.n{text-align:right;font-variant-numeric:tabular-nums}
.bar{position:relative;width:min(16rem,40vw);height:.9rem;background:#e6e9f0}
.bar i{position:absolute;top:0;bottom:0;background:#3b6ea5}
.bar b{position:absolute;top:.35rem;height:.2rem;background:#111}
.bar u{position:absolute;top:-.15rem;bottom:-.15rem;width:2px;background:#c22}
.no td:first-child{color:#a11;font-weight:600}
li{margin:.2rem 0}small{color:#556}
details{margin:.4rem 0;border-left:3px solid #99a;padding-left:.7rem}pre{white-space:pre-wrap;font:inherit}
.why{color:#a11}.off{background:#f6dada}.on{background:#dcebdc}
.turned th{writing-mode:vertical-rl;font-weight:400}
"""
"""Of every page of a measurement."""


def wilson(hits: int, total: int) -> tuple[float, float]:
    """The Wilson 95 % interval of a share."""
    if not total:
        return 0.0, 1.0
    share = hits / total
    centre = share + _Z * _Z / (2 * total)
    spread = _Z * math.sqrt(share * (1 - share) / total + _Z * _Z / (4 * total * total))
    scale = 1 + _Z * _Z / total
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


@dataclass(frozen=True, slots=True)
class Rate:
    """How often something came true, with its Wilson interval."""

    name: str
    hits: int
    total: int
    at_least: float | None = None
    at_most: float | None = None

    @property
    def share(self) -> float:
        """Hits over total; 1 or 0, whichever holds the figure, when there is nothing to count."""
        return self.hits / self.total if self.total else (0.0 if self.at_most is not None else 1.0)

    @property
    def interval(self) -> tuple[float, float]:
        """The Wilson 95 % interval (T-5)."""
        return wilson(self.hits, self.total)

    @property
    def holds(self) -> bool | None:
        """Whether the figure is reached; None where none is set."""
        if self.at_least is not None:
            return self.share >= self.at_least
        return self.share <= self.at_most if self.at_most is not None else None


def cells(rate: Rate) -> str:
    """Bar with interval and figure, share, interval, counts, as table cells; empty where nothing counts."""
    if not rate.total:
        return "<td></td>" * 4
    low, high = rate.interval
    goal = rate.at_least if rate.at_least is not None else rate.at_most
    mark = f"<u style='left:{goal:.1%}'></u>" if goal is not None else ""
    return (
        f"<td><div class='bar'><i style='left:0;width:{rate.share:.1%}'></i>"
        f"<b style='left:{low:.1%};width:{high - low:.1%}'></b>{mark}</div></td>"
        f"<td class='n'>{_small(rate.share)}</td><td class='n'>{_small(low)}–{_small(high)}</td>"
        f"<td class='n'>{rate.hits}/{rate.total}</td>"
    )


def _small(share: float) -> str:
    """Three digits; four below a hundredth, where three would hide what side of a figure it is on."""
    return f"{share:.4f}" if 0 < share < 0.01 else f"{share:.3f}"


def _figure(rate: Rate) -> str:
    if rate.at_least is not None:
        return f"≥ {rate.at_least:g}"
    return f"≤ {rate.at_most:g}" if rate.at_most is not None else ""


def _row(rate: Rate) -> str:
    state = " class='no'" if rate.holds is False else ""
    figure = f"<td class='n'>{_figure(rate)}{' missed' if rate.holds is False else ''}</td>"
    return f"<tr{state}><td>{html.escape(rate.name)}</td>{cells(rate)}{figure}</tr>"


def bars(title: str, rates: Iterable[Rate]) -> str:
    """A heading and one bar a rate, with its interval and its figure."""
    rows = "".join(_row(rate) for rate in rates if rate.total)
    names = ("", "share, 95 % interval, figure", "share", "95 %", "lines", "figure")
    head = f"<tr>{''.join(f'<th>{name}</th>' for name in names)}</tr>"
    return f"<h2>{title}</h2><table>{head}{rows}</table>"


def matrix(
    title: str, rows: Sequence[str], columns: Sequence[str], counts: Mapping[tuple[str, str], int]
) -> str:
    """A heading and a table of counts; columns that count nothing are left out."""
    used = [name for name in columns if any(counts.get((row, name)) for row in rows)]
    head = "".join(f"<th>{html.escape(name)}</th>" for name in used)
    lines = "".join(
        f"<tr><th>{html.escape(row)}</th>"
        + "".join(f"<td class='n'>{counts.get((row, name), 0) or ''}</td>" for name in used)
        + "</tr>"
        for row in rows
    )
    return f"<h2>{html.escape(title)}</h2><table><tr><th></th>{head}</tr>{lines}</table>"


def document(title: str, body: str) -> str:
    """A whole page."""
    return (
        f"<!doctype html><html lang='zh-CN'><meta charset='utf-8'><title>{html.escape(title)}</title>"
        f"<style>{STYLE}</style><h1>{html.escape(title)}</h1>{body}</html>"
    )
