"""Beside the best decision tree there is: exhaustive search on a set of benefits small enough for it."""

from __future__ import annotations

import random
from functools import cache

from tests.tools.conftest import TODAY, registry_cite
from tools.catalogue import Catalogue
from tools.engine import UNKNOWN
from tools.households import household
from tools.precheck import precheck
from tools.types import FactValue

CATALOGUE = Catalogue.load(registry_cite())
FOCUS = ("B06", "B08", "B09", "B12", "B19", "B36")
RULES = [rule for rule in CATALOGUE.rules(TODAY, "") if rule.benefit.id in FOCUS]
Known = frozenset[tuple[str, FactValue]]


def least_questions(families: list[dict[str, FactValue]]) -> int:
    """Questions that the best tree asks of these families in all: every order is tried, at every node."""

    @cache
    def best(known: Known, members: tuple[int, ...]) -> int:
        told = CATALOGUE.facts.infer(dict(known))
        wanted = {name for rule in RULES if rule.decide(told) == UNKNOWN for name in rule.judge(told).missing}
        if not wanted:
            return 0
        return len(members) + min(after(known, members, name) for name in wanted)

    def after(known: Known, members: tuple[int, ...], name: str) -> int:
        groups: dict[FactValue, list[int]] = {}
        for member in members:
            groups.setdefault(families[member][name], []).append(member)
        return sum(best(known | {(name, value)}, tuple(group)) for value, group in groups.items())

    return best(frozenset(), tuple(range(len(families))))


def questions_of_ours(family: dict[str, FactValue]) -> int:
    told: dict[str, FactValue] = {}
    while (question := precheck(CATALOGUE, told, as_of=TODAY, focus=FOCUS).next_question) is not None:
        if not of_focus(told):
            break
        told[question.fact] = family[question.fact]
    return len(told)


def of_focus(told: dict[str, FactValue]) -> list[object]:
    return [one for one in CATALOGUE.verdicts(told, TODAY) if one.benefit in FOCUS and one.missing]


def test_at_most_a_quarter_more_than_the_best_tree() -> None:
    source = random.Random(12)
    families = [household(source, CATALOGUE.facts) for _ in range(60)]
    ours = sum(questions_of_ours(family) for family in families)
    best = least_questions(families)
    assert best > 0
    assert best <= ours <= 1.25 * best, f"{ours} questions, the best tree asks {best}"
