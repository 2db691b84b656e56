"""Dates, document numbers, clause labels, telephone numbers and links of a text, in one form each."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from guardrails.output.numerals import value_of

_C = "零〇一二三四五六七八九十"


def half_width(text: str) -> str:
    """Width folded, so that ２０ is 20 and （一） is (一)."""
    return unicodedata.normalize("NFKC", text)


@dataclass(frozen=True, slots=True)
class Mention:
    """A reference in its common form, where it stands, and its words."""

    value: str
    start: int
    end: int
    text: str


_DATE = re.compile(
    rf"(?P<y>(?:19|20)\d{{2}}|[一二][{_C}]{{3}})\s?年\s?"
    rf"(?:(?P<m>\d{{1,2}}|[{_C}]{{1,3}})\s?月(?:\s?(?P<d>\d{{1,2}}|[{_C}]{{1,3}})\s?[日号])?)?"
    r"|(?P<y2>(?:19|20)\d{2})[\-/.](?P<m2>\d{1,2})(?:[\-/.](?P<d2>\d{1,2}))?(?!\d)"
    rf"|(?P<m3>\d{{1,2}}|[{_C}]{{1,3}})\s?月\s?(?P<d3>\d{{1,2}}|[{_C}]{{1,3}})\s?[日号](?!\d)"
    r"|(?<![\d个十])(?P<m4>1[0-2]|[1-9]|十[一二]|[一二三四五六七八九十])月(?:份|起|底|初|中旬|前)"
)
_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{1,9}[\[(【〔〈]\s?(?:19|20)\d{2}\s?[\])】〕〉]\s?(?:第\s?)?\d{1,4}\s?号"
    r"|[\u4e00-\u9fff]{2,6}令第?\s?\d{1,4}\s?号"
)
_NUMBER_CORE = re.compile(r"((?:19|20)\d{2})\D{1,4}(\d{1,4})\s?号$|令第?\s?(\d{1,4})\s?号$")
_ARTICLE = re.compile(
    rf"第\s?([{_C}百千\d]+)\s?条(?:之([{_C}]))?(?:\s?第\s?([{_C}\d]+)\s?款)?"
    rf"(?:\s?第?\s?\(?([{_C}\d]+)\)?\s?项)?"
)
_ITEM = re.compile(rf"(?<![{_C}\u4e00-\u9fff])([{_C}]{{1,3}})\(([{_C}]{{1,3}})\)(\d{{1,2}})?")
_PHONE = re.compile(
    r"(?<![\d.])(?:\+?86[\- ]?)?"
    r"(?:1[3-9]\d(?:[\- ]?\d{4}){2}|0\d{2,3}[\- ]?\d{7,8}|[48]00[\- ]?\d{3,4}[\- ]?\d{3,4}"
    r"|\(0\d{2,3}\)\s?\d{7,8}|12[0-9]{3}|9[56]\d{3,4}|[2-8]\d{7}|1(?:10|19|20|22|14))"
    r"(?![\d.]|\s?(?:元|万|个|名|人|户|块|%|日|天|年|月|条|号|岁|次|项|份))"
)
_SPOKEN_PHONE = re.compile(r"[零〇一二三四五六七八九幺]{5,12}")
_SPOKEN = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
_LINK_END = r"[^\s\u4e00-\u9fff,，。;；!！?？、()（）<>《》「」【】\"']"
_SCHEME = re.compile(
    rf"(?<![a-z0-9])[a-z][a-z0-9+.\-]{{1,12}}:(?://)?{_LINK_END}+|(?<![a-z0-9])www\.{_LINK_END}+",
    re.IGNORECASE,
)
_BARE_HOST = re.compile(
    r"(?<![@a-z0-9.\-])(?:[a-z0-9\-]{2,63}\.){1,4}"
    rf"(?:com|cn|net|org|gov|top|vip|xyz|info|io|cc|me)(?![a-z0-9])(?:/{_LINK_END}*)?",
    re.IGNORECASE,
)


def dates(text: str) -> tuple[Mention, ...]:
    """Dates as `2026-03-01`, with `*` for a part that is not said."""
    found = []
    for match in _DATE.finditer(text):
        groups = match.groupdict()
        year, month, day = (
            next((groups[name] for name in names if groups[name]), None)
            for names in (("y", "y2"), ("m", "m2", "m3", "m4"), ("d", "d2", "d3"))
        )
        value = "-".join("*" if part is None else f"{int(value_of(part)):02d}" for part in (year, month, day))
        found.append(Mention(value, *match.span(), match.group()))
    return tuple(found)


def same_date(said: str, known: str) -> bool:
    """Whether every part that was said agrees with a known date."""
    pairs = zip(said.split("-"), known.split("-"), strict=True)
    return all(part in ("*", other) for part, other in pairs)


def document_numbers(text: str) -> tuple[Mention, ...]:
    """文号 as `2025#70`: the issuer's short name in front is checked by the sources, not here."""
    found = []
    for match in _NUMBER.finditer(text):
        core = _NUMBER_CORE.search(match.group())
        if core:
            value = f"令#{core.group(3)}" if core.group(3) else f"{core.group(1)}#{core.group(2)}"
            issuer = re.sub(r"[^\u4e00-\u9fff].*", "", match.group())
            found.append(Mention(f"{issuer[-2:]}{value}", *match.span(), match.group()))
    return tuple(found)


def clauses(text: str) -> tuple[Mention, ...]:
    """Clause labels as `18/2/3` for 第十八条第二款第三项 and `三(一)1` as `#三/一/1`."""
    found = []
    for match in _ARTICLE.finditer(text):
        parts = [str(int(value_of(part))) for part in match.groups() if part]
        found.append(Mention("/".join(parts), *match.span(), match.group()))
    for match in _ITEM.finditer(text):
        found.append(
            Mention("#" + "/".join(part for part in match.groups() if part), *match.span(), match.group())
        )
    return tuple(found)


def phones(text: str) -> tuple[Mention, ...]:
    """Telephone numbers, digits only, without a country code."""
    found = []
    for match in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if len(digits) > 11 and digits.startswith("86"):
            digits = digits[2:]
        found.append(Mention(digits, *match.span(), match.group()))
    for match in _SPOKEN_PHONE.finditer(text):
        found.append(Mention(match.group().translate(_SPOKEN), *match.span(), match.group()))
    return tuple(found)


def links(text: str) -> tuple[Mention, ...]:
    """Everything that a page or a person could follow, with or without a scheme."""
    found = [Mention(m.group(), *m.span(), m.group()) for m in _SCHEME.finditer(text)]
    covered = [(m.start, m.end) for m in found]
    for match in _BARE_HOST.finditer(text):
        if not any(start <= match.start() < end for start, end in covered):
            found.append(Mention(match.group(), *match.span(), match.group()))
    return tuple(found)


def without(text: str, mentions: tuple[Mention, ...]) -> str:
    """The text with mentions blanked, so that their digits are not read a second time."""
    characters = list(text)
    for mention in mentions:
        characters[mention.start : mention.end] = "\u3000" * (mention.end - mention.start)
    return "".join(characters)
