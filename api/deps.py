"""Who is asking, and may they: shared dependencies of the routes.

All are `async`, though some wait for nothing: FastAPI runs the others in a thread each, and waking threads up
costs more than most routes do.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Path, Request

from api.errors import ApiError, not_found
from api.services import Services


async def services(request: Request) -> Services:
    """The open rooms.

    Raises:
        ApiError: 503 while the server is still starting or already closing.
    """
    opened: Services | None = getattr(request.app.state, "services", None)
    if opened is None:
        raise ApiError(503, "not_ready", headers={"Retry-After": "2"})
    return opened


Open = Annotated[Services, Depends(services)]


async def address(request: Request) -> str:
    """The client's address, for counting only: never logged, never stored (PR-9)."""
    return request.client.host if request.client else "unknown"


Address = Annotated[str, Depends(address)]


async def bearer(authorization: Annotated[str, Header(max_length=300)] = "") -> str:
    """The token of the `Authorization` header; empty where there is none."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


Bearer = Annotated[str, Depends(bearer)]


@dataclass(frozen=True, slots=True)
class Access:
    """A conversation whose holder has shown its token."""

    id: str
    expires_at: dt.datetime
    last_seq: int


_ID = re.compile(r"[A-Za-z0-9_-]{22}")


async def access(
    rooms: Open, token: Bearer, conversation_id: Annotated[str, Path(min_length=1, max_length=64)]
) -> Access:
    """The conversation of the address, if the token opens it.

    Raises:
        ApiError: 404, the same for unknown, foreign, expired and erased conversations (SE-9).
    """
    if not _ID.fullmatch(conversation_id):  # never ours; who knows what was typed there (PR-9)
        raise not_found()
    holder = await rooms.talk.holder(conversation_id, token)
    if holder is None:
        raise not_found()
    return Access(conversation_id, holder.expires_at, holder.last_seq)


Held = Annotated[Access, Depends(access)]
