"""Who is at the desk, and may they: cookie, CSRF token, origin, role (SE-13, SE-17, SE-19)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response

from api.deps import Open
from api.desk_errors import ForgedError, SignedOutError
from api.services import Services
from desk import accounts
from desk.errors import NotAllowedError
from desk.roles import may
from desk.types import Action
from settings import Settings
from storage.types import StaffMember, StaffSession

_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A member of staff with a good login."""

    staff: StaffMember
    session: StaffSession
    token: str


def cookie_name(settings: Settings) -> str:
    """`__Host-` binds the cookie to this host and to HTTPS."""
    return "__Host-minxing_desk" if settings.cookie_secure else "minxing_desk"


def set_cookie(response: Response, settings: Settings, token: str) -> None:
    """A cookie that scripts cannot read, that other sites cannot send, and that ends with the browser."""
    response.set_cookie(
        cookie_name(settings),
        token,
        path="/",
        httponly=True,
        secure=settings.cookie_secure,
        samesite="strict",
    )


def clear_cookie(response: Response, settings: Settings) -> None:
    """Take it away again."""
    response.delete_cookie(
        cookie_name(settings), path="/", httponly=True, secure=settings.cookie_secure, samesite="strict"
    )


def check_origin(request: Request, settings: Settings) -> None:
    """Writes come from our own page, on a host that the operator allowed.

    Raises:
        ForgedError: no `Origin`, or another one.
    """
    origin = urlsplit(request.headers.get("origin", ""))
    known = "*" in settings.allowed_hosts or _host(origin.netloc) in settings.allowed_hosts
    same = origin.netloc == request.headers.get("host", "")
    if origin.scheme not in ("http", "https") or not known or not same:
        raise ForgedError("bad_origin")


def _host(netloc: str) -> str:
    return netloc.partition("]")[0] + "]" if netloc.startswith("[") else netloc.partition(":")[0].lower()


async def signed_in(request: Request, rooms: Open) -> SignedIn:
    """The login of the cookie.

    A read that the page makes by itself leaves out `X-Desk-Active`, and does not keep a login alive.

    Raises:
        SignedOutError: none, ended, or idle for too long.
        ForgedError: a write without the CSRF token, or from another origin.
    """
    token = request.cookies.get(cookie_name(rooms.settings), "")
    writes = request.method not in _SAFE_METHODS
    active = writes or request.headers.get("x-desk-active") == "1"
    session = await accounts.session(rooms.store, token, rooms.now(), active=active)
    if session is None:
        raise SignedOutError
    if writes:
        check_origin(request, rooms.settings)
        given = request.headers.get("x-csrf-token", "")
        if not hmac.compare_digest(given.encode(), session.csrf_token.encode()):
            raise ForgedError("bad_csrf")
    return SignedIn(session.staff, session, token)


Anyone = Annotated[SignedIn, Depends(signed_in)]
"""Any role, for what everybody may do: see who they are, and log out."""


class Allowed:
    """A dependency that lets only roles through that may do `action`; a refusal is audited (R-24)."""

    def __init__(self, action: Action) -> None:
        self.action = action

    async def __call__(self, request: Request, rooms: Open, who: Anyone) -> SignedIn:
        """The member of staff.

        Raises:
            NotAllowedError: the role may not do this.
        """
        if not may(who.staff.role, self.action):
            await _refused(rooms, who, self.action, request)
            raise NotAllowedError
        return who


async def _refused(rooms: Services, who: SignedIn, action: Action, request: Request) -> None:
    target = str(request.path_params.get("ticket_id", ""))[:64]
    await rooms.store.audit.append(who.staff.name, "refused", target, rooms.now(), {"action": action.value})
