"""What is learned from: asks of the corpus with the clause that each asks for, and what nobody answers."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.asks import load_asks

_OF_ONE_DOCUMENT = 8
"""Pairs of one document that stand together: they tell its clauses apart, which is the hard part."""


@dataclass(frozen=True, slots=True)
class Lines:
    """All asks by number."""

    texts: tuple[str, ...]
    clause: tuple[int, ...]
    """Of each text; -1 for what people ask of others."""
    document: tuple[str, ...]
    """Of each clause."""
    held: frozenset[int]
    """Texts that are kept back, to see what was learned."""

    @property
    def others(self) -> tuple[int, ...]:
        """Texts that no document of ours answers."""
        return tuple(i for i, clause in enumerate(self.clause) if clause < 0)


def load(hold: float, seed: int) -> Lines:
    """Read the corpus; of clauses with four asks or more the share `hold` is kept back."""
    asks, dice = load_asks(), random.Random(seed)
    texts: list[str] = []
    owner: list[int] = []
    document: list[str] = []
    held: set[int] = set()
    for number, (clause, questions) in enumerate(sorted(asks.by_clause.items())):
        document.append(clause.partition("#")[0])
        for question in questions:
            if len(questions) >= 4 and dice.random() < hold:
                held.add(len(texts))
            texts.append(question)
            owner.append(number)
    texts += asks.outside
    owner += [-1] * len(asks.outside)
    return Lines(tuple(texts), tuple(owner), tuple(document), frozenset(held))


def batches(lines: Lines, size: int, beside: int, dice: random.Random) -> Iterator[list[int]]:
    """Batches of one epoch: `size` pairs of asks of one clause each, then `beside` that are nobody's.

    First of each pair, then second of each pair, so that row i and row i + size belong together.
    """
    by_clause: dict[int, list[int]] = defaultdict(list)
    for i, clause in enumerate(lines.clause):
        if clause >= 0 and i not in lines.held:
            by_clause[clause].append(i)
    by_document: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for clause, own in by_clause.items():
        dice.shuffle(own)
        by_document[lines.document[clause]] += zip(own[::2], own[1::2], strict=False)
    chunks = [chunk for pairs in by_document.values() for chunk in _cut(pairs, dice)]
    dice.shuffle(chunks)
    pairs = [pair for chunk in chunks for pair in chunk]
    others = lines.others
    for start in range(0, len(pairs) - 1, size):
        some = pairs[start : start + size]
        rows = [first for first, _ in some] + [second for _, second in some]
        yield rows + dice.sample(others, min(beside, len(others)))


def _cut(pairs: list[tuple[int, int]], dice: random.Random) -> list[Sequence[tuple[int, int]]]:
    dice.shuffle(pairs)
    return [pairs[i : i + _OF_ONE_DOCUMENT] for i in range(0, len(pairs), _OF_ONE_DOCUMENT)]
