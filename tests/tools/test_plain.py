"""The compiled rules say what the files say: beside an interpreter that reads their conditions in turn.

It shares nothing with the compiled form but the files: no tables, no closures, no written-out functions, and
nothing that is kept from one family to the next.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, replace

import pytest

from knowledge.types import Confidence
from tests.tools.conftest import TODAY, registry_cite
from tools.benefit import Benefit, Standing
from tools.catalogue import Catalogue
from tools.conditions import (
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    CountOf,
    NotOf,
    ParameterReference,
    Unpublished,
    children,
    walk,
)
from tools.households import household
from tools.rule import Rule
from tools.types import Facts, FactValue, Outcome, TraceStep, Truth, Verdict
from tools.unrolled import written

CATALOGUE = Catalogue.load(registry_cite())
BOOK = CATALOGUE.facts
ORDER = (Truth.FALSE, Truth.UNKNOWN, Truth.TRUE)


@dataclass(frozen=True)
class Told:
    truth: Truth
    steps: tuple[TraceStep, ...]
    missing: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    near: bool = False


def holds(condition: Comparison, value: FactValue, parameters: dict[str, int]) -> bool:
    wanted = condition.equals if isinstance(condition.equals, tuple) else (condition.equals,)
    if condition.equals is not None and not any(
        value == one and isinstance(value, bool) == isinstance(one, bool) for one in wanted
    ):
        return False

    def number(limit: int | ParameterReference) -> int:
        return parameters[limit.parameter] if isinstance(limit, ParameterReference) else limit

    if condition.at_least is not None and not value >= number(condition.at_least):  # type: ignore[operator]
        return False
    return condition.below is None or value < number(condition.below)  # type: ignore[operator]


def compare(condition: Comparison, facts: Facts, parameters: dict[str, int]) -> tuple[Truth, Facts]:
    """The truth, and the facts that it was read from."""
    name = condition.fact
    if name in facts:
        return ORDER[2 * holds(condition, facts[name], parameters)], {name: facts[name]}
    if condition.proof:
        return Truth.FALSE, {}
    for narrowing in BOOK.narrowings(name):
        value = facts.get(narrowing.premise)
        if value in narrowing.possible:
            truths = {holds(condition, one, parameters) for one in narrowing.possible[value]}  # type: ignore[index]
            if len(truths) == 1:
                return ORDER[2 * truths.pop()], {narrowing.premise: value}  # type: ignore[dict-item]
    return Truth.UNKNOWN, {}


def read(condition: Condition, facts: Facts, rule: Rule, source: str, depth: int = 0) -> Told:
    reference = condition.source or source
    cited = CATALOGUE.cite(reference)
    if isinstance(condition, Comparison):
        truth, looked_at = compare(condition, facts, dict(rule.parameters))
        untold = () if looked_at or condition.proof else (condition.fact,)
        step = TraceStep(condition.say, truth, tuple(looked_at.items()), untold, cited, depth)
        failed = (condition.say,) if truth is Truth.FALSE else ()
        return Told(truth, (step,), untold, failed)
    if isinstance(condition, Unpublished):
        return Told(Truth.UNKNOWN, (TraceStep(condition.say, Truth.UNKNOWN, (), (), cited, depth),))
    met: list[Told] = []
    for child in children(condition):
        met.append(read(child, facts, rule, reference, depth + 1))
        settled = isinstance(condition, AllOf | AnyOf) and ORDER[2 * isinstance(condition, AnyOf)]
        if depth and met[-1].truth is settled:
            break
    truths = [one.truth for one in met]
    truth = combine(condition, truths)
    step = TraceStep(condition.say or CATALOGUE.phrases.every, truth, (), (), cited, depth)
    steps = (step, *(step for one in met for step in one.steps))
    if truth is Truth.FALSE:
        return failing(condition, met, steps)
    if truth is Truth.TRUE:
        return Told(truth, steps)
    hidden = isinstance(condition, AllOf) and any(
        isinstance(part, Unpublished) for part, _ in walk(condition)
    )
    if hidden and any(one.truth is Truth.UNKNOWN and not one.missing for one in met):
        return Told(truth, steps)
    return Told(truth, steps, tuple(name for one in met for name in one.missing))


def combine(condition: Condition, truths: list[Truth]) -> Truth:
    match condition:
        case AllOf():
            return min(truths, key=ORDER.index)
        case AnyOf():
            return max(truths, key=ORDER.index)
        case NotOf():
            return ORDER[2 - ORDER.index(truths[0])]
        case CountOf(at_least=needed):
            if truths.count(Truth.TRUE) >= needed:
                return Truth.TRUE
            possible = len(truths) - truths.count(Truth.FALSE)
            return Truth.UNKNOWN if possible >= needed else Truth.FALSE
        case _:
            raise AssertionError(condition)


def failing(condition: Condition, met: list[Told], steps: tuple[TraceStep, ...]) -> Told:
    """A group that failed names what failed on the way to a yes; an `all` names everything that failed."""
    every = isinstance(condition, AllOf)
    named: list[str] = []
    for index, (one, child) in enumerate(zip(met, children(condition), strict=False)):
        held = every and any(before.truth is Truth.TRUE for before in met[:index])
        telling = every and isinstance(child, AnyOf)
        if one.truth is Truth.FALSE and (held or telling or one.near):
            named += one.failed
    failed = [say for one in met for say in one.failed] if every else named or [condition.say]
    return Told(Truth.FALSE, steps, (), tuple(failed), near=bool(named))


def askable(missing: tuple[str, ...], facts: Facts) -> tuple[str, ...]:
    found = set()
    for name in missing:
        fact = BOOK[name]
        while fact.asked_when and fact.asked_when.fact not in facts:
            fact = BOOK[fact.asked_when.fact]
        if fact.asked_when is None or facts[fact.asked_when.fact] in fact.asked_when.values:
            found.add(fact.name)
    return tuple(sorted(found, key=lambda name: (BOOK[name].sensitive, BOOK.names.index(name))))


def notes(benefit: Benefit, rule: Rule, truth: Truth, facts: Facts) -> tuple[str, ...]:
    phrases = CATALOGUE.phrases
    reported = CATALOGUE.cite(benefit.sources[0]).confidence is Confidence.REPORTED
    always = [phrases.reported] if reported else []
    if truth is Truth.FALSE:
        return (*[note.say for note in benefit.notes_if_unlikely], *always)
    encouraged = truth is Truth.TRUE and benefit.standing is Standing.ENCOURAGED
    said = [phrases.encouraged] if encouraged else []
    if benefit.residence is not None and "registered_residence" not in facts:
        said.append(phrases.presumed_residence)
    for part, _ in walk(benefit.who):
        if part.note and read(part, facts, rule, benefit.sources[0], 1).truth is Truth.TRUE:
            said.append(part.note)
    return (*dict.fromkeys(said), *[note.say for note in benefit.notes], *always)


def plain(rule: Rule, facts: Facts) -> Verdict:
    """The verdict of one benefit for facts with what follows from them."""
    benefit = rule.benefit
    place = {"registered_residence": "hangzhou", **facts}
    trees = [(benefit.residence, place)] if benefit.residence is not None else []
    told = [read(tree, seen, rule, benefit.sources[0]) for tree, seen in [*trees, (benefit.who, facts)]]
    truth = min((one.truth for one in told), key=ORDER.index)
    yes = Outcome.DEPENDS_ON_DISTRICT if benefit.standing is Standing.ENCOURAGED else Outcome.LIKELY
    failed = dict.fromkeys(say for one in told for say in one.failed)
    missing = tuple(name for one in told for name in one.missing)
    return Verdict(
        benefit=benefit.id,
        name=benefit.name,
        outcome={Truth.FALSE: Outcome.UNLIKELY, Truth.UNKNOWN: Outcome.UNKNOWN, Truth.TRUE: yes}[truth],
        failed=tuple(failed) if truth is Truth.FALSE else (),
        missing=askable(missing, facts) if truth is Truth.UNKNOWN else (),
        sources=tuple(dict.fromkeys(CATALOGUE.cite(reference) for reference in benefit.sources)),
        trace=tuple(step for one in told for step in one.steps),
        notes=notes(benefit, rule, truth, facts),
    )


def families(count: int, seed: int) -> list[Facts]:
    """Half-told households, and some whose facts nobody made consistent."""
    source = random.Random(seed)
    drawn: list[Facts] = []
    for index in range(count):
        share = source.choice((0.1, 0.3, 0.5, 0.8, 1.0))
        whole = household(source, BOOK) if index % 4 else {f.name: source.choice(f.domain()) for f in BOOK}
        drawn.append({name: value for name, value in whole.items() if source.random() < share})
    return drawn


@pytest.mark.parametrize("day", [TODAY, dt.date(2024, 3, 1), dt.date(2019, 1, 1)])
@pytest.mark.parametrize("district", ["", "临安区"])
def test_compiled_rules_say_what_their_files_say(day: dt.date, district: str) -> None:
    """Issue 4, item 3: the same verdict with the same trace, missing facts, reasons and notes."""
    rules = [rule for rule in CATALOGUE.rules(day, district) if rule.begins is None]
    assert len(rules) > 20
    outcomes = set()
    for facts in families(200, seed=day.year):
        known = BOOK.infer(facts)
        for rule in rules:
            verdict = rule.judge(known)
            outcomes.add(verdict.outcome)
            assert verdict == plain(rule, known), (rule.benefit.id, facts)
            assert rule.decide(known) == ORDER.index(
                min((step.truth for step in verdict.trace if step.depth == 0), key=ORDER.index)
            )
    assert outcomes >= {Outcome.LIKELY, Outcome.UNKNOWN, Outcome.UNLIKELY}


def test_the_interpreter_can_disagree() -> None:
    """The comparison above would notice a clause, a truth or a fact that was not the family's."""
    rule = CATALOGUE.rule("B02", TODAY)
    known = BOOK.infer({"child_age": 9, "father_state": "imprisoned", "father_term_months": 72})
    verdict = plain(rule, known)
    older = plain(rule, {**known, "child_age": 10})
    longer = plain(rule, {**known, "father_term_months": 73})
    wrong = replace(verdict.trace[1], source=verdict.trace[0].source, truth=Truth.FALSE)
    assert rule.judge(known) == verdict
    assert verdict not in (
        older,
        longer,
        replace(verdict, trace=(verdict.trace[0], wrong, *verdict.trace[2:])),
    )


def test_a_rule_can_be_read_as_python() -> None:
    text, names = written(CATALOGUE.rule("B12", TODAY).who, presumed={}, parts={})
    compile(text, "B12", "exec")
    assert text.startswith("def account(row):\n    v0 = row[")
    assert {name for name in names if name.startswith("n")} <= set(text.replace("[", " ").split())
