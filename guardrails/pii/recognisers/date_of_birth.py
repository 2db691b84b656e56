"""出生日期: a date that the words around it call a birth. Other dates are policy or daily life and stay."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.pii.found import LIKELY, Found
from guardrails.pii.kinds import EntityType
from guardrails.pii.reading import Reading

_C = "[零〇○一二三四五六七八九十廿初]"
_YEAR = r"(?:(?:19|20)\d{2}|[0-9]{2}|[一二零〇○九八七][零〇○一二三四五六七八九]{1,3})"
_MONTH = rf"(?:1[0-2]|0?[1-9]|{_C}{{1,2}}|正|腊|冬)"
_DAY = rf"(?:[0-3]?\d|{_C}{{1,3}})"
_DATE = re.compile(
    rf"(?<![0-9])(?:(?:公历|阳历|农历|阴历|新历|旧历)\s?)?"
    rf"(?:{_YEAR}\s?(?:年|[./\-])\s?(?:(?:农历|阴历|阳历)\s?)?{_MONTH}\s?(?:月份?|[./\-])\s?(?:{_DAY}\s?[日号]?)?"
    rf"|(?:19|20)\d{{2}}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])"
    rf"|{_MONTH}\s?月\s?{_DAY}\s?[日号]?)(?![0-9])"
)
_BORN_BEFORE = re.compile(
    r"(?:出生日期|出生年月日?|出生时间|出生日子|生日|出生|生于|生辰|DOB|birthday|出世)[^0-9。；;\n]{0,8}$",
    re.IGNORECASE,
)
_BORN_AFTER = re.compile(
    r"\s?(?:[（(][^）)]{0,6}[）)])?\s?(?:那天|凌晨|早上|晚上|下午|上午)?(?:在[^，。]{1,8})?(?:出生|的生日|生日|生人|生的|出世|降生|落地|生(?![效活产病育源态成命存意气])(?=[，。,；;、！\s）)]|$))"
)
_BOUNDARY = re.compile(
    r"\s?(?:[（(]含[^）)]{0,4}[）)])?\s?(?:及?以后|之后|及?以前|之前|起|后|前|至|到(?!\d岁))"
)


def find(reading: Reading) -> Iterator[Found]:
    """Birth dates. A date with 以后, 以前, 起 behind it bounds a rule and is nobody's birthday."""
    for match in _DATE.finditer(reading.text):
        after = reading.after(match.end(), 20)
        if _BOUNDARY.match(after):
            continue
        if _BORN_AFTER.match(after) or _BORN_BEFORE.search(reading.before(match.start(), 16)):
            yield Found(EntityType.DATE_OF_BIRTH, match.start(), match.end(), LIKELY)
