"""Words of the desk: roles, what they may do, outcomes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Who somebody is at the desk (SE-19)."""

    ON_DUTY = "值班员"
    SUPERVISOR = "督导"
    ADMINISTRATOR = "管理员"
    AUDITOR = "审计"


class Action(StrEnum):
    """What a route of the desk does. A route without an action cannot be registered."""

    SEE_QUEUE = "see_queue"
    OPEN_CASE = "open_case"
    WORK_CASE = "work_case"
    """Claim, reply, release, close, hand over."""
    MANAGE_ACCOUNTS = "manage_accounts"
    READ_AUDIT = "read_audit"


class Outcome(StrEnum):
    """How a case ended (CR-27)."""

    REACHED = "联系上"
    POLICE = "已报警"
    HOTLINE = "转12356"
    LOST = "失联"
    OTHER = "其他"


@dataclass(frozen=True, slots=True)
class Presence:
    """Who is there, so that nobody is promised a person who is not (CR-25, CR-26)."""

    on_duty: int
    """Staff whose desk page is open now."""
    free: int
    """Of those, how many own no open ticket."""
    waiting: int
    longest_wait: dt.timedelta
