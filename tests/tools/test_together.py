"""What a family would have in sum, as sets (issue 4, item 5)."""

from __future__ import annotations

import re

from tests.tools.conftest import TODAY
from tools.catalogue import Catalogue
from tools.together import Together, together
from tools.types import FactValue

ORPHAN_IN_HARDSHIP: dict[str, FactValue] = {
    "child_age": 9,
    "father_state": "dead",
    "mother_state": "dead",
    "household_category": "extreme_hardship",
    "school_stage": "primary",
}
DISABLED_CHILD: dict[str, FactValue] = {
    "child_age": 5,
    "household_category": "minimum_living_allowance",
    "child_disability_kind": "limb",
    "child_disability_level": 1,
    "child_disability_certificate": True,
    "needs_long_term_care": True,
}


def of(catalogue: Catalogue, facts: dict[str, FactValue]) -> Together:
    return together(catalogue, catalogue.verdicts(facts, TODAY))


def test_extreme_hardship_or_orphan(catalogue: Catalogue) -> None:
    """Trap 7: two ways side by side, each with its consequence."""
    result = of(catalogue, ORPHAN_IN_HARDSHIP)
    assert [way.entries for way in result.ways] == [("B01",), ("B10",)]
    assert all(way.consequences for way in result.ways)
    assert "B18" in result.always


def test_living_allowance_or_disability_allowance(catalogue: Catalogue) -> None:
    """Trap 5 and 6: one of two; care allowance and rehabilitation stay whichever is chosen.

    民发〔2019〕62号 三(二) speaks of 事实无人抚养儿童 alone: B13 claims no more than that.
    """
    result = of(catalogue, DISABLED_CHILD)
    assert [way.entries for way in result.ways] == [("B04",), ("B12",)]
    assert {"B13", "B14", "B06"} <= set(result.always)
    assert {link.other for link in result.stacks if link.mine == "B13"} == {"B14"}
    assert {link.other for link in result.stacks if link.mine == "B12"} >= {"B13", "B14"}


def test_three_that_pull_apart(catalogue: Catalogue) -> None:
    """B02 and B04 give way to each other by height, and each stands against B12."""
    facts: dict[str, FactValue] = DISABLED_CHILD | {"father_state": "dead", "mother_state": "seriously_ill"}
    result = of(catalogue, facts)
    assert [way.entries for way in result.ways] == [("B02", "B04"), ("B12",)]
    assert ("B02", "B04") in result.highest_only


def test_top_up_is_not_highest_only(catalogue: Catalogue) -> None:
    """Trap 4: 补差 and 就高 are told apart."""
    facts: dict[str, FactValue] = {
        "child_age": 7,
        "father_state": "dead",
        "mother_state": "seriously_ill",
        "household_category": "minimum_living_allowance",
    }
    result = of(catalogue, facts)
    assert ("B02", "B06") in {(link.mine, link.other) for link in result.top_ups}
    assert not result.highest_only
    assert not result.ways


def test_nothing_likely(catalogue: Catalogue) -> None:
    result = of(catalogue, {})
    assert (result.always, result.ways) == ((), ())


def test_no_amount_is_invented(catalogue: Catalogue) -> None:
    """Trap 20: no yuan figure but those that the documents print."""
    for benefit in catalogue.benefits.values():
        for text in (gift.say for gift in benefit.gives):
            for figure in re.findall(r"(\d+)\s*元", text):
                values = {value.value for one in benefit.parameters.values() for value in one.values}
                assert int(figure) in values | {300}, f"{benefit.id}: {text}"


def test_a_choice_names_the_clause_that_allows_it(catalogue: Catalogue) -> None:
    verdicts = {verdict.benefit: verdict for verdict in catalogue.verdicts(DISABLED_CHILD, TODAY)}
    for entry in ("B04", "B12"):
        clauses = {(source.number, source.clause) for source in verdicts[entry].sources}
        assert ("杭政办函〔2025〕70号", "三(二)") in clauses
