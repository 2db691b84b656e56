"""The labelled lines: well-formed, unlike the evaluation lines (R-75), and the rules precise on them."""

from __future__ import annotations

import pytest

from eval.signals.score import LINES
from guardrails.signals import rules
from guardrails.signals.material import MATERIAL, Line, check, held_pieces, load, pieces, read
from guardrails.signals.normalise import normalise
from guardrails.signals.training.data import is_negative, split
from guardrails.types import Severity


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    return load()


def test_lines_are_well_formed() -> None:
    assert check(sorted(MATERIAL.glob("*.jsonl"))) == []


def test_nothing_is_shared_with_the_evaluation(lines: list[Line]) -> None:
    """R-75: no string of 12 characters stands in both."""
    held = held_pieces(LINES)
    # What fails is named by the line to learn from: whoever reads this must not see the evaluation lines.
    assert not [line.text for line in lines if pieces(line.text) & held]


def test_rules_are_precise(lines: list[Line]) -> None:
    """Rules that stand alone interrupt 1 % of the harmless lines of the material at most, hints 3 % more.

    A tenth of these lines was written to fool the detector.
    """
    harmless = [line for line in lines if is_negative(line) and not line.window]
    found = [
        (line.text, [one.found_by for one in rules.find(normalise(line.text)) if one.severity >= Severity.S3])
        for line in harmless
    ]
    alone = [text for text, by in found if any(name.startswith("rule:") for name in by)]
    hinted = [text for text, by in found if by and text not in alone]
    assert len(alone) <= 0.01 * len(harmless), alone[:40]
    assert len(hinted) <= 0.03 * len(harmless), hinted[:40]


def test_split_keeps_pairs_together(lines: list[Line]) -> None:
    """A minimal pair never stands on both sides."""
    some = [line for line in lines if line.pair][:200] + lines[:200]
    train, dev = split(some)
    assert sorted(train + dev) == list(range(len(some)))
    sides: dict[str, set[bool]] = {}
    for side, chosen in ((True, train), (False, dev)):
        for i in chosen:
            if some[i].pair:
                sides.setdefault(f"{some[i].by}/{some[i].pair}", set()).add(side)
    assert all(len(side) == 1 for side in sides.values())


def test_unread_hands_stay_unread() -> None:
    """Thresholds are chosen on them: nothing of them is learned, and none is an evaluation line (R-75)."""
    held_back = sorted((MATERIAL.parent / "held_back").glob("*.jsonl"))
    assert held_back
    learned = {(line.text, line.window) for line in load()}
    evaluated = held_pieces(LINES)
    for path in held_back:
        lines = [line for _, line in read(path)]
        assert not [line for line in lines if isinstance(line, str)]
        for line in lines:
            assert isinstance(line, Line)
            assert (line.text, line.window) not in learned
            assert not pieces(line.text) & evaluated
