"""护照: E and eight places (or a letter and seven), G, D, S, P; seven places after 14 or 15 on old ones."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.pii.cues import cue, followed_by_letter, lettered
from guardrails.pii.found import LIKELY, POSSIBLE, Found
from guardrails.pii.kinds import EntityType
from guardrails.pii.reading import Reading

_NUMBER = re.compile(r"(?:[EGDSP]\d{8}|E[A-HJ-NP-Z]\d{7}|(?:SE|DE|PE)\d{7}|1[45]\d{7})")
_ANY = re.compile(r"[A-Z]{0,2}\d{7,9}")
_CUE = cue("护照")


def find(reading: Reading) -> Iterator[Found]:
    """Passport numbers by their letter, or any number of that size behind the word 护照."""
    for number in reading.numbers(7, 9):
        if followed_by_letter(reading, number):
            continue
        start, letters = lettered(reading, number)
        value = letters + number.digits
        named = _CUE.search(reading.before(start, 20)) is not None
        if named and _ANY.fullmatch(value):
            yield Found(EntityType.PASSPORT, start, number.end, LIKELY)
        elif (
            letters
            and len(number.shape) <= 2
            and "-" not in reading.text[start : number.end]
            and _NUMBER.fullmatch(value)
        ):
            yield Found(EntityType.PASSPORT, start, number.end, POSSIBLE)
