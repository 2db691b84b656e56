"""The next question: what settles most, never twice, sensitive last, no more than needed (issue 4.4)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pytest

from tests.tools.conftest import TODAY, registry_cite
from tools.catalogue import Catalogue
from tools.measure_asking import best_order, families, questions
from tools.precheck import changes, precheck
from tools.types import FactValue, Outcome

CATALOGUE = Catalogue.load(registry_cite())
GRANDMOTHER = {"father_state": "imprisoned", "father_term_months": 72, "mother_state": "seriously_ill"}


def asked_of(
    family: Mapping[str, FactValue], focus: Collection[str], known: Mapping[str, FactValue]
) -> list[str]:
    told, questions = dict(known), []
    while (question := precheck(CATALOGUE, told, as_of=TODAY, focus=focus).next_question) is not None:
        told[question.fact] = family[question.fact]
        questions.append(question.fact)
    return questions


FAMILIES = families(CATALOGUE, 500)


def test_nine_questions_at_the_median() -> None:
    """The figure of issue 4: over 500 households, from nothing told until every benefit is settled."""
    form = questions(CATALOGUE, TODAY, FAMILIES)
    assert form.median <= 9
    assert len(form.counts) == 500


def test_nine_questions_in_a_talk_too() -> None:
    """Who names one thing in a talk has not denied the others: these are asked again."""
    assert questions(CATALOGUE, TODAY, FAMILIES[:150], talking=True).median <= 9


def test_questions_about_several_facts_save_turns() -> None:
    few = FAMILIES[:60]
    alone = questions(CATALOGUE, TODAY, few, compound=False)
    together = questions(CATALOGUE, TODAY, few)
    assert together.mean < alone.mean - 2


def test_no_more_than_the_best_of_many_orders_needs() -> None:
    """At most 1.25 times the best fixed order of the same questions; `minxing bench tools` tries 1,000."""
    few = FAMILIES[:12]
    for compound in (True, False):
        ours = questions(CATALOGUE, TODAY, few, compound=compound).mean
        assert ours <= 1.25 * best_order(CATALOGUE, TODAY, few, orders=25, compound=compound)


def test_the_grandmother_gets_one_question() -> None:
    result = precheck(CATALOGUE, GRANDMOTHER, as_of=TODAY, focus=("B02",))
    assert result.next_question is not None
    assert result.next_question.fact == "child_age"
    assert result.next_question.why


def test_a_settled_talk_asks_nothing() -> None:
    told = {**GRANDMOTHER, "child_age": 7, "household_category": "ordinary"}
    focused = precheck(CATALOGUE, told, as_of=TODAY, focus=("B02",))
    assert next(v for v in focused.verdicts if v.benefit == "B02").outcome is Outcome.LIKELY


@pytest.mark.parametrize("way", ["asked", "declined"])
def test_never_twice(way: str) -> None:
    before = {"asked": (), "declined": (), way: ("child_age",)}
    once = precheck(
        CATALOGUE,
        GRANDMOTHER,
        as_of=TODAY,
        focus=("B02",),
        asked=before["asked"],
        declined=before["declined"],
    )
    assert once.next_question is None or once.next_question.fact != "child_age"


def test_sensitive_last() -> None:
    """Age comes before the term in prison; the term is asked when nothing else is open."""
    told = {"father_state": "imprisoned", "mother_state": "dead"}
    assert asked_of({"child_age": 7, "father_term_months": 72}, ("B02",), told)[:2] == [
        "child_age",
        "father_term_months",
    ]


def test_a_term_is_not_asked_before_the_state() -> None:
    result = precheck(CATALOGUE, {"child_age": 7, "mother_state": "dead"}, as_of=TODAY, focus=("B02",))
    assert result.next_question is not None
    assert result.next_question.fact == "father_state"


def test_an_open_rule_that_no_answer_can_settle_asks_nothing() -> None:
    """浙里护苗: the documents keep its conditions to themselves, so questions would be for nothing."""
    assert precheck(CATALOGUE, {}, as_of=TODAY, focus=("B21",)).next_question is None


def test_no_disability_does_not_bring_up_disability_allowances() -> None:
    result = precheck(CATALOGUE, {"child_disability_kind": "none", "child_autism": True}, as_of=TODAY)
    assert result.next_question is not None
    assert result.next_question.fact != "child_disability_certificate"


def test_an_infant_of_zero_is_told_too() -> None:
    result = precheck(CATALOGUE, {"child_age": 0}, as_of=TODAY)
    assert next(v for v in result.verdicts if v.benefit == "B36").outcome is Outcome.LIKELY


def test_a_correction_says_what_changed() -> None:
    before = precheck(CATALOGUE, {**GRANDMOTHER, "child_age": 7}, as_of=TODAY)
    after = precheck(CATALOGUE, {**GRANDMOTHER, "child_age": 7, "father_term_months": 5}, as_of=TODAY)
    changed = {one.benefit: one for one in changes(before, after)}
    assert changed["B02"].before is Outcome.LIKELY
    assert changed["B02"].after is Outcome.UNLIKELY
    assert changed["B02"].because == ("爸爸的期限在6个月以上",)
    assert "B19" not in changed
