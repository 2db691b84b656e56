"""A benefit compiled for a day and a district: facts in, verdict out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

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
    alike,
    compile_tree,
    truth_table,
)
from tools.facts import FactBook
from tools.phrases import Phrases
from tools.types import Facts, FactValue, Outcome, TraceStep, Truth, Verdict

SEEN_MAX = 4096
HANGZHOU = {"registered_residence": "hangzhou"}
"""The place of a pre-check: until a family says where the child is registered, we check for Hangzhou."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A verdict that holds for all numbers a rule does not tell apart, up to the numbers in its trace."""

    verdict: Verdict
    numbers: tuple[tuple[int, str, Callable[[FactValue | None], TraceStep]], ...]

    def told(self, facts: Facts) -> Verdict:
        """The verdict with this family's own numbers."""
        trace: list[TraceStep] | None = None
        for place, name, step_of in self.numbers:
            step = step_of(facts.get(name))
            if step is not self.verdict.trace[place]:
                trace = trace or list(self.verdict.trace)
                trace[place] = step
        return self.verdict if trace is None else replace(self.verdict, trace=tuple(trace))


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
    keyed: tuple[tuple[str, Mapping[FactValue | None, int] | None], ...]
    """`reads`, and for numbers which of them the rule does not tell apart."""
    orders: dict[tuple[str, ...], tuple[str, ...]]
    """What can be asked of what is missing, in order, where that does not depend on what was told."""
    seen: dict[tuple[FactValue | int | None, ...], Verdict | Seen]
    """Verdicts by the values of `keyed`: a verdict is a pure function of them. At most `SEEN_MAX`."""

    def decide(self, facts: Facts) -> int:
        """The truth alone: FALSE, UNKNOWN or TRUE."""
        if self.begins is not None:
            return FALSE
        if self.residence is None:
            return self.who.decide(facts)
        place = self.residence.decide(facts if "registered_residence" in facts else {**facts, **HANGZHOU})
        return min(place, self.who.decide(facts)) if place else FALSE

    def leaves(self) -> tuple[Node, ...]:
        """Every comparison of the rule."""
        return self.who.leaves() + (self.residence.leaves() if self.residence else ())

    def judge(self, facts: Facts) -> Verdict:
        """The verdict of this benefit alone; conflicts with others are looked at afterwards."""
        get = facts.get
        key = tuple([get(name) if groups is None else groups.get(get(name)) for name, groups in self.keyed])
        seen = self.seen.get(key)
        if seen is None:
            if len(self.seen) >= SEEN_MAX:
                self.seen.clear()
            seen = self.seen[key] = self._judge(facts)
        return seen.told(facts) if isinstance(seen, Seen) else seen

    def judge_afresh(self, facts: Facts) -> Verdict:
        """The same without what was seen before."""
        seen = self._judge(facts)
        return seen.verdict if isinstance(seen, Seen) else seen

    def _judge(self, facts: Facts) -> Verdict | Seen:
        account = Account()
        if self.begins is not None:
            account.trace.append(self.begins)
            account.failed.append(self.begins.condition)
            truth = FALSE
        else:
            truth = TRUE
            if self.residence is not None:
                placed = facts if "registered_residence" in facts else {**facts, **HANGZHOU}
                truth = self.residence.record(placed, account)
            truth = min(truth, self.who.record(facts, account))
        verdict = self._verdict(truth, facts, account)
        return Seen(verdict, tuple(account.numbers)) if account.numbers else verdict

    def _verdict(self, truth: int, facts: Facts, account: Account) -> Verdict:
        if truth == TRUE:
            encouraged = self.benefit.standing is Standing.ENCOURAGED
            outcome = Outcome.DEPENDS_ON_DISTRICT if encouraged else Outcome.LIKELY
        else:
            outcome = Outcome.UNKNOWN if truth == UNKNOWN else Outcome.UNLIKELY
        return Verdict(
            benefit=self.benefit.id,
            name=self.benefit.name,
            outcome=outcome,
            failed=tuple(dict.fromkeys(account.failed)) if truth == FALSE else (),
            missing=self._askable(tuple(account.missing), facts) if truth == UNKNOWN else (),
            sources=self.sources,
            trace=tuple(account.trace),
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
    trees = (benefit.who,) if benefit.residence is None else (benefit.who, benefit.residence)
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
        reads=(read := tuple(_with_conditions_of_asking(reads, book))),
        tables=_tables((who,) if residence is None else (who, residence), book, parameters),
        keyed=tuple((name, alike(name, trees, book, parameters)) for name in read),
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
                known = found.setdefault(leaf.condition.fact, [])
                if table not in known:
                    known.append(table)
    return {name: tuple(tables) for name, tables in found.items()}


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
