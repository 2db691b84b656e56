"""The graph of entries: which guides lead to which, by the names they mention and the clauses they share."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from knowledge.types import Clause, Guide

_NAMED = re.compile(r"[“「]([^”」]{2,20})[”」]")
NAMED = 3
"""How much a mention by name weighs against a clause that both rest on."""
COMMON = 4
"""A clause that more entries than this rest on ties none of them together: nearly all name 三(一)."""


def neighbours(guides: Iterable[Guide]) -> Mapping[str, tuple[str, ...]]:
    """For each entry the others that its guide leads to, the nearest first.

    A guide leads to another where it mentions it by name (看“教育救助”), and where both rest on a clause that
    few others rest on.

    Args:
        guides: all of them; guides for groups and life situations lead to entries, and none leads to them.
    """
    held = tuple(guides)
    names = {name: guide.entry for guide in held for name in (guide.name, *guide.also_called)}
    resting: dict[str, set[str]] = defaultdict(set)
    for guide in held:
        for clause in _clauses(guide):
            for link in clause.links:
                resting[link].add(guide.entry)
    return {guide.entry: _of(guide, names, resting) for guide in held}


def _of(guide: Guide, names: Mapping[str, str], resting: Mapping[str, set[str]]) -> tuple[str, ...]:
    weights: Counter[str] = Counter()
    for clause in _clauses(guide):
        for name in _NAMED.findall(clause.text):
            weights[names.get(name, guide.entry)] += NAMED
        for link in clause.links:
            if len(resting[link]) <= COMMON:
                weights.update(resting[link])
    own = [entry for entry in weights if entry != guide.entry and entry.startswith("B")]
    return tuple(sorted(own, key=lambda entry: (-weights[entry], entry)))


def _clauses(guide: Guide) -> list[Clause]:
    return [clause for _, clauses in guide.sections for clause in clauses]
