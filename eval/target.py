"""A Minxing of our own to talk to: in this process, over real HTTP, on data that outlive a restart."""

from __future__ import annotations

import contextlib
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import uvicorn

from eval.client import TargetError
from settings import Settings, load_settings

START_SECONDS_MAX = 60.0
STOP_SECONDS_MAX = 60.0
GRACE_SECONDS = 5
"""Connections that are still open after this are cut."""


class InProcessTarget:
    """One server at one address. `restart` closes it and opens it again on the same data folder."""

    def __init__(self, settings: Settings) -> None:
        self.address = f"http://127.0.0.1:{settings.port}"
        self._settings = settings
        self._open()

    def _open(self) -> None:
        from server import create_app

        app = create_app(self._settings)
        config = uvicorn.Config(
            app,
            host="127.0.0.1",
            port=self._settings.port,
            log_level="warning",
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name="minxing-eval", daemon=True)
        self._thread.start()
        deadline = time.monotonic() + START_SECONDS_MAX
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                raise TargetError(
                    "Minxing did not start in this process; `minxing doctor` says what is missing."
                )
            time.sleep(0.05)

    def close(self) -> None:
        """Stop serving, as an operator's SIGTERM would."""
        self._server.should_exit = True
        self._thread.join(timeout=STOP_SECONDS_MAX)

    def restart(self) -> None:
        """Close and open again.

        Raises:
            TargetError: it does not stop, or does not come back.
        """
        self.close()
        if self._thread.is_alive():
            raise TargetError(f"Minxing did not stop within {STOP_SECONDS_MAX:.0f} s.")
        self._open()


@contextlib.contextmanager
def in_process_target() -> Iterator[InProcessTarget]:
    """A whole Minxing in this process on a free port, with an empty data folder of its own."""
    with tempfile.TemporaryDirectory(prefix="minxing-eval-") as folder:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        target = InProcessTarget(
            load_settings(
                port=port,
                data_dir=Path(folder),
                evaluation=True,
                detector_seconds=30,  # what is decided is judged here, not how fast a crowded machine is
                messages_per_minute=10_000,
                messages_per_minute_per_address=100_000,
                conversations_per_hour_per_address=100_000,
                llm_base_url="",
            )
        )
        try:
            yield target
        finally:
            target.close()
