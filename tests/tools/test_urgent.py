"""No bed, no food, no money for hospital: help today comes first (issue 4, item 5)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.tools.conftest import registry_cite
from tools.directory import Directory
from tools.errors import CatalogueError
from tools.urgent import URGENT_FILE, UrgentLane

LANE = UrgentLane.load(Directory.load(), registry_cite())
NIGHT = dt.datetime(2026, 11, 22, 3, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize("need", ["no_shelter", "no_food", "no_money_for_hospital"])
def test_a_need_of_today(need: str) -> None:
    (help_now,) = LANE.help({"urgent_need": need}, NIGHT)
    assert help_now.benefit == "B11"
    assert help_now.call
    assert all(citation.document for _, citation in help_now.steps)


def test_hospital_first() -> None:
    (help_now,) = LANE.help({"urgent_need": "no_money_for_hospital"}, NIGHT)
    assert help_now.call[0].number == "120"


@pytest.mark.parametrize(
    "fact", ["family_violence", "harmed_by_guardian", "child_unattended", "school_bullying"]
)
def test_danger_calls_the_police_first(fact: str) -> None:
    (help_now,) = LANE.help({fact: True}, NIGHT)
    assert help_now.call[0].number == "110"
    assert help_now.call[0].open_now


def test_nothing_urgent() -> None:
    assert LANE.help({"urgent_need": "none", "sudden_hardship": "none", "child_age": 7}) == ()


def test_an_unknown_contact_is_named(tmp_path: Path) -> None:
    path = tmp_path / "urgent.yaml"
    path.write_text(
        URGENT_FILE.read_text(encoding="utf-8").replace('"12338"', '"96110"', 1), encoding="utf-8"
    )
    with pytest.raises(CatalogueError, match="96110"):
        UrgentLane.load(Directory.load(), registry_cite(), path=path)
