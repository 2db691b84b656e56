"""Households and the outcomes they must give: the traps of facts.md section 4 among them."""

from __future__ import annotations

import datetime as dt
import re
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


def test_all_twenty_traps_are_tried() -> None:
    """The table of docs/benefits.md names a household or a test for each, and every one it names exists."""
    households = {
        f"{path.stem} {case['name']}": case.get("trap")
        for path in CASES.glob("*.yaml")
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))
    }
    written = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    tests = set(re.findall(r"def (test_\w+)", written))
    doc = (PROJECT / "docs" / "benefits.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| (.+?) \| (.+?) \|$", doc, re.MULTILINE)
    assert [int(number) for number, _, _ in rows] == list(range(1, 21))
    for number, _, tried in rows:
        named = re.findall(r"`([^`]+)`", tried)
        assert named, f"trap {number} is tried by nothing"
        for one in named:
            if one.startswith("test_"):
                assert one in tests, one
            else:
                assert households.get(one) == int(number), one


def test_top_up_is_not_the_higher_one(catalogue: Catalogue) -> None:
    """Trap 4: 62号 pays the difference, Hangzhou the higher of the children's allowances; both are said."""
    kinds = {
        (conflict.kind.value, other)
        for conflict in catalogue.benefit("B02").conflicts
        for other in conflict.others
    }
    assert {("top_up", "B06"), ("top_up", "B10"), ("top_up", "B12")} <= kinds
    assert {("highest_only", "B01"), ("highest_only", "B04")} <= kinds
    assert not {("highest_only", "B06"), ("top_up", "B04")} & kinds


def test_the_wish_of_a_child_of_eight(catalogue: Catalogue) -> None:
    """Trap 17: from eight on a child's own wish counts, for guardianship and adoption."""
    for entry in ("B26", "B34"):
        apply = catalogue.benefit(entry).apply
        assert any("8周岁以上" in one.say for one in (*apply.steps, *apply.beware)), entry


def test_no_amount_that_is_not_published() -> None:
    """Trap 20: the only figures in yuan are those that a document prints, or that are marked as reported."""
    found = {
        (path.stem, figure)
        for path in (PROJECT / "tools" / "benefits").glob("*.yaml")
        for figure in re.findall(r"(\d+)元", path.read_text(encoding="utf-8"))
    }
    assert found == {("B14", "2400"), ("B20", "10000"), ("B36", "3600"), ("B36", "300")}


@pytest.mark.parametrize("entry", ["B02", "B06", "B10"])
def test_money_starts_the_month_after(catalogue: Catalogue, entry: str) -> None:
    """Trap 11: from the month after confirmation; nothing is said about back pay."""
    texts = [step.say for step in catalogue.benefit(entry).apply.steps]
    assert any("下个月" in text for text in texts)
    assert not any("补发" in text for text in texts)


def test_what_one_applies_for_is_said_in_its_own_units(catalogue: Catalogue) -> None:
    """Trap 10: 15+15 working days, 30 working days, 15+7 days+15, 7 days, 72 and 24 hours."""
    limits = {
        entry: [(limit.amount, limit.unit.value) for limit in benefit.apply.time_limits]
        for entry, benefit in catalogue.benefits.items()
    }
    assert limits["B02"] == [(15, "working_days"), (15, "working_days")]
    assert limits["B06"][0] == (30, "working_days")
    assert limits["B10"] == [(15, "working_days"), (7, "days"), (15, "working_days")]
    assert limits["B30"][0] == (7, "days")
    assert limits["B29"] == [(72, "hours"), (24, "hours")]
