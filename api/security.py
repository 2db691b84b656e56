"""What every answer of the server carries, and what is turned away before a route sees it (SE-13, SE-14)."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import ApiError, respond
from settings import Settings, SettingsError

logger = logging.getLogger("minxing.api")

SORRY = Path(__file__).resolve().parents[1] / "web" / "site" / "500.html"
BODY_BYTES_MAX = 1_000_000
"""Bounds memory and scan time of one request; a message of 20,000 characters is 80,000 bytes at most."""

CORS_METHODS = ("GET", "POST", "PUT", "DELETE")
CORS_REQUEST_HEADERS = ("Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID")
CORS_RESPONSE_HEADERS = ("Retry-After",)

_PROGRAMS = ("/api", "/v1", "/.well-known", "/a2a")
"""Paths that programs read, never a page."""
_API_POLICY = "default-src 'none'; frame-ancestors 'none'"
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def exact_origins(settings: Settings) -> tuple[str, ...]:
    """The origins that may read answers.

    Raises:
        SettingsError: for `*` and `null`, which would let any page in.
    """
    for origin in settings.allowed_origins:
        if origin in ("*", "null") or not origin.startswith(("http://", "https://")) or origin.endswith("/"):
            raise SettingsError(
                f"MINXING_ALLOWED_ORIGINS in the environment or .env is not usable: {origin!r} is not "
                'an exact origin such as "https://www.example.org".'
            )
    return settings.allowed_origins


def security_headers(path: str, *, https: bool) -> dict[str, str]:
    """The fixed headers of an answer for `path`."""
    headers = {
        "Content-Security-Policy": _API_POLICY if path.startswith(_PROGRAMS) else _PAGE_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        # The widget's own files are meant to be loaded by the pages that embed it.
        "Cross-Origin-Resource-Policy": "cross-origin" if path.startswith("/widget/") else "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
        "X-Frame-Options": "DENY",
        "Cache-Control": "no-store" if path.startswith(_PROGRAMS) else "no-cache",
    }
    if https:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


def host_name(header: str) -> str:
    """The host without its port; IPv6 addresses keep their brackets.

    >>> host_name("localhost:8000"), host_name("[::1]:8000")
    ('localhost', '[::1]')
    """
    if header.startswith("["):
        return header.partition("]")[0] + "]"
    return header.partition(":")[0].lower()


class SecurityHeaders:
    """Outermost: adds the headers to whatever answer comes out, errors included."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in security_headers(scope["path"], https=self._https).items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)


def _sorry(path: str, headers: Headers) -> Response:
    """AX-10: whoever opens a page gets a page, with the numbers to call; a program gets JSON."""
    if "text/html" in headers.get("accept", "") and SORRY.exists():
        return FileResponse(SORRY, status_code=500, media_type="text/html")
    return respond(path, ApiError(500, "internal"))


class Doorkeeper:
    """Turns away unknown hosts and huge bodies, and turns a fault of ours into a calm 500."""

    def __init__(self, app: ASGIApp, *, hosts: tuple[str, ...]) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if "*" not in self._hosts and host_name(headers.get("host", "")) not in self._hosts:
            await respond(scope["path"], ApiError(400, "forbidden_host"))(scope, receive, send)
            return
        declared = headers.get("content-length", "")
        if declared.isdigit() and int(declared) > BODY_BYTES_MAX:
            await respond(scope["path"], ApiError(413, "body_too_large", phone=("110", "120")))(
                scope, receive, send
            )
            return
        await self._guarded(scope, receive, send, headers)

    async def _guarded(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        started = False
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > BODY_BYTES_MAX:
                raise HTTPException(413)
            return message

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, counted, watched)
        except Exception as error:
            # PR-9: where it broke and what kind it was; the message may quote what a family wrote.
            frame = traceback.extract_tb(error.__traceback__)[-1]
            route = getattr(scope.get("route"), "path", "?")
            logger.error(
                "unexpected error=%s at=%s:%s route=%s", type(error).__name__, frame.name, frame.lineno, route
            )
            if not started:
                await _sorry(scope["path"], headers)(scope, receive, send)
