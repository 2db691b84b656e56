"""Which questions fit a family: data of `facts.yaml`, by what was told."""

from __future__ import annotations

import pytest

from tools.catalogue import Catalogue
from tools.fitting import first, unfitting
from tools.types import Facts


@pytest.mark.parametrize(
    ("told", "entries", "name", "fits"),
    [
        ({}, (), "recognised_orphan", False),
        ({}, ("B01",), "recognised_orphan", True),
        ({"father_state": "dead"}, (), "recognised_orphan", False),
        ({"father_state": "able"}, (), "recognised_orphan", False),
        ({}, (), "child_autism", False),
        ({}, ("B14",), "child_autism", True),
        ({"child_disability_kind": "mental"}, (), "child_autism", True),
        ({}, (), "income_level", True),
        ({"household_category": "minimum_living_allowance_edge"}, (), "income_level", False),
        ({"household_category": "ordinary"}, (), "income_level", True),
        ({}, (), "child_age", True),
    ],
)
def test_what_is_asked_beside(
    catalogue: Catalogue, told: Facts, entries: tuple[str, ...], name: str, fits: bool
) -> None:
    assert (name not in unfitting(catalogue.facts, told, entries)) is fits


def test_parents_come_first_where_others_raise_the_child(catalogue: Catalogue) -> None:
    book = catalogue.facts
    asked = first(book, {"carer": "grandparent"}, ())
    assert asked is not None
    assert asked.name == "father_state"
    after = first(book, {"carer": "grandparent", "father_state": "dead"}, ())
    assert after is not None
    assert after.name == "mother_state"
    assert first(book, {"carer": "parent"}, ()) is None
    assert first(book, {"carer": "relative"}, ("father_state", "mother_state")) is None


def test_every_supposed_answer_is_an_answer(catalogue: Catalogue) -> None:
    """What a talk does not ask for is weighed as usual: the usual answer has to be one."""
    for fact in catalogue.facts:
        if fact.asked_beside is not None and fact.usual is not None:
            assert fact.usual in fact.domain()
