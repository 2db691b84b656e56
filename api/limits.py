"""How much one conversation or one address may do (SE-8). Counts live in memory only."""

from __future__ import annotations

import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable

KEYS_MAX = 50_000
"""Bounds memory under a flood of addresses: the idle ones are forgotten first."""


class SlidingWindow:
    """At most `limit` events per `seconds` for each key."""

    def __init__(self, limit: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._seconds = seconds
        self._clock = clock
        self._events: dict[str, deque[float]] = {}

    def wait(self, key: str) -> int:
        """Whole seconds until the next event fits; 0 where it fits now."""
        events = self._fresh(key)
        if len(events) < self._limit:
            return 0
        return max(1, math.ceil(events[0] + self._seconds - self._clock()))

    def count(self, key: str) -> None:
        """Note one event. A refused one is not counted, so waiting always helps."""
        events = self._fresh(key)
        if len(events) < self._limit:
            events.append(self._clock())
        self._events[key] = events
        if len(self._events) > KEYS_MAX:
            self._forget_idle()

    def _fresh(self, key: str) -> deque[float]:
        events = self._events.get(key) or deque()
        oldest = self._clock() - self._seconds
        while events and events[0] <= oldest:
            events.popleft()
        return events

    def _forget_idle(self) -> None:
        oldest = self._clock() - self._seconds
        self._events = {key: events for key, events in self._events.items() if events and events[-1] > oldest}


class Recent:
    """The keys of late, oldest forgotten first."""

    def __init__(self, limit: int = 10_000) -> None:
        self._limit = limit
        self._keys: OrderedDict[tuple[str, str], None] = OrderedDict()

    def __contains__(self, key: tuple[str, str]) -> bool:
        return key in self._keys

    def add(self, key: tuple[str, str]) -> None:
        """Remember a key that was let in."""
        self._keys[key] = None
        if len(self._keys) > self._limit:
            self._keys.popitem(last=False)


class Gauge:
    """At most `limit` open things for each key, such as streams of one conversation."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._open: dict[str, int] = {}

    def enter(self, key: str) -> bool:
        """Take a place; False where none is left."""
        if self._open.get(key, 0) >= self._limit:
            return False
        self._open[key] = self._open.get(key, 0) + 1
        return True

    def leave(self, key: str) -> None:
        """Give the place back."""
        left = self._open.get(key, 1) - 1
        if left > 0:
            self._open[key] = left
        else:
            self._open.pop(key, None)
