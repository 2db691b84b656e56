"""Figures, dates, document numbers and clause labels: each must stand in the evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from guardrails.output import references
from guardrails.output.align import features, likeness
from guardrails.output.objection import Ground, Objection
from guardrails.output.quantities import Bound, Quantity, quantities, ranges
from guardrails.output.references import Mention

_LEFT_OVER = re.compile(r"\d+(?:\.\d+)?")
_SPEAKS_OF_IT = 0.45
_CLEARLY = 0.2
_CLAUSE = re.compile(r"[^，,。；;\n]+")
_RHYTHMS = {
    "month": re.compile(r"每个?月|按月|月均|一个月|/月"),
    "year": re.compile(r"每年|按年|一年|/年"),
    "school_year": re.compile(r"学年"),
    "term": re.compile(r"学期"),
    "once": re.compile(r"一次性"),
}
_OPPOSITE = {
    Bound.AT_LEAST: {Bound.AT_MOST},
    Bound.AT_MOST: {Bound.AT_LEAST, Bound.AFTER},
    Bound.AFTER: {Bound.AT_MOST},
}


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything countable in a text, in common forms."""

    quantities: tuple[Quantity, ...]
    dates: tuple[Mention, ...]
    documents: tuple[Mention, ...]
    clauses: tuple[Mention, ...]
    numbers: frozenset[Fraction] = field(default=frozenset())
    """Every Arabic number, wherever it stands."""


@lru_cache(maxsize=1_024)
def figures(text: str, *, loose: bool = False) -> Figures:
    """Figures of a half-width text; `loose` for evidence, where every numeral counts. Kept like features."""
    documents = references.document_numbers(text)
    rest = references.without(text, documents)
    clauses = references.clauses(rest)
    rest = references.without(rest, clauses)
    dates = references.dates(rest)
    rest = references.without(rest, dates)
    counted = quantities(rest, loose=loose)
    numbers = frozenset(Fraction(match.group()) for match in _LEFT_OVER.finditer(text))
    return Figures(counted, dates, documents, clauses, numbers | {q.value for q in counted})


def _elsewhere(sentence: str, evidence: str) -> Iterator[Objection]:
    """A figure that belongs to another clause: 离开超过十二个月 where the evidence says 2个月 for leaving."""
    known = [(clause, features(clause), quantities(clause)) for clause in _CLAUSE.findall(evidence)]
    for clause in _CLAUSE.findall(sentence):
        wanted = features(clause)
        for said in quantities(clause):
            same_unit = [
                (likeness(wanted, f), q) for _, f, counted in known for q in counted if q.unit == said.unit
            ]
            own = max((score for score, q in same_unit if q.value == said.value), default=0.0)
            other = max((score for score, q in same_unit if q.value != said.value), default=0.0)
            if own and other >= _SPEAKS_OF_IT and other - own > _CLEARLY:
                yield Objection(Ground.QUANTITY, said.text, "the evidence says this figure of something else")


def _left_over(text: str, said: Figures, others: tuple[Mention, ...]) -> Iterator[tuple[Fraction, str]]:
    blank = [*said.documents, *said.clauses, *said.dates, *others]
    blank += [Mention("", q.start, q.end, q.text) for q in said.quantities]
    for match in _LEFT_OVER.finditer(references.without(text, tuple(blank))):
        yield Fraction(match.group()), match.group()


def figure_objections(sentence: str, evidence: str, others: tuple[Mention, ...]) -> Iterator[Objection]:
    """What of a sentence's figures the evidence does not bear.

    Args:
        sentence: half-width text.
        evidence: all evidence, half-width.
        others: telephone numbers and links of the sentence, which are checked elsewhere.
    """
    plain = references.without(sentence, others)
    said, known = figures(plain), figures(evidence, loose=True)
    known_ranges = ranges(evidence)
    for unit, low, high in ranges(plain):
        bounded = _bounded(known, unit, low, Bound.AT_LEAST) and _bounded(known, unit, high, Bound.AT_MOST)
        if high - low > 1 and (unit, low, high) not in known_ranges and not bounded:
            yield Objection(Ground.QUANTITY, f"{low}-{high} {unit}", "the evidence holds no such range")
    yield from _rhythm(plain, evidence)
    yield from _elsewhere(plain, evidence)
    yield from _missing(Ground.DOCUMENT_NUMBER, said.documents, {m.value for m in known.documents})
    known_clauses = {prefix for m in known.clauses for prefix in _prefixes(m.value)}
    yield from _missing(Ground.CLAUSE, said.clauses, known_clauses)
    for date in said.dates:
        if not any(references.same_date(date.value, other.value) for other in known.dates):
            yield Objection(Ground.DATE, date.text, "the evidence holds no such date")
    for quantity in said.quantities:
        yield from _quantity(quantity, known)
    for value, words in _left_over(plain, said, others):
        if value not in known.numbers:
            yield Objection(Ground.QUANTITY, words, "the evidence holds no such number")


def _bounded(known: Figures, unit: str, value: Fraction, bound: Bound) -> bool:
    """Whether the evidence bounds a range on this side: 30周岁以上."""
    return any((q.unit, q.value, q.bound) == (unit, value, bound) for q in known.quantities)


def _prefixes(clause: str) -> set[str]:
    """A label and all that contain it: whoever may cite 第十八条第二款 may cite 第十八条."""
    parts = clause.split("/")
    return {"/".join(parts[:length]) for length in range(1, len(parts) + 1)}


def _missing(ground: Ground, said: tuple[Mention, ...], known: set[str]) -> Iterator[Objection]:
    for mention in said:
        if mention.value not in known:
            yield Objection(ground, mention.text, "the evidence does not hold it")


def _quantity(said: Quantity, known: Figures) -> Iterator[Objection]:
    same = [other for other in known.quantities if (other.unit, other.value) == (said.unit, said.value)]
    if not same and (said.unit, said.value) == ("month", Fraction(1, 2)):
        same = [other for other in known.quantities if (other.unit, other.value) == ("hour", Fraction(360))]
    if not same:
        yield Objection(Ground.QUANTITY, said.text, "the evidence holds no such figure")
        return
    against = _OPPOSITE.get(said.bound, set())
    if against and all(other.bound in against for other in same):
        yield Objection(Ground.BOUND, said.text, f"the evidence bounds it the other way ({same[0].text})")


def _amounts(clause: str) -> frozenset[Fraction]:
    return frozenset(quantity.value for quantity in quantities(clause) if quantity.unit == "yuan")


def _rhythms(clause: str) -> frozenset[str]:
    return frozenset(name for name, pattern in _RHYTHMS.items() if pattern.search(clause))


def _rhythm(sentence: str, evidence: str) -> Iterator[Objection]:
    """An amount keeps its rhythm: 每年3600元 is not 每月3600元."""
    known = [(_amounts(clause), _rhythms(clause)) for clause in _CLAUSE.findall(evidence)]
    for clause in _CLAUSE.findall(sentence):
        said, amounts = _rhythms(clause), _amounts(clause)
        there = {name for other, names in known if amounts & other for name in names}
        if said and there and not said & there:
            yield Objection(
                Ground.CONTRAST, clause, f"the evidence says {'/'.join(sorted(there))} for this amount"
            )
