"""The material of understanding: whole messages are labelled in our vocabulary, without contradiction."""

from __future__ import annotations

from collections import Counter

from agent.understand import material
from tools.facts import FactBook

BOOK = FactBook.load()
LINES = material.told()


def test_labels_are_of_the_fact_sheet() -> None:
    for line in LINES:
        asked = (line.asked,) if line.asked else ()
        named = {*line.facts, *line.uncertain, *line.ambiguous, *line.may, *asked}
        assert {name for name in named if name not in BOOK} == set(), line.text
        for name, values in line.facts.items():
            assert [BOOK[name].check(value) for value in values] == list(values), (line.text, name)


def test_labels_do_not_contradict_each_other() -> None:
    for line in LINES:
        assert not set(line.facts) & {*line.may, *line.ambiguous}, line.text


def test_each_is_said_once() -> None:
    said = Counter((line.earlier, line.asked, line.text) for line in LINES)
    assert {key: count for key, count in said.items() if count > 1} == {}


def test_there_is_something_of_every_fact() -> None:
    """What nobody says in the material nobody hears."""
    told = {name for line in LINES for name in line.facts}
    said = {saying.fact[0].replace("parent_", "father_") for saying in material.sayings() if saying.fact}
    numbers = {name for name in BOOK.names if name.endswith(("_months", "child_age"))}
    missing = (
        set(BOOK.names) - told - said - numbers - {name for name in BOOK.names if name.startswith("mother_")}
    )
    assert missing == set()
