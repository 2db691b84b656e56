"""居民身份证: 18 places with a checksum (GB 11643-1999), 15 places on cards before 1999."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from guardrails.pii.cues import cue, cued, followed_by_letter, is_quantity
from guardrails.pii.digits import CHECK_X
from guardrails.pii.found import CERTAIN, LIKELY, POSSIBLE, Found
from guardrails.pii.kinds import EntityType
from guardrails.pii.reading import Reading

_PROVINCES = frozenset(
    str(code)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
    for code in range(first, last + 1)
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_CUE = cue("身份证|身份号|证件号|公民身份|ID号|身分证")
_GAP_BEFORE_X = " -"


def checksum_holds(number: str) -> bool:
    """Whether the last place of an 18-place number fits the first 17.

    Examples:
        >>> checksum_holds("11010519491231002X")
        True
        >>> checksum_holds("110105194912310021")
        False
    """
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return _CHECKS[total % 11] == number[17].upper()


def plausible(number: str) -> bool:
    """Whether province and birth date of a 15- or 18-place number can exist."""
    if number[:2] not in _PROVINCES:
        return False
    year = number[6:10] if len(number) == 18 else "19" + number[6:8]
    month_day = number[10:14] if len(number) == 18 else number[8:12]
    try:
        birth = dt.date(int(year), int(month_day[:2]), int(month_day[2:]))
    except ValueError:
        return False
    return 1900 <= birth.year <= 2100


def find(reading: Reading) -> Iterator[Found]:
    """Resident IDs, with a good, a bad or (behind the word 身份证) a mistyped number."""
    for number in reading.numbers(15, 20):
        length, end = len(number.digits), number.end
        value, end = _with_check_letter(reading, number.digits, end)
        if is_quantity(reading, number) or (value == number.digits and followed_by_letter(reading, number)):
            continue
        named = cued(reading, number, _CUE)
        if len(value) == 18 and plausible(value):
            score = CERTAIN if checksum_holds(value) else (LIKELY if named else POSSIBLE)
        elif len(value) == 15 and plausible(value):
            score = LIKELY if named else POSSIBLE
        elif named and 15 <= length <= 20:
            score = POSSIBLE
        else:
            continue
        yield Found(EntityType.CN_RESIDENT_ID, number.start, end, score)


def _with_check_letter(reading: Reading, digits: str, end: int) -> tuple[str, int]:
    """The number with an X behind it, however the X is written."""
    if len(digits) not in (16, 17, 18):
        return digits, end
    gap = 1 if reading.after(end, 1) in _GAP_BEFORE_X and reading.after(end, 1) else 0
    here = reading.text[end + gap : end + gap + 1]
    beyond = reading.text[end + gap + 1 : end + gap + 2]
    if here in CHECK_X and here and not (beyond.isascii() and beyond.isalnum()):
        return digits + "X", end + gap + 1
    return digits, end
