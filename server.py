"""Wiring only: settings in, an application out. Rooms are opened here and nowhere else."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import gc
import logging
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from zoneinfo import ZoneInfo

import uvicorn
import uvloop
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from api import chat, desk, dossiers, errors, metrics, pages, public
from api.agents import door as agents
from api.completions import door as completions
from api.security import (
    CORS_METHODS,
    CORS_REQUEST_HEADERS,
    CORS_RESPONSE_HEADERS,
    Doorkeeper,
    SecurityHeaders,
    exact_origins,
)
from api.services import Services
from settings import Settings, SettingsError

CHINA = ZoneInfo("Asia/Shanghai")

Opening = Callable[[Settings, Callable[[], dt.datetime]], AbstractAsyncContextManager[Services]]


class ServeError(Exception):
    """Shown to the operator as one sentence; the command ends with exit code 2."""


def now() -> dt.datetime:
    """The one clock."""
    return dt.datetime.now(CHINA)


def _opening() -> Opening:
    from api.rooms import open_rooms  # reads models and rules: not for those who only import this module

    return open_rooms


def create_app(settings: Settings, opening: Opening | None = None) -> FastAPI:
    """The application.

    Args:
        settings: read once by the caller.
        opening: opens the rooms for the life of the application; tests pass their own. None: all of them.

    Raises:
        SettingsError: an allowed origin is not exact.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with (opening or _opening())(settings, now) as services:
            app.state.services = services
            try:
                yield
            finally:
                services.closing.set()
                app.state.services = None

    app = FastAPI(
        title="Minxing",
        version="0.1.0",
        description="杭民星：困境儿童家庭的政策问答、预判和转人工。",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        middleware=[
            Middleware(SecurityHeaders, https=settings.cookie_secure),
            Middleware(
                CORSMiddleware,
                allow_origins=exact_origins(settings),
                allow_methods=CORS_METHODS,
                allow_headers=CORS_REQUEST_HEADERS,
                expose_headers=CORS_RESPONSE_HEADERS,
            ),
            Middleware(Doorkeeper, hosts=settings.allowed_hosts),
        ],
    )
    errors.install(app)
    app.include_router(chat.router)
    app.include_router(public.router)
    app.include_router(dossiers.router)
    app.include_router(desk.router)
    app.include_router(completions.router)
    app.include_router(metrics.router)
    app.include_router(agents.router)
    pages.install(app)
    return app


class _Server(uvicorn.Server):
    """Tells the operator when it is ready, and lets streams end at once when it stops."""

    def __init__(self, config: uvicorn.Config, services: Services) -> None:
        super().__init__(config)
        self._services = services

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            host = f"[{self.config.host}]" if ":" in self.config.host else self.config.host
            sys.stdout.write(f"Minxing 已就绪：http://{host}:{self.config.port}\n")
            sys.stdout.flush()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._services.closing.set()
        await super().shutdown(sockets)


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # With the protocol named, asyncio switches Nagle's algorithm off, or small answers wait 40 ms for an ACK.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host.strip("[]"), settings.port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise ServeError(_why(error, settings)) from None
    return listener


def _why(error: OSError, settings: Settings) -> str:
    where = f"{settings.host}:{settings.port}"
    if error.errno == errno.EADDRINUSE:
        return f"{where} is in use by another program; stop it, or set MINXING_PORT to a free port."
    if error.errno == errno.EACCES:
        return f"This user may not listen on {where}; set MINXING_PORT to a port above 1023."
    return f"Minxing cannot listen on {where}: {error.strerror}; set MINXING_HOST and MINXING_PORT."


def _check_data_dir(settings: Settings) -> None:
    probe = settings.data_dir / ".write-check"
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise ServeError(
            f"The folder {settings.data_dir} cannot be written ({error.strerror}); "
            "give this user write permission, or set MINXING_DATA_DIR to another folder."
        ) from None


async def _run(settings: Settings, listener: socket.socket) -> None:
    async with contextlib.AsyncExitStack() as stack:
        try:
            services = await stack.enter_async_context(_opening()(settings, now))
            app = create_app(settings, lambda *_: contextlib.nullcontext(services))
        except Exception as error:
            raise ServeError(f"Minxing cannot start ({type(error).__name__}): {error}") from error
        gc.freeze()  # what is loaded for good is not looked through again
        gc.enable()
        config = uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            access_log=False,  # PR-9: it would hold addresses of people
            log_config=None,
            timeout_graceful_shutdown=20,
            server_header=False,
        )
        await _Server(config, services).serve([listener])


def serve(settings: Settings) -> None:
    """Serve until stopped.

    Raises:
        ServeError: port in use, no write permission, a room that cannot open; one sentence each.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("minxing").setLevel(logging.INFO)
    try:
        exact_origins(settings)
    except SettingsError as error:
        raise ServeError(str(error)) from None
    _check_data_dir(settings)
    with contextlib.closing(_listen(settings)) as listener:
        uvloop.run(_run(settings, listener))
