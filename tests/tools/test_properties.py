"""What must hold for every family (issue 4, item 3), not only for those we thought of."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tools.conftest import TODAY, registry_cite
from tools.catalogue import Catalogue
from tools.conditions import Comparison, Unpublished
from tools.engine import FALSE, TRUE, TRUTHS, UNKNOWN, Node, combination, settling
from tools.households import household
from tools.implications import contradicted
from tools.precheck import precheck
from tools.rule import Rule
from tools.types import Facts, FactValue, Outcome, TraceStep

CATALOGUE = Catalogue.load(registry_cite())
RULES = CATALOGUE.rules(TODAY, "")
FRAME = {
    leaf.condition.fact
    for rule in RULES
    for leaf in rule.leaves()
    if isinstance(leaf.condition, Comparison) and leaf.condition.proof
} | {"registered_residence", "carer"}
"""Inputs that are told from the start or not at all: the place, and what is already recognised."""
TRUTH_OF = {
    Outcome.LIKELY: TRUE,
    Outcome.CHOICE: TRUE,
    Outcome.DEPENDS_ON_DISTRICT: TRUE,
    Outcome.UNKNOWN: UNKNOWN,
    Outcome.UNLIKELY: FALSE,
}
LENIENT = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def a_family(seed: int) -> dict[str, FactValue]:
    return household(random.Random(seed), CATALOGUE.facts)


def part_of(family: Facts, kept: frozenset[str], frame: bool) -> dict[str, FactValue]:
    return {name: value for name, value in family.items() if (frame if name in FRAME else name in kept)}


NAMES = st.frozensets(st.sampled_from(CATALOGUE.facts.names), max_size=len(CATALOGUE.facts))
ANYTHING = st.fixed_dictionaries(
    {}, optional={fact.name: st.sampled_from(fact.domain()) for fact in CATALOGUE.facts}
)


@given(seed=st.integers(0, 10**6), known=NAMES, more=NAMES, frame=st.booleans())
@LENIENT
def test_a_definite_verdict_never_flips(
    seed: int, known: frozenset[str], more: frozenset[str], frame: bool
) -> None:
    family = a_family(seed)
    before = CATALOGUE.facts.infer(part_of(family, known, frame))
    after = CATALOGUE.facts.infer(part_of(family, known | more, frame))
    for rule in RULES:
        was = rule.decide(before)
        assert was in (UNKNOWN, rule.decide(after)), rule.benefit.id


@given(seed=st.integers(0, 10**6), known=NAMES)
@LENIENT
def test_unknown_facts_give_what_all_completions_give(seed: int, known: frozenset[str]) -> None:
    """Soundness, on benefits with few open facts: what is definite is so however the rest turns out."""
    facts = part_of(a_family(seed), known, True)
    for rule in RULES:
        truth = rule.decide(facts)
        if truth != UNKNOWN:
            assert all(rule.decide(full) == truth for full in some_completions(rule, facts)), rule.benefit.id


def ways(rule: Rule, name: str, facts: Facts) -> Iterator[FactValue]:
    """Values that the rule tells apart, among those that do not contradict what is known."""
    seen = set()
    for value in CATALOGUE.facts[name].domain():
        way = tuple(table[value] for table in rule.tables.get(name, ()))
        if way not in seen and not contradicted(CATALOGUE.facts.implications, {**facts, name: value}):
            seen.add(way)
            yield value


def some_completions(rule: Rule, facts: Facts, limit: int = 60) -> Iterator[dict[str, FactValue]]:
    """Values for the open facts of a rule, one per way it tells them apart: all, or a sample."""
    open_facts = [name for name in rule.reads if name not in facts and name not in FRAME]
    values = [list(ways(rule, name, facts)) for name in open_facts]
    if math.prod(len(one) for one in values) <= limit:
        chosen: Iterable[tuple[FactValue, ...]] = itertools.product(*values)
    else:
        source = random.Random(len(facts))
        chosen = (tuple(source.choice(one) for one in values) for _ in range(limit))
    for completion in chosen:
        full = {**facts, **dict(zip(open_facts, completion, strict=True))}
        if not contradicted(CATALOGUE.facts.implications, full):  # no such household
            yield full


@given(facts=ANYTHING, seed=st.integers(0, 1000))
@LENIENT
def test_order_is_irrelevant(facts: dict[str, FactValue], seed: int) -> None:
    names = list(facts)
    random.Random(seed).shuffle(names)
    shuffled = {name: facts[name] for name in names}
    assert precheck(CATALOGUE, facts, as_of=TODAY) == precheck(CATALOGUE, shuffled, as_of=TODAY)


@given(facts=ANYTHING)
@LENIENT
def test_any_well_typed_input_is_judged(facts: dict[str, FactValue]) -> None:
    """No exception, and each verdict keeps its shape: reasons for a no, missing facts only where unknown."""
    result = precheck(CATALOGUE, facts, as_of=TODAY)
    assert [verdict.benefit for verdict in result.verdicts] == list(CATALOGUE.benefits)
    for verdict in result.verdicts:
        assert bool(verdict.failed) == (verdict.outcome is Outcome.UNLIKELY)
        assert verdict.outcome is Outcome.UNKNOWN or not verdict.missing
        assert not set(verdict.missing) & set(facts)
        assert verdict.sources
    if result.next_question is not None:
        assert result.next_question.fact not in facts


@given(facts=ANYTHING)
@LENIENT
def test_every_trace_re_evaluates_to_its_verdict(facts: dict[str, FactValue]) -> None:
    verdicts = CATALOGUE.verdicts(facts, TODAY)
    known = CATALOGUE.facts.infer(facts)
    for rule, verdict in zip(RULES, verdicts, strict=True):
        assert rule.decide(known) == TRUTH_OF[verdict.outcome]
        steps = iter(verdict.trace)
        truths = [replay(tree, steps) for tree in (rule.residence, rule.who) if tree is not None]
        assert next(steps, None) is None
        assert min(truths) == TRUTH_OF[verdict.outcome], verdict.benefit


def replay(node: Node, steps: Iterator[TraceStep]) -> int:
    """The truth of a tree from its trace alone: leaves as recorded, groups recombined."""
    step = next(steps)
    assert step.source == node.source
    if isinstance(node.condition, Comparison | Unpublished):
        return TRUTHS.index(step.truth)
    truths = []
    for child in node.children:
        truths.append(replay(child, steps))
        if step.depth and truths[-1] == settling(node.condition):
            break
    truth = truths[-1] if len(truths) < len(node.children) else combination(node.condition)(truths)
    assert TRUTHS.index(step.truth) == truth
    return truth


def test_the_gap_to_all_completions_is_known() -> None:
    """Kleene's logic may say unknown where every completion agrees. On 150 half-told families it did so in 24
    of 1,413 unknown verdicts with at most 12 open facts: each time where an implication, read the other way,
    would rule out the rest (in junior school, so not under three). Without implications there was no gap.
    """
    gaps: dict[str, int] = {}
    judged = 0
    source = random.Random(4)
    for _ in range(150):
        family = household(source, CATALOGUE.facts)
        kept = frozenset(name for name in family if source.random() < 0.7)
        facts = CATALOGUE.facts.infer(part_of(family, kept, True))
        for rule in RULES:
            open_facts = [name for name in rule.reads if name not in facts and name not in FRAME]
            if rule.decide(facts) != UNKNOWN or len(open_facts) > 12:
                continue
            judged += 1
            outcomes: set[int] = set()
            for full in some_completions(rule, facts, limit=3000):
                outcomes.add(rule.decide(full))
                if UNKNOWN in outcomes or len(outcomes) > 1:
                    break
            if outcomes in ({TRUE}, {FALSE}):
                gaps[rule.benefit.id] = gaps.get(rule.benefit.id, 0) + 1
    assert sum(gaps.values()) <= judged / 50, (gaps, judged)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.benefit.id))
def test_a_family_that_tells_everything_gets_an_answer(rule: Rule) -> None:
    """Whatever can be asked settles the verdict, unless the documents keep a condition to themselves."""
    source = random.Random(7)
    for _ in range(200):
        family = CATALOGUE.facts.infer(household(source, CATALOGUE.facts))
        if rule.decide(family) == UNKNOWN:
            assert any(isinstance(leaf.condition, Unpublished) for leaf in rule.who.leaves())
