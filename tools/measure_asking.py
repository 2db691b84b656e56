"""How many questions a pre-check takes, beside the best of many fixed orders of the same questions."""

from __future__ import annotations

import datetime as dt
import random
import statistics
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from tools.asking import fits
from tools.catalogue import Catalogue
from tools.engine import UNKNOWN
from tools.households import household
from tools.precheck import precheck
from tools.questions import Compound
from tools.session import everyday
from tools.types import FactValue, Question

Family = Mapping[str, FactValue]
TOLD_FIRST = (
    "father_state", "mother_state", "child_disability_kind", "child_serious_illness", "child_rare_disease",
    "child_autism", "household_category", "sudden_hardship", "heavy_medical_spending",
    "heavy_education_spending",
)  # fmt: skip
"""What people begin with, where there is something to tell."""


@dataclass(frozen=True, slots=True)
class Questions:
    """How many turns it takes until nothing that an answer could settle is open."""

    counts: tuple[int, ...]
    """One for each family."""

    @property
    def median(self) -> float:
        """Half of the families are asked no more."""
        return statistics.median(self.counts)

    @property
    def mean(self) -> float:
        """On average."""
        return statistics.mean(self.counts)

    @property
    def most(self) -> int:
        """Of the family that was asked most."""
        return max(self.counts)

    @property
    def ninety(self) -> int:
        """Nine of ten families are asked no more."""
        return sorted(self.counts)[len(self.counts) * 9 // 10]


def families(catalogue: Catalogue, count: int = 500, seed: int = 2) -> list[dict[str, FactValue]]:
    """Made-up households that know every fact."""
    source = random.Random(seed)
    return [household(source, catalogue.facts) for _ in range(count)]


def questions(
    catalogue: Catalogue,
    as_of: dt.date,
    drawn: Sequence[Family],
    *,
    entries: Collection[str] | None = None,
    compound: bool = True,
    talking: bool = False,
) -> Questions:
    """From nothing told, until every verdict is settled.

    Args:
        catalogue: the rules.
        as_of: the day the policy is read on.
        drawn: the families.
        entries: benefits to settle; None: those that may be brought up unasked.
        compound: whether one question may be about several facts.
        talking: as in a talk, who names one thing has not denied the others; on a form, what is not chosen
            is not so.
    """
    focus = everyday(catalogue) if entries is None else entries
    return Questions(
        tuple(_asked(catalogue, one, as_of, focus, compound=compound, talking=talking) for one in drawn)
    )


def questions_after_opening(
    catalogue: Catalogue, as_of: dt.date, drawn: Sequence[Family], seed: int = 3
) -> Questions:
    """As a talk goes: the family first tells most of what weighs on it, and its likely needs are settled."""
    source = random.Random(seed)
    counts = []
    for family in drawn:
        told = {
            name: family[name]
            for name in TOLD_FIRST
            if family[name] not in (False, "none", "able", "ordinary") and source.random() < 0.8
        }
        counts.append(_asked(catalogue, family, as_of, (), told, compound=False))
    return Questions(tuple(counts))


def best_order(
    catalogue: Catalogue,
    as_of: dt.date,
    drawn: Sequence[Family],
    *,
    orders: int = 1000,
    compound: bool = True,
    seed: int = 4,
) -> float:
    """Mean number of questions of the best of many random orders, which ask the same questions as we do, and
    like us none that has become needless.
    """
    source = random.Random(seed)
    focus = everyday(catalogue)
    units: list[Compound | str] = [*(catalogue.compounds if compound else ()), *catalogue.facts.names]
    best = 10**9
    for _ in range(orders):
        order = source.sample(units, len(units))
        total = 0
        for family in drawn:
            total += _in_order(catalogue, order, family, as_of, focus)
            if total >= best:
                break
        best = min(best, total)
    return best / len(drawn)


def _asked(
    catalogue: Catalogue,
    family: Family,
    as_of: dt.date,
    focus: Collection[str],
    told: Family | None = None,
    *,
    compound: bool,
    talking: bool = False,
) -> int:
    known, count = dict(told or {}), 0
    while (
        question := precheck(catalogue, known, as_of=as_of, focus=focus, compound=compound).next_question
    ) is not None:
        known |= _answer(question, family, talking=talking)
        count += 1
    return count


def _answer(question: Question, family: Family, *, talking: bool) -> dict[str, FactValue]:
    said = {name: family[name] for name in question.facts}
    named = {name: value for name, value in said.items() if value != dict(question.otherwise).get(name)}
    return named if talking and question.several and named else said


def _in_order(
    catalogue: Catalogue,
    order: Sequence[Compound | str],
    family: Family,
    as_of: dt.date,
    focus: Collection[str],
) -> int:
    rules = [rule for rule in catalogue.rules(as_of, "") if rule.benefit.id in focus]
    told: dict[str, FactValue] = {}
    count = 0
    while True:
        known = catalogue.facts.infer(told)
        wanted = {
            name for rule in rules if rule.decide(known) == UNKNOWN for name in rule.judge(known).missing
        } - set(known)
        if not wanted:
            return count
        for one in order:
            if isinstance(one, str):
                if one in wanted:
                    told[one] = family[one]
                    break
            elif fits(one, wanted, told):
                told |= {name: family[name] for name in one.facts if name not in known}
                break
        count += 1
