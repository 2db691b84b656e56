"""出生医学证明: a letter and nine places."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.pii.cues import cue, followed_by_letter, lettered, numbered
from guardrails.pii.found import LIKELY, POSSIBLE, Found
from guardrails.pii.kinds import EntityType
from guardrails.pii.reading import Reading

_CUE = cue("出生医学证明|出生证明|出生证|出生医学")


def find(reading: Reading) -> Iterator[Found]:
    """Birth certificates by form, or a number behind the word 出生证."""
    for start, end, _ in numbered(reading, _CUE, 8, 10):
        yield Found(EntityType.BIRTH_CERTIFICATE, start, end, LIKELY)
    for number in reading.numbers(9, 9):
        start, letters = lettered(reading, number)
        if len(letters) == 1 and len(number.shape) <= 3 and not followed_by_letter(reading, number):
            yield Found(EntityType.BIRTH_CERTIFICATE, start, number.end, POSSIBLE)
