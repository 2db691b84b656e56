"""Parts of a sentence between any marks."""

from __future__ import annotations

import re

_CLAUSE = re.compile(r"[^，,。；;：:！!？?\n]+")


def clauses(text: str) -> list[str]:
    """The parts, in order, without their marks."""
    return [match.group() for match in _CLAUSE.finditer(text)]
