"""When staff are called again: after 60 s, the supervisor after 180 s, the phone after 300 s (CR-21).

A pure function of the ticket, the steps already taken, and the time: a restart forgets nothing, a clock
that jumps repeats nothing.
"""

from __future__ import annotations

import datetime as dt

from storage.types import URGENT, Page, Ticket, TicketStatus

STEPS: tuple[tuple[int, str], ...] = (
    (0, "page"),
    (60, "page_again"),
    (180, "supervisor"),
    (300, "phone_bridge"),
    (300, "incident"),
)
"""(seconds of waiting, step)."""

AWAY_SECONDS = 30
"""R-25: the family is told when the page of the person they talk with was not heard of for this long. An open
page asks at least every 15 seconds."""
OFFLINE_SECONDS = 90
"""R-25: then a claimed ticket goes back to the queue."""
ON_DUTY_SECONDS = 45
"""Whose page was heard of within this time is counted as there."""


def due(ticket: Ticket, taken: frozenset[str], now: dt.datetime) -> tuple[str, ...]:
    """Steps that are due and not yet taken in this round of waiting, in order."""
    if ticket.status is not TicketStatus.WAITING or ticket.severity < URGENT:
        return ()
    waited = (now - ticket.waiting_since).total_seconds()
    return tuple(step for seconds, step in STEPS if waited >= seconds and step not in taken)


def silent_seconds(seen_at: dt.datetime | None, claimed_at: dt.datetime | None, now: dt.datetime) -> float:
    """How long the owner of a claimed ticket was not heard of, by the last sign of their page."""
    signs = [time for time in (seen_at, claimed_at) if time is not None]
    return (now - max(signs)).total_seconds() if signs else float(OFFLINE_SECONDS)


def next_try(page: Page) -> dt.datetime:
    """When a page that no channel took is sent again: after 1, 2, 4 … seconds, then every minute (R-30)."""
    doublings = min(page.attempts, 6)
    return page.created_at + dt.timedelta(seconds=2**doublings - 1 + 60 * (page.attempts - doublings))
