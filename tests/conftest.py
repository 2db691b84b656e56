"""What all tests share: a real server on a free port, a browser, and the rule for missing parts."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import threading
import time
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from settings import Settings, load_settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from server import Opening

T = TypeVar("T")
CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def missing(what: str) -> NoReturn:
    """Skip with the reason; fail where CI=true, so that nothing goes untested unseen."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing, and CI must test everything.")
    pytest.skip(f"{what} is missing")


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Running:
    """A server that answers over real HTTP."""

    url: str
    settings: Settings
    app: FastAPI
    loop: asyncio.AbstractEventLoop
    """The server's own."""

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Let the server's loop do something, such as looking into its store."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    def client(self, **headers: str) -> httpx.Client:
        """A client of its own; `trust_env` off, so that no proxy stands between."""
        return httpx.Client(base_url=self.url, headers=headers, timeout=20, trust_env=False)


@contextlib.contextmanager
def running(settings: Settings, opening: Opening | None = None) -> Iterator[Running]:
    """Serve Minxing from a thread until the block ends; `opening` opens other rooms."""
    from server import create_app  # here, so that tests of the rooms below need nothing of the door

    app = create_app(settings, opening)
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=5,  # a test may have left a connection open
    )
    server = uvicorn.Server(config)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=lambda: loop.run_until_complete(server.serve()), daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError("the server did not start; see its log above")
        time.sleep(0.02)
    try:
        yield Running(f"http://127.0.0.1:{settings.port}", settings, app, loop)
    finally:
        services = getattr(app.state, "services", None)
        if services is not None:
            loop.call_soon_threadsafe(services.closing.set)
        server.should_exit = True
        thread.join(timeout=60)
        loop.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with an empty data folder and a free port, whatever the environment says."""
    return test_settings(tmp_path)


def test_settings(folder: Path, **changes: object) -> Settings:
    """Settings for tests: nothing from `.env`, no model server."""
    values: dict[str, object] = {
        "data_dir": folder,
        "port": free_port(),
        "llm_base_url": "",
        "_env_file": None,
    }
    return load_settings(**{**values, **changes})


test_settings.__test__ = False  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def minxing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The whole of Minxing with all its rooms, opened once. Conversations do not share anything."""
    settings = test_settings(
        tmp_path_factory.mktemp("minxing"),
        evaluation=True,
        messages_per_minute=10_000,
        messages_per_minute_per_address=100_000,
        conversations_per_hour_per_address=100_000,
    )
    with running(settings) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright (`make test` installs it)")
    if not CHROMIUM.exists():
        missing("Chromium (`apt-get install chromium fonts-wqy-microhei`)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=CHROMIUM_ARGS)
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a cheap phone, 360 pixels wide; an error in its scripts fails the test."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
    opened = context.new_page()
    broken: list[str] = []
    opened.on("pageerror", lambda error: broken.append(str(error)))
    yield opened
    context.close()
    assert not broken, f"errors in the page: {broken}"
