"""What one fact says about another: true of every household, with its reason, and told facts come first."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.tools.conftest import PROJECT, TODAY, registry_cite
from tools.catalogue import Catalogue
from tools.errors import CatalogueError
from tools.facts import FACTS_FILE, FactBook
from tools.households import household
from tools.implications import contradicted
from tools.types import FactValue, Outcome

CATALOGUE = Catalogue.load(registry_cite())
BOOK = CATALOGUE.facts


def outcome(entry: str, **facts: FactValue) -> Outcome:
    return next(one.outcome for one in CATALOGUE.verdicts(facts, TODAY) if one.benefit == entry)


@pytest.mark.parametrize(
    ("told", "follows"),
    [
        ({"child_age": 1}, {"school_stage": "not_yet", "school_bullying": False}),
        ({"child_age_months": 20}, {"child_age": 1, "school_stage": "not_yet"}),
        ({"father_state": "imprisoned"}, {"recognised_orphan": False, "child_abandoned": False}),
        ({"child_in_institution": True}, {"carer": "institution", "child_unattended": False}),
        ({"child_abandoned": True}, {"father_state": "unknown_person", "mother_state": "unknown_person"}),
        ({"child_disability_level": 2}, {"child_disability_certificate": True}),
        ({"urgent_need": "no_money_for_hospital"}, {"heavy_medical_spending": True}),
        ({"father_state": "dead", "mother_state": "imprisoned"}, {"parents_working_away": "none"}),
    ],
)
def test_what_follows(told: dict[str, FactValue], follows: dict[str, FactValue]) -> None:
    found = BOOK.infer(told)
    assert {name: found.get(name) for name in follows} == follows


@pytest.mark.parametrize("name", ["insured", "property_within_rule", "other_supporter_able", "carer"])
def test_nothing_usual_is_taken_for_known(name: str) -> None:
    """Insured unless said otherwise would be a guess; only an institution settles who the carer is."""
    everyday: dict[str, FactValue] = {
        "child_age": 8,
        "father_state": "able",
        "household_category": "ordinary",
    }
    assert name not in BOOK.infer(everyday)


def test_what_a_family_says_comes_first() -> None:
    told: dict[str, FactValue] = {"child_age": 12, "school_stage": "kindergarten_last_year"}
    assert BOOK.infer(told)["school_stage"] == "kindergarten_last_year"
    assert outcome("B19", **told) is Outcome.LIKELY
    assert {one.fact for one in contradicted(BOOK.implications, told)} == {"school_stage"}


def test_ruled_out_values_settle_a_condition_and_the_trace_says_by_what() -> None:
    """Nobody asks whether a child of twelve is in the last year of kindergarten."""
    verdict = next(one for one in CATALOGUE.verdicts({"child_age": 12}, TODAY) if one.benefit == "B19")
    assert verdict.outcome is Outcome.UNLIKELY
    assert verdict.trace[-1].facts == (("child_age", 12),)
    assert outcome("B19", child_age=4) is Outcome.UNKNOWN


def test_made_up_households_contradict_nothing() -> None:
    source = random.Random(5)
    for _ in range(500):
        assert contradicted(BOOK.implications, household(source, BOOK)) == ()


def test_every_implication_has_its_reason() -> None:
    for one in BOOK.implications:
        assert one.because.endswith("。")
        if one.source:
            registry_cite()(one.source)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("fact: recognised_orphan, is: [false]", "fact: recognised_orphn, is: [false]", "recognised_orphan"),
        ("then: {fact: carer, is: [institution]}", "then: {fact: carer, is: [hospital]}", "carer|谁在照顾"),
        ("when: [{fact: child_age, below: 2}]", "when: [{fact: child_age}]", "needs one of"),
        ("  because: 机构在照料。\n", "", "because"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    text = (PROJECT / "tools" / "implications.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "implications.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogueError, match=complaint) as raised:
        FactBook.load(FACTS_FILE, path)
    assert raised.value.line is not None
    assert abs(raised.value.line - text[: text.index(old)].count("\n")) <= 4
