"""A benefit compiled for a day and a district: facts in, verdict out."""

from __future__ import annotations

import datetime as dt
from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from knowledge.types import Citation, Confidence
from tools import reasons
from tools.benefit import Benefit, Standing
from tools.conditions import Comparison, Condition, ParameterReference, walk
from tools.engine import (
    FALSE,
    TRUE,
    UNKNOWN,
    Account,
    Node,
    Setting,
    compile_tree,
    truth_table,
)
from tools.facts import FactBook
from tools.phrases import Phrases
from tools.types import Facts, FactValue, Outcome, TraceStep, Truth, Verdict

SEEN_MAX = 4096
PLACE, HANGZHOU = "registered_residence", "hangzhou"
"""The place of a pre-check: until a family says where the child is registered, we check for Hangzhou."""


def placed(facts: Facts) -> Facts:
    """The facts, with the place of the pre-check where the family told none."""
    return facts if facts.get(PLACE) is not None else ChainMap({PLACE: HANGZHOU}, facts)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Rule:
    """One benefit, ready to judge."""

    benefit: Benefit
    who: Node
    residence: Node | None
    begins: TraceStep | None
    """The failing step, on a day before the benefit is in force."""
    sources: tuple[Citation, ...]
    book: FactBook
    phrases: Phrases
    reads: tuple[str, ...]
    """Facts that the verdict depends on."""
    noted: tuple[Node, ...]
    """Conditions whose note is said when they hold."""
    said_if_unlikely: tuple[str, ...]
    said_otherwise: tuple[str, ...]
    """Notes that go with every verdict of the kind."""
    parameters: Mapping[str, int]
    """Dated parameters as numbers, on the day."""
    tables: Mapping[str, tuple[Mapping[FactValue | None, int], ...]]
    """What each comparison of the rule says of each value, by fact."""
    orders: dict[tuple[str, ...], tuple[str, ...]]
    """What can be asked of what is missing, in order, where that does not depend on what was told."""
    seen: dict[tuple[FactValue | None, ...], Verdict]
    """Verdicts by the values of `reads`: a verdict is a pure function of them. At most `SEEN_MAX`."""

    def decide(self, facts: Facts) -> int:
        """The truth alone: FALSE, UNKNOWN or TRUE."""
        if self.begins is not None:
            return FALSE
        if self.residence is None:
            return self.who.decide(facts)
        place = self.residence.decide(placed(facts))
        return min(place, self.who.decide(facts)) if place else FALSE

    def leaves(self) -> tuple[Node, ...]:
        """Every comparison of the rule."""
        return self.who.leaves() + (self.residence.leaves() if self.residence else ())

    def judge(self, facts: Facts) -> Verdict:
        """The verdict of this benefit alone; conflicts with others are looked at afterwards."""
        key = tuple(map(facts.get, self.reads))
        seen = self.seen.get(key)
        if seen is None:
            if len(self.seen) >= SEEN_MAX:
                self.seen.clear()
            seen = self.seen[key] = self.judge_afresh(facts)
        return seen

    def judge_afresh(self, facts: Facts) -> Verdict:
        """The same without what was seen before."""
        if self.begins is not None:
            return self._verdict(Account(FALSE, (self.begins,), (), (self.begins.condition,)), facts)
        who = self.who.judge(facts)
        if self.residence is None:
            return self._verdict(who, facts)
        place = self.residence.judge(placed(facts))
        truth = min(place.truth, who.truth)
        failed = place.failed + who.failed if truth == FALSE else ()
        missing = place.missing + who.missing if truth == UNKNOWN else ()
        return self._verdict(Account(truth, place.trace + who.trace, missing, failed), facts)

    def _verdict(self, account: Account, facts: Facts) -> Verdict:
        truth = account.truth
        if truth == TRUE:
            encouraged = self.benefit.standing is Standing.ENCOURAGED
            outcome = Outcome.DEPENDS_ON_DISTRICT if encouraged else Outcome.LIKELY
        else:
            outcome = Outcome.UNKNOWN if truth == UNKNOWN else Outcome.UNLIKELY
        return Verdict(
            benefit=self.benefit.id,
            name=self.benefit.name,
            outcome=outcome,
            failed=tuple(dict.fromkeys(account.failed)),
            missing=self._askable(account.missing, facts) if account.missing else (),
            sources=self.sources,
            trace=account.trace,
            notes=self._notes(truth, facts),
        )

    def _askable(self, missing: tuple[str, ...], facts: Facts) -> tuple[str, ...]:
        found = self.orders.get(missing)
        if found is None:
            found = reasons.askable(missing, facts, self.book)
            if not any(self.book[name].asked_when for name in missing):
                self.orders[missing] = found  # it depends on nothing else that was told
        return found

    def _notes(self, truth: int, facts: Facts) -> tuple[str, ...]:
        if truth == FALSE:
            return self.said_if_unlikely
        said: list[str] = []
        if truth == TRUE and self.benefit.standing is Standing.ENCOURAGED:
            said.append(self.phrases.encouraged)
        if self.residence is not None and "registered_residence" not in facts:
            said.append(self.phrases.presumed_residence)
        said += [node.condition.note for node in self.noted if node.decide(facts) == TRUE]
        return (*dict.fromkeys(said), *self.said_otherwise) if said else self.said_otherwise


