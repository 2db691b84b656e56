"""The community page and a foreign host page, both over real HTTP, with the scripted agent behind them."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.api.scripted import scripted_rooms
from tests.browser.widget import Widget
from tests.conftest import Running, free_port, running, test_settings

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture(scope="session")
def host_page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Another site: its origin, and the folder it serves."""
    folder = tmp_path_factory.mktemp("host")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", free_port()), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", folder
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, host_page: tuple[str, Path]) -> Iterator[Running]:
    """Minxing's door with the host page among its allowed origins."""
    settings = test_settings(
        tmp_path_factory.mktemp("site"),
        allowed_origins=(host_page[0],),
        messages_per_minute=10_000,
        messages_per_minute_per_address=100_000,
        conversations_per_hour_per_address=100_000,
    )
    with running(settings, scripted_rooms) as server:
        yield server


@pytest.fixture
def widget(page: Page, site: Running) -> Widget:
    """The window of the talk, open."""
    return Widget(page, site.url).open()
