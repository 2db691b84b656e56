"""Made-up households for tests and benches: plausible, and free of contradictions. Nobody's data."""

from __future__ import annotations

import random
from collections.abc import Sequence

from tools.facts import FactBook
from tools.implications import contradicted
from tools.types import FactValue

_PARENT = (
    ("able", 60), ("dead", 10), ("imprisoned", 6), ("out_of_contact", 6), ("disabled", 6),
    ("seriously_ill", 5),
    ("compulsory_detox", 2), ("declared_missing", 1), ("restricted_freedom", 1), ("guardianship_revoked", 1),
    ("deported", 1), ("unknown_person", 1),
)  # fmt: skip
_HOUSEHOLD = (
    ("ordinary", 45), ("minimum_living_allowance", 25), ("minimum_living_allowance_edge", 15),
    ("applying", 5), ("rigid_expenditure", 5), ("extreme_hardship", 5),
)  # fmt: skip
_INCOME = (("below_minimum", 30), ("below_edge", 25), ("below_average", 35), ("above_average", 10))
_KIND = (
    ("none", 75), ("limb", 6), ("intellectual", 6), ("mental", 4), ("hearing", 3), ("visual", 2),
    ("speech", 2), ("multiple", 2),
)  # fmt: skip
_GONE = frozenset({"dead", "declared_missing", "unknown_person"})


def household(source: random.Random, book: FactBook) -> dict[str, FactValue]:
    """One family with every fact known. Values that make no sense for it, such as the term of a parent who is
    at home, are there too and touch no verdict.
    """
    facts: dict[str, FactValue] = {fact.name: _any(source, fact.domain()) for fact in book}
    age = source.randint(0, 17) if source.random() < 0.93 else source.randint(18, 24)
    facts |= {"child_age": age, "child_age_months": age * 12 + source.randint(0, 11)}
    for parent in ("father", "mother"):
        facts[f"{parent}_state"] = _weighted(source, _PARENT)
        facts[f"{parent}_term_months"] = source.choice((3, 5, 6, 12, 36, 72, 120, 600))
        facts[f"{parent}_absent_months"] = source.choice((1, 5, 6, 8, 12, 24, 60))
    facts |= {
        "household_category": _weighted(source, _HOUSEHOLD),
        "income_level": _weighted(source, _INCOME),
        "property_within_rule": source.random() < 0.8,
        "school_stage": _stage(source, age),
        "urgent_need": _rarely(source, ("no_shelter", "no_food", "no_money_for_hospital"), 0.05),
        "sudden_hardship": _rarely(source, ("fire", "accident", "sudden_illness", "other"), 0.1),
        "legal_matter": _rarely(
            source, ("support_payment", "injury", "social_assistance", "accused", "other"), 0.1
        ),
        "registered_residence": source.choices(
            ("hangzhou", "zhejiang_elsewhere", "other_province"), (7, 1, 2)
        )[0],
        "parents_working_away": _rarely(source, ("one", "both"), 0.2),
    }
    for name, share in _RARE.items():
        facts[name] = source.random() < share
    _health(source, facts)
    _consistent(source, facts, book)
    return facts


_RARE = {
    "child_serious_illness": 0.1, "child_rare_disease": 0.03, "child_autism": 0.05, "child_hiv": 0.01,
    "heavy_medical_spending": 0.2, "heavy_education_spending": 0.15, "rigid_spending_above_share": 0.2,
    "other_supporter_able": 0.5, "lives_in_hangzhou": 0.9, "residence_permit": 0.6, "insured": 0.9,
    "guardian_dispute": 0.05, "child_unattended": 0.05, "child_adopted": 0.05, "family_violence": 0.04,
    "harmed_by_guardian": 0.03, "school_bullying": 0.06, "full_time_student": 0.9,
    "child_in_institution": 0.03,
}  # fmt: skip


def _health(source: random.Random, facts: dict[str, FactValue]) -> None:
    kind = _weighted(source, _KIND)
    disabled = kind != "none"
    facts |= {
        "child_disability_kind": kind,
        "child_disability_level": source.randint(0, 4) if disabled else 0,
        "child_disability_certificate": disabled and source.random() < 0.7,
        "needs_long_term_care": disabled and source.random() < 0.4,
        "limb_surgery_indicated": kind in ("limb", "multiple") and source.random() < 0.3,
    }


def _consistent(source: random.Random, facts: dict[str, FactValue], book: FactBook) -> None:
    """What has been recognised can be so: the parents' states carry it."""
    states = {str(facts["father_state"]), str(facts["mother_state"])}
    orphan = states <= {"dead"} or states <= {"unknown_person"}
    facts["child_abandoned"] = states <= {"unknown_person"}
    facts["recognised_orphan"] = orphan and source.random() < 0.6
    facts["recognised_de_facto_unsupported"] = False
    facts["child_in_institution"] = bool(facts["child_in_institution"]) and states <= _GONE
    facts["carer"] = (
        "institution"
        if facts["child_in_institution"]
        else _weighted(
            source,
            (("grandparent", 50), ("parent", 35), ("relative", 15))
            if "able" in states
            else (("grandparent", 75), ("relative", 25)),
        )
    )
    facts["receives_basic_living_allowance"] = bool(facts["recognised_orphan"]) or source.random() < 0.1
    while wrong := contradicted(book.implications, facts):
        one = source.choice(wrong)  # at random, for mending one may break another that was mended before
        facts[one.fact] = _any(source, sorted(one.values, key=str))


def _stage(source: random.Random, age: int) -> str:
    if age < 3:
        return "not_yet"
    if age < 6:
        return "kindergarten" if age < 5 else "kindergarten_last_year"
    if source.random() < 0.03:
        return "out_of_school"
    for stage, last in (("primary", 11), ("junior", 14)):
        if age <= last:
            return stage
    return (
        source.choice(("senior", "vocational")) if age < 18 else source.choice(("university", "vocational"))
    )


def _any(source: random.Random, values: Sequence[FactValue]) -> FactValue:
    return values[source.randrange(len(values))]


def _weighted(source: random.Random, table: Sequence[tuple[str, int]]) -> str:
    return source.choices([value for value, _ in table], [weight for _, weight in table])[0]


def _rarely(source: random.Random, values: Sequence[str], share: float) -> str:
    return source.choice(values) if source.random() < share else "none"
