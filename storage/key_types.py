"""What `storage` exchanges about programs that call our doors: keys, quotas, the talks that they hold."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key of a program that calls our doors, without its secret."""

    id: str
    name: str
    scopes: frozenset[str]
    per_minute: int
    per_day: int
    created_at: dt.datetime
    revoked_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class ApiUse:
    """What a key was used for on one day."""

    requests: int
    refused: int
    """Requests beyond a quota."""


class Quota(StrEnum):
    """Whether a request fits a key's quotas."""

    LEFT = "left"
    MINUTE = "minute"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class ApiTalk:
    """A conversation that a program holds for one of its users."""

    conversation_id: str
    delivered_seq: int
    """Sequence number up to which events were told to the program."""
