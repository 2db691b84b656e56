"""Contacts and hotlines: what each is for, when it is open, how sure we are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from knowledge.types import Confidence
from tools.errors import ToolsError
from tools.types import Contact
from tools.yaml_source import YamlSource

DIRECTORY_FILE = Path(__file__).with_name("directory.yaml")
WARN_AFTER = dt.timedelta(days=90)
FAIL_AFTER = dt.timedelta(days=180)


class UnknownContactError(ToolsError):
    """Shown to the developer: no contact has this id."""


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(_Data):
    """Confirmed opening times on some days of the week."""

    weekdays: tuple[int, ...] = Field(min_length=1)
    """1 is Monday, 7 is Sunday; 0 is a public holiday. A working weekend counts as its Friday."""
    opens: dt.time
    closes: dt.time

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError("opens must be before closes; split a span that passes midnight")
        return self


class Hours(_Data):
    """When a line is open, as far as it is confirmed."""

    say: str
    """The source's words."""
    always: bool = False
    """Confirmed: day and night."""
    reported_always: bool = False
    """Only reported to be day and night: a family reads that hours are local."""
    at_least_hours: int | None = None
    """A national minimum per day, such as 18: it does not tell when."""
    open: tuple[Span, ...] = ()

    @property
    def confirmed(self) -> bool:
        """Whether we may say that it is open or closed now."""
        return self.always or bool(self.open)


class Line(_Data):
    """One entry of the file."""

    id: str
    number: str = Field(pattern=r"^[0-9]{3,5}$|^0[0-9]{2,3}-[0-9]{7,8}$")
    name: str
    purpose: str
    scope: str
    hours: Hours
    confidence: Confidence
    tags: tuple[str, ...] = Field(min_length=1)
    emergency: bool = False
    source: str = ""
    fallback: str = ""
    note: str = ""
    checked_on: dt.date | None = None
    """Empty: the day of the whole file."""


class _File(_Data):
    checked_on: dt.date
    local_hours: str
    contacts: tuple[Line, ...]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        ids = [line.id for line in self.contacts]
        if len(set(ids)) != len(ids):
            raise ValueError("two contacts have the same id")
        for line in self.contacts:
            if line.fallback and line.fallback not in ids:
                raise ValueError(f"{line.id}: fallback {line.fallback} is not a contact")
        return self


class Age(StrEnum):
    """How old a check is."""

    FRESH = "fresh"
    WARN = "warn"
    """Older than 90 days: `doctor` warns."""
    FAIL = "fail"
    """Older than 180 days: the build fails."""


@dataclass(frozen=True, slots=True)
class Stale:
    """A contact that somebody should check again."""

    contact: str
    days: int
    age: Age


class Directory:
    """Contacts by id. Immutable."""

    def __init__(self, file: _File, holidays: Mapping[dt.date, bool]) -> None:
        self._lines = {line.id: line for line in file.contacts}
        self._checked_on = file.checked_on
        self._local_hours = file.local_hours
        self._holidays = holidays

    @classmethod
    def load(cls, path: Path = DIRECTORY_FILE, holidays: Mapping[dt.date, bool] | None = None) -> Directory:
        """Read and validate `directory.yaml`.

        Args:
            path: the file.
            holidays: days that are off (True) or worked although a weekend (False); others follow the week.
        """
        return cls(YamlSource(path).validate(_File), holidays or {})

    def __iter__(self) -> Iterator[Line]:
        return iter(self._lines.values())

    @property
    def numbers(self) -> frozenset[str]:
        """Every number that an answer may name."""
        return frozenset(line.number for line in self)

    def get(self, contact_id: str, now: dt.datetime | None = None) -> Contact:
        """One contact, with whether it is open at `now`.

        Raises:
            UnknownContactError: the id is not in the file.
        """
        try:
            return self._contact(self._lines[contact_id], now)
        except KeyError:
            raise UnknownContactError(
                f"no contact {contact_id!r}; there are: {', '.join(self._lines)}"
            ) from None

    def find(self, tags: Iterable[str], now: dt.datetime | None = None) -> tuple[Contact, ...]:
        """Contacts for any of the tags: emergency lines first, then by how many tags fit, then file order."""
        wanted = frozenset(tags)
        fitting = [line for line in self if wanted & set(line.tags)]
        fitting.sort(key=lambda line: (not line.emergency, -len(wanted & set(line.tags))))
        return tuple(self._contact(line, now) for line in fitting)

    def fallback(self, contact_id: str, now: dt.datetime | None = None) -> Contact | None:
        """Who to call instead, if anybody is named."""
        line = self._lines.get(contact_id)
        return self.get(line.fallback, now) if line and line.fallback else None

    def _contact(self, line: Line, now: dt.datetime | None) -> Contact:
        return Contact(
            id=line.id,
            number=line.number,
            name=line.name,
            purpose=line.purpose,
            scope=line.scope,
            hours=self._said(line.hours),
            open_now=self.open_at(line.hours, now) if now else (True if line.hours.always else None),
            confidence=line.confidence.value,
            checked_on=line.checked_on or self._checked_on,
            emergency=line.emergency,
            tags=line.tags,
        )

    def _said(self, hours: Hours) -> str:
        """What a family reads: the hours where confirmed, the minimum as such, else that they are local."""
        if hours.confirmed:
            return hours.say
        if hours.at_least_hours is not None:
            return f"{hours.say}，{self._local_hours}"
        return self._local_hours

    def open_at(self, hours: Hours, now: dt.datetime) -> bool | None:
        """Whether it is open; None where the hours are not confirmed."""
        if hours.always:
            return True
        if not hours.open:
            return None
        day = now.date()
        weekday = day.isoweekday()
        if day in self._holidays:
            weekday = 0 if self._holidays[day] else min(weekday, 5)
        moment = now.timetz().replace(tzinfo=None)
        return any(weekday in span.weekdays and span.opens <= moment < span.closes for span in hours.open)

    def contacts(self, now: dt.datetime | None = None) -> tuple[Contact, ...]:
        """All of them, in file order."""
        return tuple(self._contact(line, now) for line in self)


def stale(contacts: Collection[Contact], today: dt.date) -> tuple[Stale, ...]:
    """Contacts whose last check is more than 90 days ago, oldest first; more than 180 fails the build."""
    found = []
    for contact in contacts:
        since = today - contact.checked_on
        if since > WARN_AFTER:
            found.append(Stale(contact.id, since.days, Age.FAIL if since > FAIL_AFTER else Age.WARN))
    return tuple(sorted(found, key=lambda one: -one.days))
