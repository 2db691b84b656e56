"""Numbers, stretches of time and ages as people write them: 六年半, 快一年, 十二周岁, 三年级."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "四": 4, "五": 5}
_DIGITS |= {"六": 6, "七": 7, "八": 8, "九": 9}
_UNITS = {"十": 10, "百": 100, "千": 1000}
NUMBER = r"(?:\d+(?:\.\d+)?|[零〇一二两俩三四五六七八九十百千]+)"

_MONTHS = re.compile(
    rf"(?P<near>快(?:要)?(?:有|到|满)?|不到|将近|近|差不多|差一点)?(?P<big>大|小)?"
    rf"(?:(?P<years>{NUMBER})(?P<over_years>多|来)?年(?![级纪])(?P<half>半)?(?:零|又)?(?:(?P<extra>{NUMBER})个?月)?"
    rf"|(?P<months>{NUMBER})(?P<over_months>多|来)?个(?P<half_month>半)?(?P<many>多)?月|(?P<half_year>半年))(?P<more>多|以上)?"
)
_RANGE = re.compile(r"(?:[一二两三四五六七八九]{2}|\d+[-到至~]\d+)(?:个月|年|岁)")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number read from words, and whether it was said as exact."""

    value: int
    certain: bool
    span: str


def number(text: str) -> int | None:
    """Read a whole number in digits or Chinese numerals.

    Examples:
        >>> number("十二"), number("2"), number("一百零五"), number("三十")
        (12, 2, 105, 30)
    """
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return int(float(text))
    total = current = 0
    for char in text:
        if char in _DIGITS:
            current = _DIGITS[char]
        elif char in _UNITS:
            total += (current or 1) * _UNITS[char]
            current = 0
        else:
            return None
    return total + current if text else None


def months(text: str) -> Amount | None:
    """Read a stretch of time as whole months; 快一年 is a month short of it, 一年多 at least it.

    Examples:
        >>> [months(text).value for text in ("判了六年", "快一年", "三年零两个月", "半年多")]
        [72, 11, 38, 7]
    """
    match = _MONTHS.search(text)
    if match is None:
        return _vague_months(text)
    certain = not _RANGE.search(text)
    parts = match.groupdict()
    if parts["half_year"]:
        value = 6 + (1 if parts["more"] or parts["big"] == "大" else 0) - (1 if parts["big"] == "小" else 0)
        certain = certain and not parts["big"]
    elif parts["years"]:
        years = _lowest(parts["years"])
        value = years * 12 + (6 if parts["half"] else 0) + (number(parts["extra"] or "零") or 0)
        value += 1 if parts["over_years"] or parts["more"] else 0
    else:
        value = _lowest(parts["months"] or "零") + (1 if parts["over_months"] or parts["many"] else 0)
    if parts["near"]:
        value = max(value - 1, 0)
    return Amount(value, certain, match.group().strip())


def _lowest(text: str) -> int:
    """Read the lower end of 三四 (years), else the number."""
    if re.fullmatch(r"[一二两三四五六七八九]{2}", text):
        return _DIGITS[text[0]]
    return number(text) or 0


def _vague_months(text: str) -> Amount | None:
    if found := re.search(r"好几年|很多年|许多年|多年|好多年", text):
        return Amount(36, False, found.group())
    if found := re.search(r"几年", text):
        return Amount(24, False, found.group())
    if found := re.search(r"十来年", text):
        return Amount(120, False, found.group())
    return None


_AGE = re.compile(
    rf"(?P<nominal>虚(?:岁)?)?(?:今年|刚满|刚|才|已经|都|满|足)?(?P<near>快(?:要)?(?:满)?|不到|将近|近|马上(?:就)?|差不多|大概|大约)?"
    rf"(?P<age>{NUMBER})(?P<vague>来|几)?(?P<over>多)?(?:个)?(?P<unit>周岁|虚岁|岁)(?P<half>半)?(?P<more>多)?(?P<short>还?不到)?"
)
_AGE_MONTHS = re.compile(
    rf"(?P<near>快|不到)?(?:刚满|刚|才|满)?(?P<months>{NUMBER})个(?P<half>半)?多?月(?:大|$|的(?:孩子|娃|宝宝)|了)?"
)
_BORN = re.compile(r"(?P<year>20[0-2]\d|[01]\d|2[0-6])年(?:\d{1,2}月)?(?:\d{1,2}[日号])?(?:出?生|的$|生的)")
_BORN_IN_WORDS = re.compile(r"([零〇一二][零〇一二三四五六七八九])年(?:[^，。]{0,4}月)?(?:出?生|的$)")
"""零八年的, 一五年生."""
_BARE = re.compile(rf"(?:^|今年|现在|如今|月份?满的?)(才|刚刚?满?|快|都|今年)?({NUMBER})(?:了|$|[，,。])")
_GRADES = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


