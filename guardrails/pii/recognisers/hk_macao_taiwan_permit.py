"""港澳台证件: 回乡证 H/M, 港澳通行证 C/W, 大陆居民往来台湾通行证 L/T, 台胞证, 港澳身份证."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.pii.cues import cue, followed_by_letter, is_date, lettered
from guardrails.pii.found import LIKELY, POSSIBLE, Found
from guardrails.pii.kinds import EntityType
from guardrails.pii.reading import Reading

_PERMIT = re.compile(r"[HM](?:\d{8}|\d{10})|[CW]\d{8}|C[A-HJ-NP-Z]\d{7}")
_CUE = cue("通行证|回乡证|台胞证|港澳证|港澳居民|台湾居民|入台证|居住证号?码?")
_CARD = re.compile(r"(?<![A-Za-z0-9])(?:[A-Z]{1,2}\d{6}|[157]/?\d{6})\s?\([0-9A]\)", re.IGNORECASE)


def find(reading: Reading) -> Iterator[Found]:
    """Permits by letter and length, by the words before them, or in the printed form of a Hong Kong card."""
    for number in reading.numbers(7, 11):
        if followed_by_letter(reading, number) or is_date(number):
            continue
        start, letters = lettered(reading, number)
        value = letters + number.digits
        if _CUE.search(reading.before(start, 22)) and (letters or len(number.digits) in (8, 10)):
            yield Found(EntityType.HK_MACAO_TAIWAN_PERMIT, start, number.end, LIKELY)
        elif letters and number.separators.strip() == "" and _PERMIT.fullmatch(value):
            yield Found(EntityType.HK_MACAO_TAIWAN_PERMIT, start, number.end, POSSIBLE)
    for match in _CARD.finditer(reading.text):
        yield Found(EntityType.HK_MACAO_TAIWAN_PERMIT, *match.span(), LIKELY)
