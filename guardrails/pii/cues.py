"""Numbers that are only personal because of the words before them, such as `户号 330106123`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.pii.digits import Number
from guardrails.pii.reading import Reading

_CUE_REACH = 24
_LETTERS = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]{1,2})[ \-]?$")
_MONEY = re.compile(r"\s*(?:元|块|万|亿|多元|余元|人|名|户|个|件|%|％)")


_GAP = r"(?:[^0-9。！？，,；;]{0,10}|[，,]\s?(?:号码|编号|号)[^0-9。！？，,；;]{0,4})"


def cue(words: str, gap: str = _GAP) -> re.Pattern[str]:
    """A pattern that holds when one of the words stands before, with at most a few characters between."""
    return re.compile(rf"(?:{words}){gap}$", re.IGNORECASE)


def cued(reading: Reading, number: Number, pattern: re.Pattern[str]) -> bool:
    """Whether the words before a number make it what the pattern names."""
    return pattern.search(reading.before(number.start, _CUE_REACH)) is not None


def lettered(reading: Reading, number: Number) -> tuple[int, str]:
    """Start and text of one or two Latin letters in front of a number, or the number's own start and ``."""
    match = _LETTERS.search(reading.before(number.start, 4))
    if match is None:
        return number.start, ""
    width = len(reading.before(number.start, 4)) - match.start()
    return number.start - width, match.group(1).upper()


def followed_by_letter(reading: Reading, number: Number) -> bool:
    """Whether a Latin letter touches the end of a number, so that it is part of some longer code."""
    after = reading.after(number.end, 1)
    return after.isascii() and after.isalpha()


def is_quantity(reading: Reading, number: Number) -> bool:
    """Whether a unit after the number says that it counts money or people."""
    return _MONEY.match(reading.after(number.end, 4)) is not None


def is_date(number: Number) -> bool:
    """Whether a number reads as a calendar date such as 2015-11-26, or as a stretch of years."""
    digits = number.digits
    if number.shape == (4, 4) and digits[:2] in ("19", "20") and digits[4:6] in ("19", "20"):
        return True  # 2011—2020
    if len(digits) != 8 or number.shape not in ((8,), (4, 2, 2)) or digits[:2] not in ("19", "20"):
        return False
    return 1 <= int(digits[4:6]) <= 12 and 1 <= int(digits[6:]) <= 31


def numbered(
    reading: Reading, pattern: re.Pattern[str], shortest: int, longest: int
) -> Iterator[tuple[int, int, str]]:
    """Start, end and value of numbers that stand behind a cue, with the letters in front of them."""
    for number in reading.numbers(shortest, longest):
        if is_quantity(reading, number) or is_date(number):
            continue
        start, letters = lettered(reading, number)
        # The letters may be the number's (A12345678) or the cue itself (QQ345678).
        for at, prefix in ((start, letters), (number.start, "")):
            if pattern.search(reading.before(at, _CUE_REACH)):
                yield at, number.end, prefix + number.digits
                break
