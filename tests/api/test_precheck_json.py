"""The answer of the pre-check door is the described one, though it is put together from ready pieces."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from api import models, views
from api.precheck_json import precheck_json
from tests.tools.conftest import TODAY, registry_cite
from tools.catalogue import Catalogue
from tools.households import household
from tools.precheck import precheck
from tools.types import Declaration, Declarer

CATALOGUE = Catalogue.load(registry_cite())
SAID = Declaration(Declarer.DOCUMENT, "m-41", dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC), because='他说"是"')


@pytest.mark.parametrize("seed", range(40))
def test_it_is_the_same_byte_for_byte(seed: int) -> None:
    dice = random.Random(seed)
    share = dice.choice((0.0, 0.3, 0.6, 1.0))
    told = {name: v for name, v in household(dice, CATALOGUE.facts).items() if dice.random() < share}
    declared = {name: SAID for name in told if dice.random() < 0.3}
    found = precheck(CATALOGUE, told, as_of=TODAY, compound=dice.random() < 0.5, declared=declared)
    written = precheck_json(found, CATALOGUE.facts)
    assert written.decode() == views.precheck(found, CATALOGUE.facts).model_dump_json()
    assert precheck_json(found, CATALOGUE.facts) == written
    models.PrecheckOut.model_validate_json(written)


def test_nothing_of_one_family_is_in_the_answer_to_another() -> None:
    """PR-1: what is kept are steps and values of the vocabulary, never a message or an hour."""
    told = {"child_age": 9, "father_state": "imprisoned"}
    first = precheck(CATALOGUE, told, as_of=TODAY, declared=dict.fromkeys(told, SAID))
    second = precheck(CATALOGUE, told, as_of=TODAY)
    assert b"m-41" in precheck_json(first, CATALOGUE.facts)
    after = precheck_json(second, CATALOGUE.facts)
    assert b"m-41" not in after and b"2026-11-20" not in after
    assert '"value_label":"9岁","declared_by":"family"'.encode() in after


def test_a_sensitive_fact_is_named_and_not_repeated() -> None:
    told = {"child_hiv": True, "child_age": 9}
    written = precheck_json(precheck(CATALOGUE, told, as_of=TODAY), CATALOGUE.facts)
    read = [
        fact
        for verdict in models.PrecheckOut.model_validate_json(written).verdicts
        for step in verdict.trace
        for fact in step.facts
        if fact.name == "child_hiv"
    ]
    assert read and all(fact.value is None and fact.value_label == "" for fact in read)
