"""Figures of a sentence in one form: 二十个工作日 = 20个工作日, 半年 = 6个月, 三分之一, 1万元 = 10000元."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from guardrails.output.numerals import NUMERAL, value_of


class Bound(StrEnum):
    """Which side of the figure is meant."""

    NONE = "none"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, in the unit's smallest common form."""

    unit: str
    value: Fraction
    bound: Bound
    start: int
    end: int
    text: str


_UNITS: dict[str, tuple[str, Fraction]] = {
    "工作日": ("workday", Fraction(1)),
    "分钟": ("hour", Fraction(1, 60)),
    "小时": ("hour", Fraction(1)),
    "自然日": ("hour", Fraction(24)),
    "日": ("hour", Fraction(24)),
    "天": ("hour", Fraction(24)),
    "星期": ("hour", Fraction(168)),
    "周岁": ("age", Fraction(1)),
    "周": ("hour", Fraction(168)),
    "岁": ("age", Fraction(1)),
    "月": ("month", Fraction(1)),
    "学年": ("school_year", Fraction(1)),
    "学期": ("term", Fraction(1)),
    "年级": ("grade", Fraction(1)),
    "年": ("month", Fraction(12)),
    "元": ("yuan", Fraction(1)),
    "块": ("yuan", Fraction(1)),
    "%": ("ratio", Fraction(1, 100)),
    "成": ("ratio", Fraction(1, 10)),
    "倍": ("times", Fraction(1)),
    "级": ("level", Fraction(1)),
    "名": ("people", Fraction(1)),
    "人": ("people", Fraction(1)),
    "位": ("people", Fraction(1)),
    "次": ("occasion", Fraction(1)),
    "份": ("copy", Fraction(1)),
    "张": ("copy", Fraction(1)),
    "项": ("item", Fraction(1)),
}
_LOOSE_UNITS = frozenset({"people", "occasion", "copy", "item", "grade"})
"""A written 一 in front of these is grammar and no figure: 一名, 一份, 一次."""

_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_NOT_UNIT = r"(?!性)(?<!年(?=级|代|度|轻|龄|限|终|初|底|长|幼|老))"
_HALF_UNIT = {
    "年": Fraction(6),
    "个月": Fraction(1, 2),
    "月": Fraction(1, 2),
    "天": Fraction(12),
    "小时": Fraction(1, 2),
}
_HALF_KIND = {"年": "month", "个月": "month", "月": "month", "天": "hour", "小时": "hour"}

_FRACTION = re.compile(rf"({NUMERAL})分之({NUMERAL})")
_PER_HUNDRED = re.compile(rf"百分之({NUMERAL})")
_HALF = re.compile(r"半\s?(年|个月|月|天|小时)")
_A_HALF = re.compile(r"一半|半数|半价|减半")
_EVERY = re.compile(
    r"每个?(月|年|天|日|周|学年|学期)|(年)[度均]|按(月|年|学年|学期)(?!数)|(?<![一-鿿])(月|年)领"
)
_COUNTED = re.compile(
    rf"(?<![第几数0-9.])({NUMERAL})(?:\s?(?:至|到|—|–|-|~|、|或者?|和)\s?({NUMERAL}))?(?:\s?(?:至|到|、|或者?|和)\s?({NUMERAL}))?"
    rf"(多|余|来)?\s?(?:个|位)?\s?(半)?\s?({_UNIT}){_NOT_UNIT}(半)?"
)
_FAR = r"[^，,。；;、0-9]{0,6}$"
_FAR_LEAST = re.compile(rf"(?:不低于|不少于|至少|最少|最短|最低|起码|(?<!不)(?:超过|高于|大于|多于)){_FAR}")
_FAR_MOST = re.compile(
    rf"(?:不超过|不高于|不多于|最多|至多|最高|最长|不足|不到|(?<!不)(?:低于|少于|小于)){_FAR}"
)
_RANGE = re.compile(
    rf"(?<![第几数0-9.])({NUMERAL})(?:{_UNIT})?\s?(?:至|到|—|–|-|~)\s?({NUMERAL})\s?(?:个)?({_UNIT})"
)
_BEFORE_LEAST = re.compile(
    r"(?:不低于|不少于|不小于|至少|最少|最短|最低|起码|(?<!不)(?:超过|高于|大于|多于)|年满|已满|(?<![不未没])满|达到|达)\s?$"
)
_BEFORE_MOST = re.compile(
    r"(?:不超过|不高于|不多于|不大于|最多|至多|最高|最长|最晚|最迟|不足|不满|未满|没满|没到|未到|不到|(?<!不)(?:低于|少于|小于))\s?$"
)
_AFTER_LEAST = re.compile(r"\s?(?:\([^)]{0,6}\))?\s?(?:及|或)?(?:以上|之上|起|或更多|或更久)")
_AFTER_MOST = re.compile(r"\s?(?:\([^)]{0,6}\))?\s?(?:及|或)?(?:以下|之下|以内|之内|内|封顶|为限|为上限)")
_AFTER_LATER = re.compile(r"\s?(?:以后|之后|后)")


