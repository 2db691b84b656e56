"""A benefit's rule for a day and a district: parameters become numbers, conditions become code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from operator import itemgetter

from knowledge.types import Citation, Confidence
from tools.benefit import Benefit
from tools.conditions import Comparison, parameters_used
from tools.engine import FALSE, UNKNOWN, Node, Setting, compile_tree, truth_table, ways_of
from tools.facts import FactBook
from tools.kleene import Row
from tools.phrases import Phrases
from tools.reasons import askable, with_notes
from tools.rule import HANGZHOU, PLACE, READY, Ends, Rule
from tools.shortcut import shortcut
from tools.types import FactValue, TraceStep, Truth
from tools.unrolled import unrolled


@dataclass(frozen=True, slots=True)
class Terms:
    """What a day and a district make of a benefit: days and districts with the same terms share a rule."""

    parameters: tuple[tuple[str, int], ...]
    begins: dt.date | None
    """The day from which it is in force, if that is later."""


def terms_on(benefit: Benefit, as_of: dt.date, district: str = "") -> Terms:
    """The parameters of a benefit, whose tree is expanded already."""
    parameters: dict[str, int] = {}
    begins = benefit.in_force_from if benefit.in_force_from and as_of < benefit.in_force_from else None
    used = parameters_used(benefit.who)
    for name, parameter in benefit.parameters.items():
        value = parameter.on(as_of, district)
        first = min(parameter.values, key=lambda dated: dated.since)
        parameters[name] = value.value if value else first.value
        if value is None and name in used:
            begins = max(begins or first.since, first.since)
    return Terms(tuple(parameters.items()), begins)


def compile_rule(
    benefit: Benefit,
    terms: Terms,
    *,
    book: FactBook,
    phrases: Phrases,
    cite: Callable[[str], Citation],
    shared: Setting | None = None,
) -> Rule:
    """Compile a benefit whose tree is expanded already.

    Args:
        benefit: as its file says.
        terms: of the day and the district.
        book: the facts.
        phrases: fixed words of verdicts.
        cite: resolves references.
        shared: what was compiled for other benefits of the same catalogue.
    """
    parameters, begins = dict(terms.parameters), terms.begins
    setting = Setting(book, parameters, cite, phrases.every)
    if shared is not None:
        setting = replace(shared, parameters=parameters)
    who = compile_tree(benefit.who, setting, benefit.sources[0])
    residence = (
        compile_tree(benefit.residence, setting, benefit.sources[0])
        if benefit.residence is not None
        else None
    )
    sources = tuple(dict.fromkeys(cite(reference) for reference in benefit.sources))
    reported = (phrases.reported,) if sources[0].confidence is Confidence.REPORTED else ()
    inside = dict.fromkeys((*who.reads, *(residence.reads if residence else ())))
    reads = tuple(_with_conditions_of_asking(inside, book))
    deciding = [name for name in reads if name in _deciding(reads, book)]
    ways = ways_of(reads, book)
    noted = tuple(with_notes(who))
    hanging = dict.fromkeys(name for node in noted for name in node.reads) | (
        {PLACE: None} if residence else {}
    )
    return Rule(
        benefit=benefit,
        who=who,
        residence=residence,
        begins=_not_in_force(begins, benefit, phrases, cite) if begins else None,
        sources=sources,
        book=book,
        phrases=phrases,
        reads=reads,
        tables=_tables((who,) if residence is None else (who, residence), book, parameters),
        noted=noted,
        noting=itemgetter(*hanging) if hanging else None,
        said_if_unlikely=(*(note.say for note in benefit.notes_if_unlikely), *reported),
        said_otherwise=(*(note.say for note in benefit.notes), *reported),
        parameters=parameters,
        said={},
        key=itemgetter(*reads) if 0 < ways <= READY else None,
        ready={},
        account=unrolled(who, before=residence, presumed={PLACE: HANGZHOU}, parts=setting.parts),
        decide=shortcut(who, before=residence, presumed={PLACE: HANGZHOU}) if not begins else _never,
        ends=Ends(benefit.standing, lambda missing, row: askable(missing, row, book), deciding),
    )


def _tables(
    trees: Iterable[Node], book: FactBook, parameters: Mapping[str, int]
) -> Mapping[str, tuple[Mapping[FactValue | None, int], ...]]:
    found: dict[str, list[Mapping[FactValue | None, int]]] = {}
    for tree in trees:
        for leaf in tree.leaves():
            if isinstance(leaf.condition, Comparison):
                table = truth_table(leaf.condition, book[leaf.condition.fact], parameters)
                _add(found, leaf.condition.fact, table)
                for other, hint in leaf.hints:
                    _add(found, other, {value: hint.get(value, UNKNOWN) for value in book[other].domain()})
    return {name: tuple(tables) for name, tables in found.items()}


def _add(
    tables: dict[str, list[Mapping[FactValue | None, int]]], name: str, table: Mapping[FactValue | None, int]
) -> None:
    known = tables.setdefault(name, [])
    if table not in known:
        known.append(table)


def _with_conditions_of_asking(names: Iterable[str], book: FactBook) -> dict[str, None]:
    """The facts, and those that decide whether they can be asked."""
    found: dict[str, None] = {}
    for name in names:
        found[name] = None
        when = book[name].asked_when
        while when is not None:
            found[when.fact] = None
            when = book[when.fact].asked_when
    return found


def _never(_: Row) -> int:
    """Before it is in force nobody has it."""
    return FALSE


def _deciding(names: Iterable[str], book: FactBook) -> frozenset[str]:
    """The facts that decide whether one of these can be asked."""
    return frozenset(when.fact for name in names if (when := book[name].asked_when) is not None)


def _not_in_force(
    begins: dt.date, benefit: Benefit, phrases: Phrases, cite: Callable[[str], Citation]
) -> TraceStep:
    day = f"{begins.year}年{begins.month}月{begins.day}日"
    source = cite(benefit.in_force_source or benefit.sources[0])
    return TraceStep(phrases.not_in_force.format(day=day), Truth.FALSE, (), (), source)
