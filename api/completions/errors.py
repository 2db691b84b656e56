"""Errors in OpenAI's shape, for every path below `/v1`: `{"error": {"message", "type", "param", "code"}}`."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from starlette.responses import JSONResponse

from api.completions.texts import door_texts
from api.errors import ApiError, field_of, reason_of
from api.texts import texts

PREFIX = "/v1/"
_TYPES = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
}


class DoorError(ApiError):
    """A chat client sees it; the message is `errors.<code>` of `api/completions/texts.yaml`."""

    @property
    def message(self) -> str:
        """The sentence, filled in."""
        return door_texts().errors[self.code].format(field=self.field or "", **self.values)


def shaped(error: ApiError) -> JSONResponse:
    """Any error of ours as their clients read it. Where the fault is ours the numbers stand beside it."""
    phones = error.phone or (texts().phones if error.status >= 500 else ())
    detail: dict[str, Any] = {
        "message": error.message,
        "type": _TYPES.get(error.status, "server_error" if error.status >= 500 else "invalid_request_error"),
        "param": error.field,
        "code": error.code,
    }
    if phones:
        detail["minxing"] = {"phone": list(phones)}
    return JSONResponse({"error": detail}, status_code=error.status, headers=error.headers)


def from_validation(error: ValidationError) -> DoorError:
    """The first thing that is wrong with a body, without quoting it."""
    first = error.errors()[0]
    return DoorError(400, "bad_body", field=field_of(first["loc"]), why=reason_of(str(first["type"])))
