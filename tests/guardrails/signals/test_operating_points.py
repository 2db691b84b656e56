"""How probabilities become severities, and how thresholds are chosen: recall first, on unread hands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from guardrails.signals.material import DEFAULT_ROUTES, Form, Line, Subject, Turn
from guardrails.signals.thresholds import Thresholds, monotone
from guardrails.signals.training.calibrate import BUDGET, calibrate
from guardrails.signals.training.data import CATEGORIES, split
from guardrails.signals.training.held import Held
from guardrails.signals.voices import joined
from guardrails.types import Author, Category, Severity

POINTS = Thresholds(levels=(0.5, 0.5, 0.5, 0.1), complaint=0.5, past=0.5)


def row(*values: float) -> NDArray[np.float32]:
    return np.array(values, np.float32)


@pytest.mark.parametrize(
    ("probabilities", "category", "severity"),
    [
        ((0.1, 0.1, 0.1, 0.05), Category.SUICIDE_SELF, Severity.S0),
        ((0.9, 0.2, 0.1, 0.0), Category.SUICIDE_SELF, Severity.S1),
        ((0.9, 0.9, 0.1, 0.0), Category.SUICIDE_SELF, Severity.S2),
        ((0.9, 0.9, 0.9, 0.05), Category.SUICIDE_SELF, Severity.S3),
        ((0.9, 0.9, 0.9, 0.2), Category.SUICIDE_SELF, Severity.S4),
        ((0.0, 0.0, 0.0, 0.9), Category.SUICIDE_SELF, Severity.S4),
        ((0.9, 0.9, 0.9, 0.0), Category.CAREGIVER_HARM_RISK, Severity.S4),
        ((0.9, 0.9, 0.4, 0.3), Category.SUICIDE_SELF, Severity.S2),
    ],
)
def test_the_card_is_chosen_recall_first(
    probabilities: tuple[float, ...], category: Category, severity: Severity
) -> None:
    """T-1, CR-18: what interrupts is shown the greater card for little; a carer at risk always is."""
    assert POINTS.severity(row(*probabilities), category) is severity


def test_a_level_is_no_likelier_than_the_one_below() -> None:
    assert monotone(row(0.1, 0.9, 0.2, 0.3)).tolist() == pytest.approx([0.9, 0.9, 0.3, 0.3])


def test_wording_speaks_louder_on_whether_than_on_how_grave() -> None:
    layers = np.array([[0.5, 0.5, 0.5, 0.5]], np.float32)
    assert joined(layers, np.zeros((1, 3), np.float32))[0].tolist() == pytest.approx([0.5] * 4)
    for wording in (-2.0, 2.0):
        found = joined(layers, np.full((1, 3), wording, np.float32))[0]
        assert found[0] == pytest.approx(0.5)
        assert set(np.sign(found[1:] - 0.5)) == {np.sign(wording)}
        assert abs(found[1] - 0.5) > abs(found[3] - 0.5)
    assert np.isfinite(joined(np.array([[0, 0, 1, 1]], np.float32), np.zeros((1, 3), np.float32))).all()


@dataclass
class Hand:
    """Writes lines whose probabilities a test makes up."""

    chance: np.random.Generator

    def line(self, number: int, severity: str, form: Form, category: Category | None) -> Line:
        return Line(
            text=f"第{number}句",
            category=category,
            severity=severity,
            route=DEFAULT_ROUTES[severity],
            subject=Subject.SELF,
            form=form,
            by="test",
        )

    def write(self) -> tuple[list[Line], NDArray[np.float32]]:
        """300 dangers, 300 hard negatives and 300 ordinary lines that overlap in their probabilities."""
        lines, rows = [], []
        for number in range(900):
            danger = number < 300
            category = CATEGORIES[number % 3]
            form = Form.DIRECT if danger else Form.HARD_NEGATIVE if number < 600 else Form.ORDINARY
            severity = ("S4" if number % 2 else "S3") if danger else "S0"
            lines.append(self.line(number, severity, form, category if danger else None))
            centre = 0.75 if danger else 0.35 if number < 600 else 0.15
            p = np.clip(self.chance.normal(centre, 0.15, 4), 0, 1)
            categories = np.zeros(len(CATEGORIES) + 1)
            categories[number % 3] = 0.9
            rows.append([*p, *categories])
        return lines, np.array(rows, np.float32)


def test_thresholds_stay_within_the_budget_and_use_it() -> None:
    """T-4: false alarms within the budget; below it, nothing is missed that could be found."""
    lines, p = Hand(np.random.default_rng(1)).write()
    found = calibrate(lines, p)
    guessed = [CATEGORIES[i] for i in p[:, 4 : 4 + len(CATEGORIES)].argmax(1)]
    got = np.array([found.severity(one[:4], category) for one, category in zip(p, guessed, strict=True)])
    hard, plain = BUDGET[Severity.S3]
    assert (got[300:600] >= Severity.S3).mean() <= hard
    assert (got[600:] >= Severity.S3).mean() <= plain
    assert (got[:300] >= Severity.S3).mean() > 0.85
    assert (got[1:300:2] == Severity.S4).sum() >= 0.9 * (got[1:300:2] >= Severity.S3).sum()


def test_without_any_harmless_line_within_budget_the_strictest_stands() -> None:
    lines, p = Hand(np.random.default_rng(2)).write()
    p[300:, :4] = 0.999
    assert calibrate(lines, p).levels[2] >= 0.9


def test_a_line_counts_as_its_worst_reading() -> None:
    """What is disguised or stands in a window is read more than once."""
    line = Hand(np.random.default_rng(3)).line(1, "S0", Form.ORDINARY, None)
    with_turns = line.model_copy(update={"window": (Turn(author=Author.FAMILY, text="不想管了"),)})
    held = Held.of([line, with_turns])
    assert held.owners.count(0) == 1
    assert held.owners.count(1) == 2
    p = np.full((len(held.texts), 5 + len(CATEGORIES)), 0.1, np.float32)
    p[-1, :4] = 0.8
    assert held.gather(p)[:, 2].tolist() == pytest.approx([0.1, 0.8])


def test_whole_hands_are_held_back() -> None:
    """Leave one hand out: no line of a held hand is learned from."""
    one = Hand(np.random.default_rng(4)).line(1, "S0", Form.ORDINARY, None)
    lines = [one, one.model_copy(update={"by": "other"})]
    assert split(lines, ("other",)) == ([0], [1])
