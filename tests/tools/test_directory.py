"""Contacts: scope, hours as they are known, checks that grow old."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.tools.conftest import TODAY
from tools.directory import Age, Directory, Hours, Span, UnknownContactError, stale
from tools.errors import CatalogueError
from tools.places import Places

DIRECTORY = Directory.load()
NIGHT = dt.datetime(2026, 11, 22, 3, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize("number", ["110", "119", "120"])
def test_emergency_lines_are_always_open(number: str) -> None:
    contact = DIRECTORY.get(number, NIGHT)
    assert contact.open_now is True
    assert contact.emergency


def test_12356_keeps_its_minimum_as_such() -> None:
    """「每日不少于18小时」 does not say whether it is open at three at night."""
    contact = DIRECTORY.get("12356", NIGHT)
    assert contact.open_now is None
    assert "不少于18小时" in contact.hours
    assert "服务时间以当地为准" in contact.hours


def test_unconfirmed_hours_are_local_hours() -> None:
    for contact in DIRECTORY.contacts(NIGHT):
        if contact.open_now is None:
            assert "服务时间以当地为准" in contact.hours


def test_danger_comes_before_everything() -> None:
    for tags in (["violence"], ["suicide"], ["missing"], ["child", "violence"]):
        assert DIRECTORY.find(tags, NIGHT)[0].emergency


def test_an_office_line_given_for_one_purpose_is_not_shipped() -> None:
    assert not any("89586389" in contact.number for contact in DIRECTORY.contacts())


def test_recalled_numbers_are_not_shipped() -> None:
    assert not DIRECTORY.numbers & {"12385", "12393"}


def test_every_fallback_ends() -> None:
    for line in DIRECTORY:
        seen, current = {line.id}, DIRECTORY.fallback(line.id)
        hops = 0
        while current is not None and current.id not in seen and hops < 10:
            seen.add(current.id)
            current, hops = DIRECTORY.fallback(current.id), hops + 1


def test_unknown_contact() -> None:
    with pytest.raises(UnknownContactError, match="12345"):
        DIRECTORY.get("96110")


@pytest.mark.parametrize(
    ("days", "age"), [(0, None), (90, None), (91, Age.WARN), (180, Age.WARN), (181, Age.FAIL)]
)
def test_a_check_grows_old(days: int, age: Age | None) -> None:
    found = stale(DIRECTORY.contacts(), TODAY + dt.timedelta(days=days))
    assert {one.age for one in found} == ({age} if age else set())
    assert len(found) == (len(DIRECTORY.contacts()) if age else 0)


def test_the_build_fails_when_a_check_is_older_than_180_days() -> None:
    """By the real clock, on purpose: somebody has to call the lines again and write down the day."""
    today = dt.datetime.now(ZoneInfo("Asia/Shanghai")).date()
    old = [one for one in stale(DIRECTORY.contacts(), today) if one.age is Age.FAIL]
    assert not old, f"check again and set checked_on in tools/directory.yaml: {old}"


@pytest.mark.parametrize(
    ("day", "hour", "is_open"),
    [
        (dt.date(2026, 11, 23), 9, True),
        (dt.date(2026, 11, 23), 18, False),
        (dt.date(2026, 11, 22), 9, False),
        (dt.date(2027, 1, 1), 9, False),
        (dt.date(2026, 10, 10), 9, True),
    ],
    ids=["monday", "after-closing", "sunday", "new-year-friday", "worked-saturday"],
)
def test_structured_hours_know_holidays(day: dt.date, hour: int, is_open: bool) -> None:
    calendar = {dt.date(2027, 1, 1): True, dt.date(2026, 10, 10): False}
    directory = Directory.load(holidays=calendar)
    span = Span(weekdays=(1, 2, 3, 4, 5), opens=dt.time(8, 30), closes=dt.time(17, 30))
    moment = dt.datetime.combine(day, dt.time(hour), tzinfo=ZoneInfo("Asia/Shanghai"))
    assert directory.open_at(Hours(say="工作日", open=(span,)), moment) is is_open


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (('id: "119"', 'id: "110"'), "same id"),
        (("fallback: hangzhou_crisis", "fallback: nobody"), "nobody"),
        (('number: "12356"', 'number: "12356x"'), "number"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, change: tuple[str, str], complaint: str) -> None:
    from tools.directory import DIRECTORY_FILE

    path = tmp_path / "directory.yaml"
    path.write_text(DIRECTORY_FILE.read_text(encoding="utf-8").replace(*change, 1), encoding="utf-8")
    with pytest.raises(CatalogueError, match=complaint):
        Directory.load(path)


def test_hangzhou_has_thirteen_districts_and_counties() -> None:
    places = Places.load()
    assert len(places.districts()) == 13
    from tools.facts import FactBook

    assert FactBook.load()["district"].domain() == tuple(district.name for district in places.districts())


@pytest.mark.parametrize(
    ("text", "name"), [("我住余杭闲林", "余杭区"), ("西湖区的", "西湖区"), ("宁波的", None)]
)
def test_places_as_people_say_them(text: str, name: str | None) -> None:
    found = Places.load().find(text)
    assert (found.name if found else None) == name
