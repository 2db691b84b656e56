"""Which question comes next: the one that settles most, never twice, sensitive ones last."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from tools.engine import UNKNOWN
from tools.facts import FactBook
from tools.questions import Compound, single
from tools.rule import Rule
from tools.types import Facts, FactValue, Outcome, Question, Verdict

SLACK = 1e-9
"""Sums of shares that make one are one only so far."""
UNREMARKABLE = frozenset({"none", "able", "ordinary"})
"""Values that point to no benefit: to say that there is no disability brings up no disability allowance."""


def next_question(
    rules: Sequence[Rule],
    verdicts: Sequence[Verdict],
    facts: Facts,
    book: FactBook,
    *,
    told: Facts | None = None,
    asked: Collection[str] = (),
    declined: Collection[str] = (),
    focus: Collection[str] = (),
    compounds: Sequence[Compound] = (),
) -> Question | None:
    """The one next thing to ask, or None when nothing that matters here is open.

    Args:
        rules: compiled rules, in the order of `verdicts`.
        verdicts: what they say now.
        facts: what is known, with what follows from it.
        book: the facts.
        told: what the family said itself, if that is less than what is known.
        asked: facts asked before; never again.
        declined: facts the family would rather not tell; never again.
        focus: entries the talk is about. They are settled first; then those the family's facts touch.
        compounds: questions about several facts that may be asked; none for who can take one fact at a time.
    """
    closed = {*asked, *declined, *facts}
    spoken_of = {*asked, *declined, *(facts if told is None else told)}
    for group in relevant(rules, verdicts, facts if told is None else told, focus):
        open_rules = [(rule, verdict) for rule, verdict in group if verdict.outcome is Outcome.UNKNOWN]
        names = {name for _, verdict in open_rules for name in verdict.missing} - closed
        plain = [name for name in names if not book[name].sensitive]
        if candidates := plain or list(names):
            wanted = [rule for rule, _ in open_rules]
            asking = Asking(wanted, facts, book)
            best = asking.best(candidates)
            fitting = [one for one in compounds if fits(one, candidates, spoken_of)]
            together = max(fitting, key=asking.worth_together, default=None)
            if together is not None and (
                best in together.facts or asking.worth_together(together) >= asking.worth(best)
            ):
                return together.ask(book, closed)
            return single(book[best])
    return None


def fits(compound: Compound, wanted: Collection[str], spoken_of: Collection[str]) -> bool:
    """Whether a compound question is worth more than a single one: two of its facts are wanted, and none of
    them was spoken of, for nobody likes to be asked again.
    """
    return sum(name in wanted for name in compound.facts) > 1 and not set(compound.facts) & set(spoken_of)


def relevant(
    rules: Sequence[Rule], verdicts: Sequence[Verdict], facts: Facts, focus: Collection[str]
) -> Iterable[list[tuple[Rule, Verdict]]]:
    """Groups of rules to settle, one after another: in focus; touched by what was told; if neither, all."""
    pairs = list(zip(rules, verdicts, strict=True))
    in_focus = [pair for pair in pairs if pair[0].benefit.id in focus]
    touched = [
        pair
        for pair in pairs
        if pair[0].benefit.id not in focus
        and any(points(facts.get(name)) for name in pair[0].benefit.hallmarks)
    ]
    if not in_focus and not touched:
        return [[pair for pair in pairs if not _only_sensitive(pair[0])]]
    return [in_focus, touched]


def points(value: FactValue | None) -> bool:
    """Whether a value points to something: neither untold, nor a no, nor the ordinary."""
    return value is not None and value is not False and value not in UNREMARKABLE


def _only_sensitive(rule: Rule) -> bool:
    """A benefit that only a sensitive fact points to is never brought up by us."""
    hallmarks = rule.benefit.hallmarks
    return bool(hallmarks) and all(rule.book[name].sensitive for name in hallmarks)


class Asking:
    """What answers would settle, for the verdicts that are open now."""

    def __init__(self, rules: Sequence[Rule], facts: Facts, book: FactBook) -> None:
        self._rules = rules
        self._facts = facts
        self._book = book

    def best(self, names: Iterable[str]) -> str:
        """The fact that is worth most, of equals the first one in the book. One that could not be worth more,
        were every rule that reads it settled, is not looked into.
        """
        most: tuple[float, int] = (-1.0, 0)
        found = ""
        readers = {name: [rule for rule in self._rules if name in rule.reads] for name in names}
        for name in sorted(readers, key=lambda name: (-len(readers[name]), self._book.rank[name])):
            if _worth(len(readers[name]), readers[name]) + SLACK < most[0]:
                break
            worth = self.worth(name), -self._book.rank[name]
            if worth > most:
                most, found = worth, name
        return found

    def worth(self, name: str) -> float:
        """Verdicts that an answer settles, on average; and a little for each rule it serves."""
        readers = tuple(rule for rule in self._rules if name in rule.reads)
        settled = sum(
            share * self._settled({name: value}, readers)
            for value, share in answers(name, readers, self._book)
        )
        return _worth(settled, readers)

    def worth_together(self, compound: Compound) -> float:
        """The same for a question about several facts: nothing of it, or one of it and nothing else."""
        open_facts = [name for name in compound.facts if name not in self._facts]
        nothing = {name: compound.otherwise[name] for name in open_facts}
        readers = tuple(rule for rule in self._rules if not nothing.keys().isdisjoint(rule.reads))
        none_of_it, settled = 1.0, 0.0
        for name in open_facts:
            shares = answers(name, readers, self._book)
            usual = sum(share for value, share in shares if value == nothing[name])
            for value, share in shares:
                if value != nothing[name]:
                    settled += share * self._settled({**nothing, name: value}, readers)
            none_of_it *= usual
        return _worth(settled + none_of_it * self._settled(nothing, readers), readers)

    def _settled(self, more: Facts, rules: Sequence[Rule]) -> int:
        known = self._book.infer_more(self._facts, more)
        return sum(rule.decide(known) != UNKNOWN for rule in rules)


def _worth(settled: float, readers: Sequence[Rule]) -> float:
    return settled + len(readers) / 100


@lru_cache(maxsize=4096)
def answers(name: str, rules: tuple[Rule, ...], book: FactBook) -> tuple[tuple[FactValue, float], ...]:
    """One answer for each way the rules tell values apart, with the share of families that give it."""
    fact = book[name]
    tables = [table for rule in rules for table in rule.tables.get(name, ())]
    groups: dict[tuple[int, ...], list[FactValue]] = {}
    domain = fact.domain()
    for value in domain:
        groups.setdefault(tuple(table[value] for table in tables), []).append(value)
    return tuple(
        (values[0], (len(values) / len(domain) + (fact.usual in values)) / (1 + (fact.usual is not None)))
        for values in groups.values()
    )