@lru_cache(maxsize=1_024)
def quantities(text: str, *, loose: bool = False) -> tuple[Quantity, ...]:
    """All figures with a unit. Kept: a clause is looked through for every sentence that rests on it.

    Args:
        text: half-width text without dates, document numbers and clause labels.
        loose: whether a written 一 or 两 counts in front of 名, 份, 次 as well: in evidence it does.
    """
    found: list[Quantity] = []
    taken = [False] * (len(text) + 1)

    def add(unit: str, value: Fraction, start: int, end: int) -> None:
        found.append(Quantity(unit, value, _bound(text, start, end), start, end, text[start:end]))
        taken[start:end] = [True] * (end - start)

    for match in _PER_HUNDRED.finditer(text):
        add("ratio", value_of(match.group(1)) / 100, *match.span())
    for match in _FRACTION.finditer(text):
        if not taken[match.start()] and value_of(match.group(1)):
            add("ratio", value_of(match.group(2)) / value_of(match.group(1)), *match.span())
    for match in _COUNTED.finditer(text):
        if not any(taken[match.start() : match.end()]):
            for unit, value in _counted(match, loose):
                add(unit, value, *match.span())
    for match in _HALF.finditer(text):
        if not any(taken[match.start() : match.end()]):
            add(_HALF_KIND[match.group(1)], _HALF_UNIT[match.group(1)], *match.span())
    for match in _A_HALF.finditer(text):
        add("ratio", Fraction(1, 2), *match.span())
    for name, size, match in _rhythms(text, loose):
        add(name, size, *match.span())
    return tuple(found)


def _rhythms(text: str, loose: bool) -> Iterator[tuple[str, Fraction, re.Match[str]]]:
    """每周, 按月 …; 每周两次 in evidence may be said as 一周两次."""
    for match in _EVERY.finditer(text):
        unit, size = _UNITS[next(group for group in match.groups() if group)]
        yield f"every_{unit}" if unit == "hour" else unit, size, match
        if loose and unit == "hour":
            yield unit, size, match


def ranges(text: str) -> frozenset[tuple[str, Fraction, Fraction]]:
    """Stretches such as 0至6周岁 or 一级到三级, as (unit, from, to)."""
    return frozenset(
        (_UNITS[match.group(3)][0], value_of(match.group(1)), value_of(match.group(2)))
        for match in _RANGE.finditer(text)
    )


def _counted(match: re.Match[str], loose: bool) -> list[tuple[str, Fraction]]:
    first, second, third, _, middle_half, name, end_half = match.groups()
    unit, size = _UNITS[name]
    if not loose and unit in _LOOSE_UNITS and first in ("一", "两") and not second:
        return []
    half = Fraction(1, 2) if middle_half or (end_half and name in ("年", "天", "小时")) else Fraction(0)
    return [(unit, (value_of(number) + half) * size) for number in (first, second, third) if number]


def _bound(text: str, start: int, end: int) -> Bound:
    before, after = text[max(0, start - 4) : start], text[end : end + 10]
    if _BEFORE_MOST.search(before) or _AFTER_MOST.match(after):
        return Bound.AT_MOST
    if _AFTER_LATER.match(after):
        return Bound.AFTER
    if _BEFORE_LEAST.search(before) or _AFTER_LEAST.match(after):
        return Bound.AT_LEAST
    far = text[max(0, start - 10) : start]
    if _FAR_MOST.search(far):
        return Bound.AT_MOST
    return Bound.AT_LEAST if _FAR_LEAST.search(far) else Bound.NONE
