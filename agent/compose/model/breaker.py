"""A circuit breaker: after five failures in thirty seconds the model is left alone for thirty (R-44)."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

FAILURES = 5
WINDOW_SECONDS = 30.0
OPEN_SECONDS = 30.0


class Breaker:
    """Closed, open, half-open. Belongs to one event loop."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._now = monotonic
        self._failures: deque[float] = deque()
        self._opened_at: float | None = None
        self._probing = False

    @property
    def open(self) -> bool:
        """Whether calls are being held back now."""
        return self._opened_at is not None

    def allows(self) -> bool:
        """Whether a call may be made; in the half-open state one probe at a time."""
        if self._opened_at is None:
            return True
        if self._probing or self._now() - self._opened_at < OPEN_SECONDS:
            return False
        self._probing = True
        return True

    def succeeded(self) -> None:
        """A call gave a usable answer: closed again."""
        self._failures.clear()
        self._opened_at, self._probing = None, False

    def failed(self) -> None:
        """A call failed; a failed probe opens anew."""
        now = self._now()
        self._failures.append(now)
        while self._failures and now - self._failures[0] > WINDOW_SECONDS:
            self._failures.popleft()
        if self._probing or len(self._failures) >= FAILURES:
            self._opened_at, self._probing = now, False

    def abandoned(self) -> None:
        """A call was given up for reasons of ours (a person took over): neither good nor bad."""
        self._probing = False