def compile_rule(
    benefit: Benefit,
    *,
    book: FactBook,
    phrases: Phrases,
    cite: Callable[[str], Citation],
    as_of: dt.date,
    district: str = "",
) -> Rule:
    """Compile a benefit whose tree is expanded already, with the parameters of the day and district."""
    parameters: dict[str, int] = {}
    begins = benefit.in_force_from if benefit.in_force_from and as_of < benefit.in_force_from else None
    used = parameters_used(benefit.who)
    for name, parameter in benefit.parameters.items():
        value = parameter.on(as_of, district)
        first = min(parameter.values, key=lambda dated: dated.since)
        parameters[name] = value.value if value else first.value
        if value is None and name in used:
            begins = max(begins or first.since, first.since)
    setting = Setting(book, parameters, cite, phrases.every)
    who = compile_tree(benefit.who, setting, benefit.sources[0])
    residence = (
        compile_tree(benefit.residence, setting, benefit.sources[0])
        if benefit.residence is not None
        else None
    )
    sources = tuple(dict.fromkeys(cite(reference) for reference in benefit.sources))
    reported = (phrases.reported,) if sources[0].confidence is Confidence.REPORTED else ()
    reads = dict.fromkeys((*who.reads, *(residence.reads if residence else ())))
    return Rule(
        benefit=benefit,
        who=who,
        residence=residence,
        begins=_not_in_force(begins, benefit, phrases, cite) if begins else None,
        sources=sources,
        book=book,
        phrases=phrases,
        reads=tuple(_with_conditions_of_asking(reads, book)),
        tables=_tables((who,) if residence is None else (who, residence), book, parameters),
        noted=tuple(reasons.with_notes(who)),
        said_if_unlikely=(*(note.say for note in benefit.notes_if_unlikely), *reported),
        said_otherwise=(*(note.say for note in benefit.notes), *reported),
        parameters=parameters,
        orders={},
        seen={},
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


def _not_in_force(
    begins: dt.date, benefit: Benefit, phrases: Phrases, cite: Callable[[str], Citation]
) -> TraceStep:
    day = f"{begins.year}年{begins.month}月{begins.day}日"
    source = cite(benefit.in_force_source or benefit.sources[0])
    return TraceStep(phrases.not_in_force.format(day=day), Truth.FALSE, (), (), source)


def parameters_used(condition: Condition) -> frozenset[str]:
    """Names of the dated parameters that a tree compares with."""
    return frozenset(
        limit.parameter
        for part, _ in walk(condition)
        if isinstance(part, Comparison)
        for limit in (part.at_least, part.below)
        if isinstance(limit, ParameterReference)
    )
