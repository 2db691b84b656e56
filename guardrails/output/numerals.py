"""Numbers in a sentence, Chinese or Arabic, as exact fractions."""

from __future__ import annotations

import re
from fractions import Fraction

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1_000}
_GREAT = {"万": 10_000, "亿": 100_000_000}

NUMERAL = (
    r"(?:[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?[百千]?[万亿]?"
    r"|[零〇一二两三四五六七八九十百千万亿]+(?:点[零〇一二三四五六七八九]+)?)"
)
"""Regular expression of a number. Text must be in half-width form."""

_ARABIC = re.compile(r"([0-9]+(?:\.[0-9]+)?)([百千]?)([万亿]?)")


def value_of(numeral: str) -> Fraction:
    """The value of a numeral that `NUMERAL` matched.

    Examples:
        >>> [int(value_of(text)) for text in ("二十", "1.5万", "10,000", "一百零五", "二〇二六")]
        [20, 15000, 10000, 105, 2026]

    Raises:
        ValueError: for anything else.
    """
    arabic = _ARABIC.fullmatch(numeral.replace(",", ""))
    if arabic:
        value, small, great = arabic.groups()
        return Fraction(value) * _UNITS.get(small, 1) * _GREAT.get(great, 1)
    whole, point, decimals = numeral.partition("点")
    total = Fraction(_chinese(whole))
    if point:
        total += Fraction(int("".join(str(_DIGITS[c]) for c in decimals)), 10 ** len(decimals))
    return total


def _chinese(text: str) -> int:
    if text and all(character in _DIGITS for character in text):
        return int("".join(str(_DIGITS[character]) for character in text))
    total = section = digit = 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _UNITS:
            section += (digit or 1) * _UNITS[character]
            digit = 0
        elif character in _GREAT:
            total += (section + digit or 1) * _GREAT[character]
            section = digit = 0
        else:
            raise ValueError("not a numeral")
    return total + section + digit
