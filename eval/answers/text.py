"""One spelling for words and numbers, so that a check does not depend on how an answer writes them."""

from __future__ import annotations

import re
import unicodedata

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_NUMERAL = "[〇零一二两三四五六七八九十百千万]+"
_UNITS = "个工作日|工作日|个月|个|周岁|岁|年级|年|天|日|元|块|倍|级|小时|分钟|次|成|折|笔|种|项|条|人|份|周"
_BEFORE_UNIT = re.compile(f"(?<![0-9]){_NUMERAL}(?={_UNITS})")
_FIGURE = re.compile(
    r"\d+(?:\.\d+)?(?:万)?(?:个工作日|工作日|个月|周岁|岁|年(?!\d)|天|日|元|块|倍|级|小时|分钟|成|折)|\d+(?:\.\d+)?%"
)
_DATE = re.compile(r"\d{4}年(?:\d{1,2}月)?(?:\d{1,2}日)?")


def number_of(numeral: str) -> int:
    """The value of a Chinese numeral: 一百二十 is 120; 二四, read digit by digit, is 24."""
    if all(c in _DIGITS for c in numeral):
        return int("".join(str(_DIGITS[c]) for c in numeral))
    whole, part, digit = 0, 0, 0
    for c in numeral:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c == "万":
            whole, part, digit = (part + digit or 1) * 10_000, 0, 0
        else:
            part, digit = part + (digit or 1) * _TENS[c], 0
    return whole + part + digit


def normal(text: str) -> str:
    """NFKC without blanks; numerals before a unit as digits, 10,000 as 10000, 1万元 as 10000元."""
    flat = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    flat = re.sub(r"(?<=\d),(?=\d{3})", "", flat)
    flat = re.sub(r"(?<![\d.])(\d+)万(?=元|块)", r"\g<1>0000", flat)
    return _BEFORE_UNIT.sub(lambda found: str(number_of(found.group())), flat)


def figures(text: str) -> tuple[str, ...]:
    """Amounts, durations, ages, grades and shares in a text; dates of documents are none."""
    return tuple(_FIGURE.findall(_DATE.sub("", normal(text))))
