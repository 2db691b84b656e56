"""Households and the outcomes they must give: the traps of facts.md section 4 among them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.tools.conftest import PROJECT, TODAY
from tools.catalogue import Catalogue
from tools.precheck import precheck
from tools.types import Verdict

CASES = PROJECT / "tools" / "cases"


def all_cases() -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*.yaml")):
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            found.append(pytest.param(path.stem, case, id=f"{path.stem}-{case['name']}"))
    return found


def verdict_of(catalogue: Catalogue, case: dict[str, Any], benefit: str) -> Verdict:
    as_of: dt.date = case.get("as_of", TODAY)
    result = precheck(catalogue, case["facts"], as_of=as_of, district=case.get("district", ""))
    return next(verdict for verdict in result.verdicts if verdict.benefit == benefit)


@pytest.mark.parametrize(("benefit", "case"), all_cases())
def test_household(catalogue: Catalogue, benefit: str, case: dict[str, Any]) -> None:
    verdict = verdict_of(catalogue, case, benefit)
    assert verdict.outcome.value == case["expect"], (verdict.failed, verdict.missing)
    if "missing" in case:
        assert list(verdict.missing) == case["missing"]
    if "failed" in case:
        assert case["failed"] in "；".join(verdict.failed)
    if "note" in case:
        assert case["note"] in "；".join(verdict.notes)
    for other, outcome in case.get("also", {}).items():
        assert verdict_of(catalogue, case, other).outcome.value == outcome


def test_every_benefit_has_cases() -> None:
    benefits = {path.stem for path in (PROJECT / "tools" / "benefits").glob("*.yaml")}
    assert benefits == {path.stem for path in CASES.glob("*.yaml")}


def test_each_benefit_is_tried_both_ways() -> None:
    """No rule is proved by yes alone: each has a household that fails it."""
    for path in sorted(Path(CASES).glob("*.yaml")):
        outcomes = {case["expect"] for case in yaml.safe_load(path.read_text(encoding="utf-8"))}
        assert "unlikely" in outcomes, path.stem
        assert outcomes - {"unlikely"}, path.stem
