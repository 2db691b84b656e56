"""Building material as examples: a text, what it wants, what it says, and what is left open.

Labelled lines say everything about their text but which guide answers it: that the asks of the corpus tell.
A saying is labelled with one fact and a wish with its intents only: there the patterns tell which other facts
may be said, and those are left out of the learning.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from agent.types import ConversationState, Intent
from agent.understand import Understander, material
from agent.understand.columns import NOTHING, Columns, Value, column_of, subjectless
from agent.understand.intents import load_intents
from agent.understand.labelled import Line
from knowledge.asks import Asks
from knowledge.types import Guide

Array = NDArray[np.float32]
_TODAY = dt.date(2026, 11, 1)
UNLABELLED = 0.3
"""How much it counts that a text labelled otherwise says nothing else, as the patterns believe too."""
REPEATED = 0.6
"""Share of what is not labelled whole that an epoch reads."""
SAID = 3.0
"""How much more a fact that is said counts than one that is not: of those there are two hundred a text."""
_EXACT = ("_disability_kind", "_disability_level", "_term_months", "_absent_months", "district")
"""What the patterns read of these holds wherever it was checked: it is learned as if it were labelled."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text to learn from."""

    text: str
    wants: tuple[tuple[Intent, ...], ...] = ()
    """Each wish with its names, the leading one first; empty: not labelled."""
    may_want: frozenset[Intent] = frozenset()
    says: frozenset[tuple[str, Value]] = frozenset()
    """Columns that are said."""
    unsure: frozenset[str] = frozenset()
    """Facts that are left out."""
    silence: float = 1.0
    """How much it counts that nothing else is said; 0: facts are not learned from this."""
    heard: bool = field(default=False)
    """Whether this is a labelled line."""
    about: tuple[str, ...] = ()
    """The guides that answer; empty: not labelled."""


def of_line(line: Line) -> Example:
    """A labelled line. What only the talk around it tells is not learned from its words."""
    alone = not line.earlier and not line.asked
    several = {name for name, values in line.facts.items() if len({column_of(name, v) for v in values}) > 1}
    says = {column_of(n, values[0]) for n, values in line.facts.items() if n not in several}
    return Example(
        line.text,
        line.intents if not line.asked else (),
        frozenset(line.may_intents),
        frozenset(says) if alone else frozenset(),
        frozenset(map(subjectless, (*line.may, *line.ambiguous, *several))),
        1.0 if alone else 0.0,
        heard=True,
    )


def of_material(reader: Understander) -> Iterator[Example]:
    """Sayings, wishes and the examples of `intents.yaml`; `reader` marks what else they may say."""
    for saying in material.sayings():
        yield from _of_saying(saying, reader)
    file, _ = load_intents()
    wishes: list[tuple[str, tuple[Intent, ...]]]
    wishes = [(text, (intent,)) for intent, spec in file.intents.items() for text in spec.examples]
    wishes += [(wish.text, wish.intents) for wish in material.wishes()]
    for text, intents in wishes:
        says, left = _as_patterns_read(text, reader)
        yield Example(text, tuple((one,) for one in intents), frozenset(), says, left, UNLABELLED)


def of_asks(asks: Asks, guides: Mapping[str, Guide]) -> Iterator[Example]:
    """How families ask: for a paragraph of a guide, for a clause that guides rest on, for what we lack."""
    resting: dict[str, set[str]] = {}
    for entry, guide in guides.items():
        for clause in (one for _, section in guide.sections for one in section):
            for target in (clause.id, *clause.links):
                resting.setdefault(target, set()).add(entry)
    about: dict[str, set[str]] = {}
    for clause_id, questions in asks.by_clause.items():
        for question in questions:
            about.setdefault(question, set()).update(resting.get(clause_id, ()))
    for question, entries in about.items():
        if entries:
            yield Example(question, silence=0.0, about=tuple(sorted(entries)))
    for question in asks.outside:
        if question not in about:
            yield Example(question, silence=0.0, about=(NOTHING,))


def _of_saying(saying: material.Saying, reader: Understander) -> Iterator[Example]:
    says, left = _as_patterns_read(saying.text, reader)
    if saying.fact is None:
        yield Example(saying.text, silence=1.0)
        return
    name, value = saying.fact
    urgent = name == "urgent_need" and value != "none"
    wants = ((Intent.URGENT_NEED if urgent else Intent.TELL_FACTS,),)
    column = column_of(name, value)
    others = frozenset(one for one in says if one[0] != column[0])
    yield Example(
        saying.text,
        wants,
        frozenset({Intent.TELL_FACTS, Intent.URGENT_NEED}),
        frozenset({column}) | others,
        left - {column[0]},
        UNLABELLED,
    )


def _as_patterns_read(text: str, reader: Understander) -> tuple[frozenset[tuple[str, Value]], frozenset[str]]:
    """What holds as the patterns read it, and what is left open because they read it."""
    read = reader.read(text, None, ConversationState(), today=_TODAY)
    exact = {fact.name for fact in read.facts if fact.name.endswith(_EXACT)}
    says = frozenset(column_of(f.name, f.value) for f in read.facts if f.name in exact)
    others = {f.name for f in read.facts} | {name for name, _ in read.ambiguous}
    return says, frozenset(map(subjectless, others - exact))


@dataclass(frozen=True, slots=True)
class Targets:
    """What the heads learn, one row per text."""

    lead: Array
    """(n, intents): share of each; a row of zeros where it is not labelled."""
    wishes: Array
    """(n, intents)"""
    wish_weight: Array
    facts: Array
    """(n, facts)"""
    fact_weight: Array
    about: Array
    """(n, guides): share of each; a row of zeros where it is not labelled."""
    chance: Array
    """(n,): of being read in one epoch."""


def targets(examples: Sequence[Example], columns: Columns) -> Targets:
    """Targets and how much each counts."""
    wish = {intent: i for i, intent in enumerate(columns.intents)}
    fact = {column: i for i, column in enumerate(columns.facts)}
    by_name: dict[str, list[int]] = {}
    for (name, _), i in fact.items():
        by_name.setdefault(name, []).append(i)
    n = len(examples)
    lead, wishes = np.zeros((2, n, len(wish)), np.float32)
    facts = np.zeros((n, len(fact)), np.float32)
    wish_weight, fact_weight = np.zeros_like(wishes), np.zeros_like(facts)
    guide = {entry: i for i, entry in enumerate(columns.guides)}
    about = np.zeros((n, len(guide)), np.float32)
    for row, example in enumerate(examples):
        if example.wants:
            wish_weight[row] = 1.0
            for one in example.may_want:
                wish_weight[row, wish[one]] = 0.0
            for names in example.wants:
                for one in names:
                    wishes[row, wish[one]], wish_weight[row, wish[one]] = 1.0, 1.0 / len(names)
            for one in example.wants[0]:
                lead[row, wish[one]] = 1.0 / len(example.wants[0])
        for entry in example.about:
            about[row, guide[entry]] = 1.0 / len(example.about)
        fact_weight[row] = example.silence
        for name in example.unsure:
            fact_weight[row, by_name.get(name, [])] = 0.0
        for name in {name for name, _ in example.says}:
            fact_weight[row, by_name.get(name, [])] = 1.0  # where a value is said no other is meant
        for i in (fact[column] for column in example.says if column in fact):
            facts[row, i], fact_weight[row, i] = 1.0, SAID
    chance = np.array([1.0 if example.heard else REPEATED for example in examples], np.float32)
    return Targets(lead, wishes, wish_weight, facts, fact_weight, about, chance)
