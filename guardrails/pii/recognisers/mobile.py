"""手机号码: 11 places from 13 to 19, with or without +86."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.pii.cues import cue, cued, followed_by_letter, is_quantity
from guardrails.pii.found import LIKELY, POSSIBLE, Found
from guardrails.pii.kinds import EntityType
from guardrails.pii.reading import Reading

_NUMBER = re.compile(r"1[3-9]\d{9}")
_COUNTRY = re.compile(r"(?:0086|086|86)(1[3-9]\d{9})")
_CUE = cue(
    "电话|手机|号码|联系我|联系方式|打给我|打我|加我|微信|tel|phone|mobile", gap=r"[^0-9。！？；;]{0,8}"
)


def find(reading: Reading) -> Iterator[Found]:
    """Mobile numbers; behind a word such as 电话 also those with a digit too few or too many."""
    for number in reading.numbers(10, 15):
        if is_quantity(reading, number) or followed_by_letter(reading, number):
            continue
        start, digits = number.start, number.digits
        if _NUMBER.fullmatch(digits) or _COUNTRY.fullmatch(digits):
            score = LIKELY
        elif (
            len(digits) in (10, 12)
            and digits.startswith(("13", "15", "17", "18"))
            and cued(reading, number, _CUE)
        ):
            score = POSSIBLE
        else:
            continue
        while start and reading.text[start - 1] in "+(":
            start -= 1
        yield Found(EntityType.CN_MOBILE, start, number.end, score)
