"""The figures of this room, for `minxing bench tools`: how fast, and how many questions."""

from __future__ import annotations

import datetime as dt
import gc
import random
import statistics
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from tools.catalogue import Catalogue
from tools.engine import UNKNOWN
from tools.households import household
from tools.precheck import precheck
from tools.session import everyday
from tools.types import FactValue

Family = Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class Speed:
    """Pre-checks of all benefits a second, on one core, by process time."""

    benefits: int
    verdicts_per_second: float
    """With traces, reasons and notes."""
    truths_per_second: float
    """The outcome alone."""
    with_question_ms: float
    """One `precheck` with its next question, mean."""


@dataclass(frozen=True, slots=True)
class Questions:
    """How many questions it takes."""

    families: int
    median: float
    mean: float
    most: int
    best_order_mean: float
    """Mean of the best of the random orders tried, on the same families."""
    orders: int


def speed(catalogue: Catalogue, as_of: dt.date, families: int = 2000, seed: int = 1) -> Speed:
    """Measure on half-told families, no two alike."""
    source = random.Random(seed)
    told = []
    for _ in range(families):
        whole = household(source, catalogue.facts)
        told.append({name: value for name, value in whole.items() if source.random() < 0.5})
    rules = catalogue.rules(as_of, "")
    catalogue.verdicts({}, as_of)
    gc.collect()
    gc.freeze()  # as a server does after its start: what is loaded for good is not looked through again
    began = time.process_time()
    for family in told:
        catalogue.verdicts(family, as_of)
    verdicts = time.process_time() - began
    began = time.process_time()
    for family in told:
        for rule in rules:
            rule.decide(family)
    truths = time.process_time() - began
    began = time.process_time()
    for family in told[:200]:
        precheck(catalogue, family, as_of=as_of)
    whole_checks = time.process_time() - began
    return Speed(len(rules), families / verdicts, families / truths, whole_checks / min(families, 200) * 1000)


def questions(
    catalogue: Catalogue, as_of: dt.date, families: int = 500, orders: int = 1000, seed: int = 2
) -> Questions:
    """From nothing told, until every money benefit is settled; beside the best of many fixed orders."""
    source = random.Random(seed)
    drawn = [household(source, catalogue.facts) for _ in range(families)]
    focus = everyday(catalogue)
    ours = [_asked(catalogue, family, as_of, focus) for family in drawn]
    sample = drawn[:40]
    best = min(
        (
            statistics.mean(_in_order(catalogue, order, family, as_of, focus) for family in sample)
            for order in (source.sample(catalogue.facts.names, len(catalogue.facts)) for _ in range(orders))
        ),
        default=float("nan"),
    )
    return Questions(families, statistics.median(ours), statistics.mean(ours), max(ours), best, orders)


def questions_after_opening(
    catalogue: Catalogue, as_of: dt.date, families: int = 500, seed: int = 3
) -> Questions:
    """As a talk goes: the family first tells most of what weighs on it, and its likely needs are settled."""
    source = random.Random(seed)
    counts = []
    for _ in range(families):
        family = household(source, catalogue.facts)
        told = {
            name: family[name]
            for name in TOLD_FIRST
            if family[name] not in (False, "none", "able", "ordinary") and source.random() < 0.8
        }
        counts.append(_asked(catalogue, family, as_of, (), told))
    return Questions(
        families, statistics.median(counts), statistics.mean(counts), max(counts), float("nan"), 0
    )


TOLD_FIRST = (
    "father_state", "mother_state", "child_disability_kind", "child_serious_illness", "child_rare_disease",
    "child_autism", "household_category", "sudden_hardship", "heavy_medical_spending",
    "heavy_education_spending",
)  # fmt: skip
"""What people begin with, where there is something to tell."""


def _asked(
    catalogue: Catalogue, family: Family, as_of: dt.date, focus: Collection[str], told: Family | None = None
) -> int:
    known, count = dict(told or {}), 0
    while (question := precheck(catalogue, known, as_of=as_of, focus=focus).next_question) is not None:
        known[question.fact] = family[question.fact]
        count += 1
    return count


def _in_order(
    catalogue: Catalogue, order: Sequence[str], family: Family, as_of: dt.date, focus: Collection[str]
) -> int:
    rules = [rule for rule in catalogue.rules(as_of, "") if rule.benefit.id in focus]
    told: dict[str, FactValue] = {}
    while True:
        known = catalogue.facts.infer(told)
        wanted = {
            name for rule in rules if rule.decide(known) == UNKNOWN for name in rule.judge(known).missing
        }
        name = next((one for one in order if one in wanted), None)
        if name is None:
            return len(told)
        told[name] = family[name]