def age(text: str, year: int) -> tuple[Amount, int | None] | None:
    """Read a child's age in whole years, with months for babies; `year` is the year we are in."""
    if found := _AGE.search(text):
        return _age_in_years(found, text)
    if found := _BORN.search(text):
        born = int(found["year"]) + (0 if len(found["year"]) == 4 else 2000)
        return Amount(max(year - born, 0), False, found.group()), None
    if found := _BORN_IN_WORDS.search(text):
        born = 2000 + 10 * _DIGITS[found.group(1)[0]] + _DIGITS[found.group(1)[1]]
        return Amount(max(year - born, 0), False, found.group()), None
    if found := re.search(rf"虚岁?({NUMBER})(?!级)", text):
        return Amount(max((number(found.group(1)) or 1) - 1, 0), False, found.group()), None
    if found := _BARE.search(text):
        value = number(found.group(2))
        if value is not None and value < 31:
            near = found.group(1) == "快"
            return Amount(value - near, not near, found.group()), None
    if found := re.search(r"刚(?:刚)?出生|才出生|新生儿", text):
        return Amount(0, True, found.group()), None
    return None


def _age_in_years(found: re.Match[str], text: str) -> tuple[Amount, int | None]:
    raw = found["age"]
    if pair := re.fullmatch(r"十?([一二三四五六七八九])([一二三四五六七八九])", raw):
        # 七八岁, 十五六岁: the lower one, as a guess.
        low = _DIGITS[pair.group(1)] + (10 if raw.startswith("十") else 0)
        return Amount(low, False, found.group()), None
    value = number(raw) or 0
    certain = not (found["vague"] or found["near"] in ("差不多", "大概", "大约"))
    own = found["unit"] == "周岁" or re.search(r"周岁[是有才满刚]*$", text[: found.start("age")])
    said = bool(found["nominal"]) or found["unit"] == "虚岁" or "虚岁" in text or "虚的" in text
    nominal = said and not own
    if nominal:
        value, certain = value - 1, False
    elif found["short"] or found["near"] in (
        "快",
        "快要",
        "快满",
        "快要满",
        "不到",
        "将近",
        "近",
        "马上",
        "马上就",
    ):
        value -= 1
    baby_months = value * 12 + 6 if found["half"] and value < 3 else None
    return Amount(max(value, 0), certain, found.group()), baby_months


def age_in_months(text: str) -> Amount | None:
    """Read 八个月(大) of a baby."""
    found = _AGE_MONTHS.search(text)
    if found is None:
        return None
    value = number(found["months"])
    if value is not None and (
        years := re.search(rf"({NUMBER})(?:周)?岁(?:零|又|多)?$", text[: found.start()])
    ):
        value += 12 * (number(years.group(1)) or 0)
    return None if value is None else Amount(value - (1 if found["near"] else 0), True, found.group())


def age_from_grade(text: str) -> Amount | None:
    """Guess the age from the school year: 三年级 is about nine."""
    if found := re.search(r"([一二三四五六七八九1-9])年级", text):
        grade = _GRADES.get(found.group(1)) or int(found.group(1))
        return Amount(grade + 6, False, found.group())
    if found := re.search(
        r"(初|(?<![提最增升])高)([一二三])(?!点|些|倍|样|直|起|共|个|截|档|百|千|下)", text
    ):
        return Amount((12 if found.group(1) == "初" else 15) + _GRADES[found.group(2)], False, found.group())
    return None


_AROUND = re.compile(
    r"(?:[他她它娃，。！,. ]|孩子|今年|现在|刚|已经|都|有|满|了|大|的|吧|哦|啊|判|关|走|一共)*"
)


def answered(text: str, unit: str) -> int | None:
    """Read the answer to a question for a number of 岁, 个月 or 级; None if it is unclear or says more.

    Examples:
        >>> answered("七", "岁"), answered("8岁半", "岁"), answered("一年半", "个月"), answered("二级", "级")
        (7, 8, 18, 2)
        >>> answered("七八岁", "岁"), answered("不是七岁", "岁")
        (None, None)
    """
    text = text.strip("，。！,. ")
    bare = text.removesuffix(unit).strip()
    if re.fullmatch(NUMBER, bare) and not re.fullmatch(r"\d*\.\d+|[一二两三四五六七八九]{2,}", bare):
        return number(bare)
    found, value = _said(text, unit)
    if found is None or not found.certain:
        return None
    before, _, after = text.partition(found.span)
    return value if _AROUND.fullmatch(before + after) else None


def _said(text: str, unit: str) -> tuple[Amount | None, int]:
    """The span that was read, and what it comes to in the unit."""
    aged = age(text, 0) if "岁" in text else None
    if unit == "岁":
        return (aged[0], aged[0].value) if aged else (None, 0)
    if unit != "个月":
        return None, 0
    if found := age_in_months(text) if aged else months(text):
        whole = Amount(found.value, found.certain, text) if aged else found
        return whole, found.value
    return (aged[0], aged[1]) if aged and aged[1] is not None else (None, 0)
