"""Errors of the HTTP door. Families and pages see `{"error": {"code", "message", "field"?, "phone"?}}`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from api.texts import texts
from storage.errors import StorageUnavailableError
from tools.errors import FactError


class ErrorDetail(BaseModel):
    """What went wrong, in words a family understands."""

    code: str
    message: str
    field: str | None = None
    phone: list[str] | None = None


class ErrorBody(BaseModel):
    """Every answer that is not 2xx."""

    error: ErrorDetail


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Which statuses besides 2xx a route answers with an `ErrorBody`."""
    return {status: {"model": ErrorBody} for status in statuses}


_FIELD = re.compile(r"[A-Za-z][A-Za-z_\-]{0,59}(?:\.[A-Za-z_\-]{1,60}|\.\d{1,3}){0,6}")
"""What a field of ours may look like. Anything else was typed by somebody, and is not quoted back (PR-1)."""


class ApiError(Exception):
    """The family or the page sees it; the message is `errors.<code>` of `texts.yaml`.

    Args:
        status: HTTP status.
        code: key of the sentence, and `error.code` of the answer.
        field: the field that is wrong, where there is one.
        headers: such as `Retry-After`.
        phone: emergency numbers to show beside it; 5xx always show them.
        values: what the placeholders of the sentence stand for.
    """

    def __init__(
        self,
        status: int,
        code: str,
        *,
        field: str | None = None,
        headers: Mapping[str, str] | None = None,
        phone: Sequence[str] = (),
        **values: object,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.field = field if field is None or _FIELD.fullmatch(field) else "…"
        self.headers = dict(headers or {})
        self.phone = tuple(phone)
        self.values = values

    @property
    def message(self) -> str:
        """The sentence, filled in."""
        return texts().errors[self.code].format(field=self.field, **self.values)


def not_found() -> ApiError:
    """The one answer for unknown, foreign, expired and erased alike (SE-9)."""
    return ApiError(404, "not_found")


def respond(path: str, error: ApiError) -> JSONResponse:
    """The error in the shape that callers of this path read: OpenAI's below `/v1`, ours elsewhere."""
    from api.completions.errors import PREFIX, shaped

    return shaped(error) if path.startswith(PREFIX) else error_response(error)


def error_response(error: ApiError) -> JSONResponse:
    """`ApiError` as JSON, with the emergency numbers where the fault is ours."""
    phones = error.phone or (texts().phones if error.status >= 500 else ())
    detail = ErrorDetail(
        code=error.code, message=error.message, field=error.field, phone=list(phones) or None
    )
    return JSONResponse(
        ErrorBody(error=detail).model_dump(exclude_none=True), status_code=error.status, headers=error.headers
    )


_REASONS = (
    ("missing", "missing"),
    ("too_short", "too_short"),
    ("too_long", "too_long"),
    ("extra_forbidden", "extra"),
    ("greater_than", "out_of_range"),
    ("less_than", "out_of_range"),
    ("literal_error", "bad_value"),
    ("enum", "bad_value"),
    ("pattern", "bad_value"),
    ("value_error", "bad_value"),
)


def field_of(place: Sequence[object]) -> str:
    """The name of a field as the caller wrote it."""
    return ".".join(str(part) for part in place if part not in ("body", "query", "header", "path")) or "body"


def reason_of(kind: str) -> str:
    """Why a field is wrong, in a few words; `kind` is pydantic's name for it."""
    reason = next((name for start, name in _REASONS if start in kind), "wrong_type")
    return texts().reasons[reason]


def _from_validation(error: RequestValidationError) -> ApiError:
    first = error.errors()[0]
    kind = str(first["type"])
    if kind == "json_invalid":
        return ApiError(422, "bad_json", field="body")
    return ApiError(422, "bad_field", field=field_of(first["loc"]), why=reason_of(kind))


_HTTP_CODES = {
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    422: "bad_json",
    503: "not_ready",
}


def install(app: FastAPI) -> None:
    """Answer every error of `app` in plain Chinese, without a stack trace."""

    @app.exception_handler(ApiError)
    async def _api(request: Request, error: ApiError) -> JSONResponse:
        return respond(request.scope["path"], error)

    @app.exception_handler(RequestValidationError)
    async def _validation(request: Request, error: RequestValidationError) -> JSONResponse:
        return respond(request.scope["path"], _from_validation(error))

    @app.exception_handler(FactError)
    async def _fact(request: Request, error: FactError) -> JSONResponse:
        return respond(
            request.scope["path"], ApiError(422, "bad_fact", field=error.fact[:60], why=str(error))
        )

    @app.exception_handler(StorageUnavailableError)
    async def _storage(request: Request, _: StorageUnavailableError) -> JSONResponse:
        return respond(request.scope["path"], ApiError(503, "not_ready", headers={"Retry-After": "5"}))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> JSONResponse:
        # A body that is not even UTF-8 arrives here as FastAPI's own 400.
        status = 422 if error.status_code == 400 else error.status_code
        code = _HTTP_CODES.get(status, "internal" if status >= 500 else "bad_json")
        field = "body" if status == 422 else None
        return respond(request.scope["path"], ApiError(status, code, field=field, headers=error.headers))
