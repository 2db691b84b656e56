"""Five benefits written a second time, for OpenFisca, from the clauses and not from our files.

OpenFisca knows no unknown, so each benefit is two variables: `…_certain` (holds whatever the documents leave
unsaid) and `…_possible` (may hold). Ours must say likely exactly where the first is true, and unlikely where
the second is false. Facts are variables of one entity, read for one month.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import MONTH, period
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

NOVEMBER = period("2026-11")
CHILD = build_entity(key="child", plural="children", label="A child with its family", is_person=True)

TEXTS = (
    "father_state", "mother_state", "father_disability_kind", "mother_disability_kind",
    "child_disability_kind", "household_category", "registered_residence",
)  # fmt: skip
NUMBERS = (
    "child_age", "father_term_months", "mother_term_months", "father_absent_months", "mother_absent_months",
    "father_disability_level", "mother_disability_level", "child_disability_level",
)  # fmt: skip
FLAGS = (
    "father_search_reported", "mother_search_reported", "child_serious_illness", "child_rare_disease",
    "child_autism", "residence_permit", "school_deferral_certificate", "limb_surgery_indicated",
    "recognised_orphan", "recognised_de_facto_unsupported", "receives_basic_living_allowance",
    "child_in_institution",
)  # fmt: skip

Column = Any
Read = Any


def _fact(name: str, kind: type) -> type[Variable]:
    return type(name, (Variable,), {"value_type": kind, "entity": CHILD, "definition_period": MONTH})


def _benefit(name: str, formula: Any) -> type[Variable]:
    fields = {"value_type": bool, "entity": CHILD, "definition_period": MONTH, "formula": formula}
    return type(name, (Variable,), fields)


def _reader(child: Any, month: Any) -> Read:
    return lambda name: child(name, month)


def _severe_62(read: Read, whose: str) -> tuple[Column, Column]:
    """民发〔2019〕62号 一: 一级二级, or 三级四级精神、智力. 多重 of level 3-4 may hold one of the two."""
    level, kind = read(f"{whose}_disability_level"), read(f"{whose}_disability_kind")
    heavy = (level == 1) | (level == 2)
    light = (level == 3) | (level == 4)
    certain = heavy | (light & ((kind == "mental") | (kind == "intellectual")))
    return certain, certain | (light & (kind == "multiple"))


def _parent(read: Read, who: str) -> tuple[Column, Column, Column]:
    """(dead or declared missing, certainly unable, possibly unable): 62号 一 with 125号 一."""
    state = read(f"{who}_state")
    severe, maybe_severe = _severe_62(read, who)
    locked_up = (state == "imprisoned") | (state == "compulsory_detox") | (state == "restricted_freedom")
    lost = (state == "out_of_contact") & (read(f"{who}_absent_months") >= 6) & read(f"{who}_search_reported")
    unable = (
        (state == "seriously_ill")
        | (state == "guardianship_revoked")
        | (state == "deported")
        | (locked_up & (read(f"{who}_term_months") >= 6))
        | lost
    )
    disabled = state == "disabled"
    gone = (state == "dead") | (state == "declared_missing")
    return (
        gone,
        unable | (disabled & severe),
        unable | (disabled & maybe_severe) | (state == "unknown_person"),
    )


def _b02(read: Read) -> tuple[Column, Column]:
    father_gone, father_unable, father_maybe = _parent(read, "father")
    mother_gone, mother_unable, mother_maybe = _parent(read, "mother")
    minor = (read("child_age") < 18) & ~read("recognised_orphan")
    known = read("recognised_de_facto_unsupported")
    certain = (
        (father_unable & mother_unable)
        | (father_gone & mother_unable)
        | (mother_gone & father_unable)
        | known
    )
    possible = (
        (father_maybe & mother_maybe) | (father_gone & mother_maybe) | (mother_gone & father_maybe) | known
    )
    return minor & certain, minor & possible


def _severe_child(read: Read) -> tuple[Column, Column]:
    """杭70号 三(一): 重残 as in 62号, or 三级四级精神（智力）, of a child that has a disability at all."""
    certain, possible = _severe_62(read, "child")
    has_one = read("child_disability_kind") != "none"
    return certain & has_one, possible & has_one


def _ill(read: Read) -> Column:
    return read("child_serious_illness")


def _b04(read: Read) -> tuple[Column, Column]:
    severe, maybe = _severe_child(read)
    ill = _ill(read) | read("child_rare_disease")
    home = read("household_category")
    poor = (home == "minimum_living_allowance") | (home == "minimum_living_allowance_edge")
    base = (read("child_age") < 18) & (read("registered_residence") == "hangzhou")
    return base & poor & (severe | ill), base & (poor | (home == "applying")) & (maybe | ill)


def _b07(read: Read) -> tuple[Column, Column]:
    """民发〔2021〕57号 第八条: 一级二级, 三级智力, 三级精神; or 重特大疾病; in a 低保边缘 family."""
    level, kind = read("child_disability_level"), read("child_disability_kind")
    heavy = ((level == 1) | (level == 2)) & (kind != "none")
    third = (level == 3) & ((kind == "mental") | (kind == "intellectual"))
    home = read("household_category")
    edge = home == "minimum_living_allowance_edge"
    minor = read("child_age") < 18
    certain = heavy | third | _ill(read)
    possible = certain | ((level == 3) & (kind == "multiple"))
    return minor & edge & certain, minor & (edge | (home == "applying")) & possible


def _b14(read: Read) -> tuple[Column, Column]:
    """浙政发〔2018〕36号 二(一): 0-6, to 8 with 缓学证明, to 16 for limb surgery; 户籍 or 居住证."""
    kind, age = read("child_disability_kind"), read("child_age")
    listed = (kind != "none") & (kind != "mental")
    limb = (kind == "limb") | (kind == "multiple")
    by_age = (
        (age <= 6)
        | ((age <= 8) & read("school_deferral_certificate"))
        | ((age <= 16) & limb & read("limb_surgery_indicated"))
    )
    here = (read("registered_residence") != "other_province") | read("residence_permit")
    holds = (listed | read("child_autism")) & by_age & here
    return holds, holds


def _b16(read: Read) -> tuple[Column, Column]:
    """杭70号 三(二); 浙江省社会救助条例 第二十二条."""
    home = read("household_category")
    poor = (
        (home == "extreme_hardship")
        | (home == "minimum_living_allowance")
        | (home == "minimum_living_allowance_edge")
    )
    holds = (
        read("receives_basic_living_allowance")
        | read("recognised_orphan")
        | read("child_in_institution")
        | poor
    )
    return holds, holds


PORTED = {"B02": _b02, "B04": _b04, "B07": _b07, "B14": _b14, "B16": _b16}


def system() -> TaxBenefitSystem:
    """The tax-benefit system with facts and the five benefits."""
    built = TaxBenefitSystem([CHILD])
    for names, kind in ((TEXTS, str), (NUMBERS, int), (FLAGS, bool)):
        for name in names:
            built.add_variable(_fact(name, kind))
    for entry, both in PORTED.items():
        for index, suffix in enumerate(("certain", "possible")):

            def formula(child: Any, period: Any, _: Any, both: Any = both, index: int = index) -> Column:
                return both(_reader(child, period))[index]

            built.add_variable(_benefit(f"{entry}_{suffix}", formula))
    return built


def calculate(
    built: TaxBenefitSystem, families: Sequence[dict[str, Any]]
) -> dict[str, tuple[Column, Column]]:
    """(certain, possible) of each ported benefit, one value a family."""
    simulation = SimulationBuilder().build_default_simulation(built, count=len(families))
    for names, kind in ((TEXTS, object), (NUMBERS, np.int32), (FLAGS, np.bool_)):
        for name in names:
            simulation.set_input(name, NOVEMBER, np.array([family[name] for family in families], dtype=kind))
    return {
        entry: (
            simulation.calculate(f"{entry}_certain", NOVEMBER),
            simulation.calculate(f"{entry}_possible", NOVEMBER),
        )
        for entry in PORTED
    }
