"""固定电话: area code and 7 or 8 places, or those alone behind a word such as 座机; with an extension."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.pii.cues import cue, cued, followed_by_letter, is_date, is_quantity, lettered
from guardrails.pii.digits import Number
from guardrails.pii.found import LIKELY, POSSIBLE, Found
from guardrails.pii.kinds import EntityType
from guardrails.pii.reading import Reading
from guardrails.pii.word_lists import word_lists

_AREA = re.compile(r"0(?:10|2\d)[2-8]\d{7}|0[3-9]\d{2}[2-8]\d{6,7}")
_COUNTRY = re.compile(r"(?:00)?86(10|2\d|[3-9]\d{2})[2-8]\d{6,7}")
_LOCAL = re.compile(r"[2-8]\d{6,7}")
_CUE = cue("电话|座机|固话|宅电|家电|传真|打|拨|联系方式|号码|tel", gap=r"[^0-9。！？；;]{0,6}")
_OF_A_CASE = cue("编号|流水号?|单号|文号|工单|案号|批次|排号|页|版本|第|代码|信用码")
_EXTENSION = re.compile(r"\s?(?:转|分机|ext\.?|-|#)\s?\d{1,5}(?!\d)", re.IGNORECASE)


def _numbering(reading: Reading, number: Number) -> bool:
    """Whether it is a date, or the words before call it the number of a case, a file or a queue."""
    return is_date(number) or cued(reading, number, _OF_A_CASE) or lettered(reading, number)[1] != ""


def find(reading: Reading) -> Iterator[Found]:
    """Landlines of households; numbers of public lines stay."""
    public = word_lists().public_numbers
    for number in reading.numbers(7, 14):
        digits, start = number.digits, number.start
        if digits in public or followed_by_letter(reading, number) or is_quantity(reading, number):
            continue
        if _AREA.fullmatch(digits) or (_COUNTRY.fullmatch(digits) and reading.before(start, 1) in ("+", "0")):
            score = LIKELY
        elif _LOCAL.fullmatch(digits) and cued(reading, number, _CUE):
            score = POSSIBLE
        elif _LOCAL.fullmatch(digits) and number.shape in ((8,), (4, 4)) and not _numbering(reading, number):
            score = POSSIBLE  # Eight figures that nothing explains: more often a telephone than not.
        else:
            continue
        while start and reading.text[start - 1] in "+(":
            start -= 1
        extension = _EXTENSION.match(reading.text, number.end)
        yield Found(EntityType.CN_LANDLINE, start, extension.end() if extension else number.end, score)
