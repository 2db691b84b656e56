"""Accounts and logins of staff (SE-16, SE-17, SE-18). There is no account until an operator adds one."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from desk import passwords
from desk.errors import IncompleteError, LoginError
from desk.types import Role
from storage.staff import Failures
from storage.store import Store
from storage.types import URGENT, StaffMember, StaffSession

NAME_CHARS_MAX = 30
IDLE = dt.timedelta(minutes=15)
LIFETIME = dt.timedelta(hours=12)
SEEN_EVERY = dt.timedelta(seconds=5)
"""Presence is written at most this often."""

_WINDOW = dt.timedelta(minutes=15)
_FREE_TRIES = 5
"""Per account and address; then each further failure doubles the wait."""
_FREE_TRIES_OF_ADDRESS = 20
"""A whole office may share one address, so this is generous and its wait short: one person's bad evening
must not keep the night shift out."""
_WAIT_MAX_OF_ADDRESS_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Login:
    """A fresh login. The token goes into the cookie and is stored as a hash only."""

    staff: StaffMember
    token: str
    csrf_token: str
    failures_before: int
    """Failed attempts just before this one: shown to the person, who knows whether they were theirs."""


async def add(store: Store, name: str, role: str, password: str, *, now: dt.datetime, by: str) -> StaffMember:
    """Make an account.

    Raises:
        IncompleteError: name, role or password will not do; its code names the sentence.
    """
    name = name.strip()
    if not 1 <= len(name) <= NAME_CHARS_MAX or not name.isprintable():
        raise IncompleteError("name_empty", "name")
    if role not in tuple(Role):
        raise IncompleteError("role_unknown", "role")
    wrong = passwords.problem(password, name)
    if wrong:
        raise IncompleteError(wrong, "password")
    member = await store.staff.add(name, role, await passwords.hash_password(password), now)
    if member is None:
        raise IncompleteError("name_taken", "name")
    await store.audit.append(by, "account.add", name, now, {"role": role})
    return member


async def disable(store: Store, name: str, *, now: dt.datetime, by: str) -> None:
    """Close an account; its logins end at once.

    Raises:
        IncompleteError: there is no such open account, or it is the last 管理员.
    """
    open_accounts = [member for member in await store.staff.all() if member.disabled_at is None]
    member = next((member for member in open_accounts if member.name == name), None)
    if member is None:
        raise IncompleteError("no_colleague", "name")
    others = [m for m in open_accounts if m.role == Role.ADMINISTRATOR and m.id != member.id]
    if member.role == Role.ADMINISTRATOR and not others:
        raise IncompleteError("last_administrator", "name")
    await store.staff.disable(member.id, now)
    await store.audit.append(by, "account.disable", name, now)


async def login(store: Store, name: str, password: str, *, address: str, now: dt.datetime) -> Login:
    """Check name and password; make a new server-side session (SE-17: always a new token).

    Args:
        store: where accounts are.
        name: as typed.
        password: as typed.
        address: network address of the client, counted as a keyed hash only.
        now: time of the attempt.

    Raises:
        LoginError: wrong, or to be tried again after a wait. Text and time do not tell why.
    """
    name = name.strip()
    place = store.fingerprint(address)
    of_account, of_address = await store.staff.failures(place, name, now - _WINDOW)
    wait = max(
        _wait(of_account, _FREE_TRIES, _WINDOW.total_seconds(), now),
        _wait(of_address, _FREE_TRIES_OF_ADDRESS, _WAIT_MAX_OF_ADDRESS_SECONDS, now),
    )
    if wait > 0:
        raise LoginError(math.ceil(wait))
    member = await store.staff.by_name(name)
    usable = member is not None and member.disabled_at is None
    good = await passwords.fits(password, member.password_hash if member and usable else None)
    if member is None or not good:
        await store.staff.failed_login(place, name, now)
        # The typed name may be a password that slipped into the wrong field: it is not logged.
        await store.audit.append(member.name if member else "?", "login.failed", "", now)
        raise LoginError
    await store.staff.forget_failures(place, name)
    token, csrf_token = await store.staff.start_session(member.id, now, now + LIFETIME)
    await store.audit.append(member.name, "login", "", now, {"failures_before": of_account.count})
    return Login(member, token, csrf_token, of_account.count)


def _wait(failures: Failures, free: int, longest: float, now: dt.datetime) -> float:
    """Seconds until the next try: 30 after the free ones, doubled with each further failure."""
    if failures.count < free or failures.last is None:
        return 0.0
    pause: float = min(30.0 * 2 ** min(failures.count - free, 10), longest)
    return pause - (now - failures.last).total_seconds()


async def logout(store: Store, token: str, member: StaffMember, now: dt.datetime) -> None:
    """End the session on the server."""
    await store.staff.end_session(token)
    await store.audit.append(member.name, "logout", "", now)


async def session(store: Store, token: str, now: dt.datetime, *, active: bool) -> StaffSession | None:
    """The session of a cookie, if it is still good.

    It ends 15 minutes after the last act of its user, unless they own an open S3/S4 ticket, and 12 hours
    after the login in any case. Background requests of the page (`active=False`) show presence and do not
    keep it alive.
    """
    found = await store.staff.session(token) if token else None
    if found is None or found.staff.disabled_at is not None:
        return None
    if now >= found.expires_at:
        await store.staff.end_session(token)
        return None
    if now - found.last_seen_at >= IDLE and not await _owns_urgent(store, found.staff.id):
        await store.staff.end_session(token)
        return None
    stale = found.last_seen_at if active else (found.staff.seen_at or found.created_at)
    if now - stale >= SEEN_EVERY:
        await store.staff.touch_session(token, found.staff.id, now, active=active)
    return found


async def _owns_urgent(store: Store, staff_id: str) -> bool:
    return any(t.owner_id == staff_id and t.severity >= URGENT for t in await store.tickets.queue())
