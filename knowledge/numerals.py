"""Chinese numerals as laws write them: 第一千零九十三条, (十二), 二十."""

from __future__ import annotations

NUMERAL_CHARS = "〇零一二三四五六七八九十百千"
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def from_chinese(text: str) -> int:
    """The value of a Chinese numeral below ten thousand, or of plain digits.

    Raises:
        ValueError: when `text` is neither.
    """
    if text.isascii() and text.isdigit():
        return int(text)
    if not text or any(char not in NUMERAL_CHARS for char in text):
        raise ValueError(f"{text!r} is not a numeral")
    if not any(char in _UNITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    total, digit = 0, 0
    for char in text:
        if char in _UNITS:
            total += (digit or 1) * _UNITS[char]
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit


def to_chinese(number: int) -> str:
    """The numeral as statutes print it: 12 → 十二, 110 → 一百一十, 1093 → 一千零九十三.

    Raises:
        ValueError: outside 1..9999.
    """
    if not 1 <= number <= 9999:
        raise ValueError(f"{number} is outside 1..9999")
    out, pending_zero = "", False
    for unit, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            out += "零" if pending_zero and out else ""
            out += "零一二三四五六七八九"[digit] + sign
            pending_zero = False
        else:
            pending_zero = True
    return out[1:] if out.startswith("一十") else out
