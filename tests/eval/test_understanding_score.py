"""What counts as read right: wishes as a set, facts one by one, tolerated ones left alone."""

from __future__ import annotations

from typing import Any

import pytest

from eval.understanding.lines import Line
from eval.understanding.read import Reading
from eval.understanding.score import Judged, judge, report


def judged(
    read: tuple[str, ...] = ("tell_facts",), facts: dict[str, Any] | None = None, **label: Any
) -> Judged:
    """A reading beside its label; facts are those read."""
    line = Line.model_validate({"text": "他爸判了三年", "intents": ["tell_facts"], "by": "test", **label})
    found = facts or {}
    return judge(line, Reading(read, found, dict.fromkeys(found, True), ()))


def test_one_of_several_right_values_is_enough() -> None:
    assert judged(facts={"father_absent_months": 11}).false == {"father_absent_months"}
    line = Line.model_validate(
        {
            "text": "快一年",
            "intents": ["tell_facts"],
            "facts": {"father_absent_months": [11, 12]},
            "by": "test",
        }
    )
    right = judge(
        line, Reading(("tell_facts",), {"father_absent_months": 12}, {"father_absent_months": True}, ())
    )
    assert right.right == {"father_absent_months"} and not right.mistaken


def test_a_wrong_value_is_both_false_and_missed() -> None:
    line = Line.model_validate(
        {"text": "一岁", "intents": ["tell_facts"], "facts": {"child_age": 1}, "by": "test"}
    )
    wrong = judge(line, Reading(("tell_facts",), {"child_age": True}, {"child_age": True}, ()))
    assert wrong.false == wrong.missed == {"child_age"}


def test_a_tolerated_fact_is_no_mistake_and_an_ambiguous_one_is() -> None:
    assert not judged(facts={"carer": "grandparent"}, may=["carer"]).mistaken
    assert judged(facts={"mother_state": "dead"}, ambiguous=["mother_state"]).false == {"mother_state"}


@pytest.mark.parametrize(
    ("read", "whole", "leading"),
    [
        (("amount", "where"), True, True),
        (("where", "amount"), True, False),
        (("amount",), False, True),
        (("amount", "where", "thanks"), True, True),
        (("amount", "where", "human"), False, True),
        (("am_i_eligible", "where"), True, True),
    ],
)
def test_wishes(read: tuple[str, ...], whole: bool, leading: bool) -> None:
    one = judged(read, intents=[["amount", "am_i_eligible"], "where"], may_intents=["thanks"])
    assert (one.whole, one.leading) == (whole, leading)


def test_the_report_counts_lines_and_facts() -> None:
    good = judged(facts={"father_term_months": 36}, may=[])
    counted = report((good, judged()))
    rates = {rate.name: (rate.hits, rate.total) for rate in counted.overall}
    assert rates["intent, leading"] == (2, 2)
    assert rates["facts, precision"] == (0, 1)
    assert counted.confusion == {("tell_facts", "tell_facts"): 2}
