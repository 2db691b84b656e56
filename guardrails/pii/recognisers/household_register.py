"""户口簿: the number has no fixed form, so it is known by the words before it."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.pii.cues import cue, numbered
from guardrails.pii.found import LIKELY, Found
from guardrails.pii.kinds import EntityType
from guardrails.pii.reading import Reading

_CUE = cue("户口簿|户口本|户口薄|户号|户籍号|户口号|户口页|户主页|户籍编号")


def find(reading: Reading) -> Iterator[Found]:
    """Numbers of a household register."""
    for start, end, _ in numbered(reading, _CUE, 6, 16):
        yield Found(EntityType.HOUSEHOLD_REGISTER, start, end, LIKELY)
