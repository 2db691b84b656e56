"""Which question comes next: the one that settles most, never twice, sensitive ones last."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from tools.engine import UNKNOWN
from tools.facts import Fact, FactBook
from tools.rule import Rule
from tools.types import Facts, FactValue, Outcome, Question, Verdict

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
    """
    closed = {*asked, *declined, *facts}
    for group in relevant(rules, verdicts, facts if told is None else told, focus):
        open_rules = [(rule, verdict) for rule, verdict in group if verdict.outcome is Outcome.UNKNOWN]
        names = {name for _, verdict in open_rules for name in verdict.missing} - closed
        plain = [name for name in names if not book[name].sensitive]
        if candidates := plain or list(names):
            wanted = [rule for rule, _ in open_rules]
            best = max(candidates, key=lambda name: (worth(name, wanted, facts, book), -book.rank[name]))
            return question(book[best])
    return None


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
        and any(_points(facts.get(name)) for name in pair[0].benefit.hallmarks)
    ]
    if not in_focus and not touched:
        return [[pair for pair in pairs if not _only_sensitive(pair[0])]]
    return [in_focus, touched]


def _points(value: FactValue | None) -> bool:
    return value is not None and value is not False and value not in UNREMARKABLE


def _only_sensitive(rule: Rule) -> bool:
    """A benefit that only a sensitive fact points to is never brought up by us."""
    hallmarks = rule.benefit.hallmarks
    return bool(hallmarks) and all(rule.book[name].sensitive for name in hallmarks)


def question(fact: Fact) -> Question:
    """A fact as a question."""
    return Question(fact.name, fact.question, fact.why, fact.choices, fact.sensitive, fact.unit)


def worth(name: str, rules: Sequence[Rule], facts: Facts, book: FactBook) -> float:
    """Verdicts that an answer settles, on average over the answers; and a little for every rule it serves."""
    readers = [rule for rule in rules if name in rule.reads]
    settled = 0.0
    for value, share in answers(book[name], readers):
        known = book.infer({**facts, name: value})
        settled += share * sum(rule.decide(known) != UNKNOWN for rule in rules)
    return settled + len(readers) / 100


def answers(fact: Fact, rules: Sequence[Rule]) -> list[tuple[FactValue, float]]:
    """One answer for each way the rules tell values apart, with the share of families that give it."""
    tables = [table for rule in rules for table in rule.tables.get(fact.name, ())]
    groups: dict[tuple[int, ...], list[FactValue]] = {}
    domain = fact.domain()
    for value in domain:
        groups.setdefault(tuple(table[value] for table in tables), []).append(value)
    return [
        (values[0], (len(values) / len(domain) + (fact.usual in values)) / (1 + (fact.usual is not None)))
        for values in groups.values()
    ]
