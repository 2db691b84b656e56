"""Refusals of the desk as JSON, in the same form as every other error of the door."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from api.errors import ErrorBody, ErrorDetail
from desk.errors import DeskError, IncompleteError, LoginError
from desk.texts import texts

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class SignedOutError(DeskError):
    """No good login."""

    def __init__(self) -> None:
        super().__init__("not_logged_in", 401)


class ForgedError(DeskError):
    """The request did not come from our own page (SE-17)."""

    def __init__(self, code: str) -> None:
        super().__init__(code, 403)


def response(error: DeskError) -> JSONResponse:
    """The sentence of `desk/texts.yaml` for this refusal."""
    detail = ErrorDetail(
        code=error.code,
        message=texts().errors[error.code].format(**error.values),
        field=error.field if isinstance(error, IncompleteError) else None,
    )
    wait = error.wait_seconds if isinstance(error, LoginError) else 0
    headers = {"Retry-After": str(wait)} if wait else None
    return JSONResponse(
        ErrorBody(error=detail).model_dump(exclude_none=True), status_code=error.status, headers=headers
    )


class DeskRoute(APIRoute):
    """A route that answers `DeskError` in plain Chinese."""

    def get_route_handler(self) -> Handler:
        """Wrap the route; dependencies run inside it too."""
        handler = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            try:
                return await handler(request)
            except DeskError as error:
                return response(error)

        return guarded
