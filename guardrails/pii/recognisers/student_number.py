"""学籍号: G, L or J and a resident ID or another 18 places; 学号 as schools give it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.pii.cues import cue, numbered
from guardrails.pii.found import CERTAIN, LIKELY, Found
from guardrails.pii.kinds import EntityType
from guardrails.pii.reading import Reading

_NATIONAL = re.compile(r"(?<![A-Za-z0-9])[GLJglj]\s?\d{17}[0-9Xx](?![A-Za-z0-9])")
_SPACED = re.compile(r"(?<![A-Za-z0-9])[GLJglj]\s?\d{6}[ \-]?\d{8}[ \-]?\d{3}[0-9Xx](?![A-Za-z0-9])")
_CUE = cue("学籍号|学籍|学号|考号|准考证|学生证|籍号")


def find(reading: Reading) -> Iterator[Found]:
    """National numbers by form, others by the words before them."""
    for pattern in (_NATIONAL, _SPACED):
        for match in pattern.finditer(reading.text):
            yield Found(EntityType.STUDENT_NUMBER, *match.span(), CERTAIN)
    for start, end, _ in numbered(reading, _CUE, 6, 20):
        last = reading.text[end : end + 1]
        yield Found(EntityType.STUDENT_NUMBER, start, end + (last in ("X", "x")), LIKELY)
