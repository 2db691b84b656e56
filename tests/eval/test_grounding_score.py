"""The evaluation of the output check: its pairs, its counting, and a floor under what was reached."""

from __future__ import annotations

from collections.abc import Sequence

from eval.grounding.score import load, own, run
from guardrails.output import Ground, Objection
from tests.guardrails.output.test_check import LIES, SAME


def test_enough_pairs_and_a_part_held_apart() -> None:
    """Issue 5, item 9: at least 300 pairs of our own; what is held out is apart."""
    development, held_out = load("development"), load("held_out")
    assert sum(len(entry.pairs) for entry in (*development, *held_out)) >= 300
    assert sum(len(entry.pairs) for entry in held_out) >= 300
    assert {entry.evidence for entry in development}.isdisjoint({entry.evidence for entry in held_out})


def test_pairs_are_not_the_tests_of_the_check() -> None:
    """R-75."""
    built_with = {sentence for sentence, *_ in (*SAME, *LIES)}
    assert built_with.isdisjoint(
        {sentence for entry in load("all") for pair in entry.pairs for sentence in pair}
    )


class Blunt:
    """Objects to everything that holds a 不."""

    def objections(self, text: str, evidence_texts: Sequence[str]) -> Sequence[Objection]:
        return [Objection(Ground.POLARITY, "不", "blunt")] if "不" in text else []


def test_counting() -> None:
    report = run(Blunt(), which="held_out")
    lies = [lie for entry in load("held_out") for _, lie in entry.pairs]
    assert report.caught == sum("不" in lie for lie in lies)
    assert report.pairs == len(lies)
    assert not report.holds


def test_the_check_keeps_what_it_reached() -> None:
    """Floors just under the figures measured, so that a change that loses them is seen."""
    rules = own(reader=False)
    development = run(rules, which="development")
    assert development.lies_caught[0] >= 0.868
    assert development.truths_dropped[0] <= 0.08
    held_out = run(rules, which="held_out")
    assert held_out.lies_caught[0] >= 0.82
    assert held_out.truths_dropped[0] <= 0.32


def test_what_a_model_words_is_held_to_the_lies_caught() -> None:
    """Issue 5, item 9: 0.97 of the lies; what that costs in truths stands in docs/evaluation.md."""
    held_out = run(own(reader=True), which="held_out")
    assert held_out.lies_caught[0] >= 0.97
    assert held_out.truths_dropped[0] <= 0.66
