"""The labelled utterances: enough of every intent and fact, in our vocabulary, never learned from."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from agent.types import Intent
from eval.understanding.lines import FOLDER, load_lines
from tests.eval.apart import examples, shared
from tools.facts import FactBook

LINES = load_lines()
BOOK = FactBook.load()
LONG_ENOUGH = 5
"""Shorter words such as 你好 or 多少钱 are anybody's."""


def test_enough_of_everything() -> None:
    """Issue 6, item 1: at least 1,200; several wishes at once, and many that say no fact at all."""
    intents = Counter(intent for line in LINES for wish in line.intents for intent in wish)
    facts = Counter(name for line in LINES for name in line.facts)
    assert len(LINES) >= 1200
    assert {intent: intents[intent] for intent in Intent if intents[intent] < 40} == {}
    assert {name: facts[name] for name in BOOK.names if facts[name] < 12} == {}
    assert sum(len(line.intents) > 1 for line in LINES) >= 130
    assert sum(not line.facts for line in LINES) >= 250
    assert sum(bool(line.uncertain) for line in LINES) >= 20
    assert sum(bool(line.ambiguous) for line in LINES) >= 5
    assert len({line.by for line in LINES}) >= 6


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.jsonl")), ids=lambda path: path.stem)
def test_labels_are_of_the_fact_sheet(path: Path) -> None:
    for line in load_lines(path.name):
        named = {
            *line.facts,
            *line.uncertain,
            *line.ambiguous,
            *line.may,
            *([line.asked] if line.asked else []),
        }
        assert {name for name in named if name not in BOOK} == set(), line.text
        for name, values in line.facts.items():
            assert [BOOK[name].check(value) for value in values] == list(values), (line.text, name)


def test_labels_do_not_contradict_each_other() -> None:
    for line in LINES:
        assert not set(line.facts) & {*line.may, *line.ambiguous}, line.text
        assert set(line.uncertain) <= set(line.facts), line.text
        firsts = [wish[0] for wish in line.intents]
        assert len(set(firsts)) == len(firsts), line.text
        assert not set(line.may_intents) & {intent for wish in line.intents for intent in wish}, line.text


def test_each_is_said_once() -> None:
    said = Counter((line.earlier, line.asked, line.text) for line in LINES)
    assert {key: count for key, count in said.items() if count > 1} == {}


def test_nothing_here_is_an_example() -> None:
    """R-75."""
    assert {line.text: found for line in LINES if (found := shared(line.text, *line.earlier))} == {}
    assert [line.text for line in LINES if len(line.text) >= LONG_ENOUGH and line.text in examples()] == []
