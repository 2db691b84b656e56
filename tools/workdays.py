"""Counting time limits: working days are not days, and days are not hours (facts.md trap 10)."""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tools.benefit import TimeUnit


@dataclass(frozen=True, slots=True)
class Due:
    """When a step must be done."""

    on: dt.datetime
    exact: bool
    """False where no holiday calendar covers the time: a public holiday would move it."""


class WorkCalendar:
    """Which days are worked. Weekends, changed by the public holidays of the years we know."""

    def __init__(self, holidays: Mapping[dt.date, bool] | None = None) -> None:
        """Make a calendar.

        Args:
            holidays: days off (True), and weekends that are worked (False).
        """
        self._holidays = dict(holidays or {})
        self._years = {day.year for day in self._holidays}

    def is_working(self, day: dt.date) -> bool:
        """Whether offices work on that day."""
        return not self._holidays.get(day, day.isoweekday() > 5)

    def knows(self, first: dt.date, last: dt.date) -> bool:
        """Whether the public holidays of every year in between are known."""
        return set(range(first.year, last.year + 1)) <= self._years

    def add(self, start: dt.datetime, amount: int, unit: TimeUnit) -> Due:
        """The end of a time limit. The day it starts on is not counted."""
        match unit:
            case TimeUnit.HOURS:
                return Due(start + dt.timedelta(hours=amount), True)
            case TimeUnit.DAYS:
                return Due(start + dt.timedelta(days=amount), True)
            case TimeUnit.MONTHS:
                years, month = divmod(start.month - 1 + amount, 12)
                last = _days_in(start.year + years, month + 1)
                return Due(
                    start.replace(year=start.year + years, month=month + 1, day=min(start.day, last)), True
                )
            case TimeUnit.WORKING_DAYS:
                day = start
                left = amount
                while left:
                    day += dt.timedelta(days=1)
                    left -= self.is_working(day.date())
                return Due(day, self.knows(start.date(), day.date()))


def _days_in(year: int, month: int) -> int:
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return (following - dt.timedelta(days=1)).day


def installed_holidays(first_year: int, last_year: int) -> dict[dt.date, bool]:
    """The public holidays that the package `chinese_calendar` knows; years it does not know are left out."""
    try:
        chinese_calendar: Any = importlib.import_module("chinese_calendar")
    except ImportError:
        return {}
    found: dict[dt.date, bool] = {}
    for year in range(first_year, last_year + 1):
        day = dt.date(year, 1, 1)
        try:
            while day.year == year:
                worked = bool(chinese_calendar.is_workday(day))
                if worked == (day.isoweekday() > 5):
                    found[day] = not worked
                day += dt.timedelta(days=1)
        except NotImplementedError:  # a year whose holidays are not published yet
            break
    return found
