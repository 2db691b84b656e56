"""Measure calls, and say it in a row."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Row:
    """One measured line of the bench table."""

    part: str
    what: str
    value: str
    figure: str = ""
    """The figure to hold, from docs; empty for a peer."""
    holds: bool | None = None


@dataclass(frozen=True, slots=True)
class Times:
    """Durations of single calls, in milliseconds."""

    all_ms: tuple[float, ...]

    @property
    def p50(self) -> float:
        """Median, milliseconds."""
        return float(np.percentile(self.all_ms, 50))

    @property
    def p95(self) -> float:
        """95th percentile, milliseconds."""
        return float(np.percentile(self.all_ms, 95))


def time_calls(function: Callable[[str], object], inputs: Iterable[str], *, warm: int = 3) -> Times:
    """Time one call per input, after a few calls that do not count."""
    given = list(inputs)
    for item in given[:warm]:
        function(item)
    taken = []
    for item in given:
        started = time.perf_counter()
        function(item)
        taken.append((time.perf_counter() - started) * 1000)
    return Times(tuple(taken))


def resident_megabytes() -> float:
    """Peak resident memory of this process, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
