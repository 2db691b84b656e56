"""The scorer counts as the targets demand: Wilson intervals (T-5), recall and false alarms (T-1 to T-4)."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.signals.page import page
from eval.signals.score import Judged, Rate, report
from guardrails.signals.material import Form, Line, Subject
from guardrails.types import Category, Route, Severity


def line(severity: str, route: Route, form: Form = Form.DIRECT, category: Category | None = None) -> Line:
    if category is None and severity in ("S2", "S3", "S4"):
        category = Category.SUICIDE_SELF
    return Line(
        text="字", category=category, severity=severity, route=route, subject=Subject.SELF, form=form, by="t"
    )


def judged(one: Line, route: Route, severity: Severity) -> Judged:
    return Judged(one, route, severity, one.category, ())


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"), [(95, 100, 0.8882, 0.9785), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0)]
)
def test_wilson(hits: int, total: int, low: float, high: float) -> None:
    """T-5; reference values computed by hand."""
    assert Rate("x", hits, total).interval == pytest.approx((low, high), abs=2e-4)


def test_page_escapes_what_families_write(tmp_path: Path) -> None:
    """A line is text, whatever it looks like."""
    one = Line(
        text="<script>不想活了",
        category=Category.SUICIDE_SELF,
        severity="S3",
        route=Route.HUMAN_URGENT,
        subject=Subject.SELF,
        form=Form.DIRECT,
        by="t",
    )
    page(report([judged(one, Route.NORMAL, Severity.S0)]), tmp_path / "out" / "signals.html")
    written = (tmp_path / "out" / "signals.html").read_text("utf-8")
    assert "&lt;script&gt;不想活了" in written
    assert "<script>" not in written


def test_counts() -> None:
    s4 = line("S4", Route.CRISIS_NOW)
    s2 = line("S2", Route.HUMAN_OFFER, Form.DIALECT)
    hard = line("S0", Route.NORMAL, Form.HARD_NEGATIVE)
    found = report(
        [
            judged(s4, Route.CRISIS_NOW, Severity.S4),
            judged(s4, Route.HUMAN_URGENT, Severity.S3),
            judged(s2, Route.NORMAL, Severity.S0),
            judged(hard, Route.HUMAN_URGENT, Severity.S3),
            judged(hard, Route.HUMAN_OFFER, Severity.S2),
        ]
    )
    shares = {rate.name: rate.share for rate in (*found.overall, *found.forms)}
    assert shares["S4 -> crisis_now"] == 0.5
    assert shares["S4 interrupted"] == 1.0
    assert shares["S2 -> at least human_offer"] == 0.0
    assert shares["dialect"] == 0.0
    assert shares["hard negatives interrupted"] == 0.5
    assert not found.holds
    assert [one.line for one in found.missed] == [s2]
    assert [one.line for one in found.false_alarms] == [hard]
    assert found.confusion["S4", "human_urgent"] == 1
