"""What a key may open."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    """One door each; a key has at least one."""

    CHAT = "chat"
    """`POST /v1/chat/completions` and `GET /v1/models`."""
    METRICS = "metrics"
    """`GET /api/metrics`: counters, never what anybody wrote."""
