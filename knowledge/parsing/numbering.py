"""The numbers that head lines of Chinese official texts: 第三章, 第十八条, 一、, （二）, 3., （4）."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from knowledge.numerals import NUMERAL_CHARS, from_chinese

_NUM = f"[{NUMERAL_CHARS}]+"


class Rank(IntEnum):
    """Depth in the tree; a smaller rank encloses a larger one."""

    ANNEX = 0
    PART = 1
    """编, 分编"""
    CHAPTER = 2
    SECTION = 3
    """节"""
    CLAUSE = 4
    """第…条, or 一、 of a notice"""
    PARAGRAPH = 5
    """款: unnumbered paragraph of an article"""
    ITEM = 6
    """（一）"""
    POINT = 7
    """1."""
    SUBPOINT = 8
    """（1）"""


@dataclass(frozen=True, slots=True)
class Marker:
    """The number at the head of a line, and what follows it."""

    rank: Rank
    number: int
    article: bool
    """Whether it counts articles (第…条) rather than sections of a notice (一、)."""
    rest: str
    sub: int = 0
    """第…条之二 → 2."""
    unit: str = ""
    """编, 分编, 章 or 节."""


_HEADINGS = re.compile(rf"^第\s*({_NUM})\s*(编|分编|章|节)(?:[\s　]+|$|(?=[^\s　，。、的]))(.*)$")
_ARTICLE = re.compile(rf"^第\s*({_NUM}|\d+)\s*条(?:之({_NUM}))?([\s　:：]*)(.*)$", re.S)
_ONE = re.compile(r"^([一二三四五六七八九十]{1,3})\s*[、．.]\s*(.*)$", re.S)
_TWO = re.compile(r"^[（(]\s*([一二三四五六七八九十]{1,3})\s*[)）]\s*[、．.]?\s*(.*)$", re.S)
_THREE = re.compile(r"^(\d{1,2})\s*(?:[、．]|\.(?!\d))\s*(.*)$", re.S)
_FOUR = re.compile(r"^[（(]\s*(\d{1,2})\s*[)）]\s*(.*)$", re.S)
_RANKS = {"编": Rank.PART, "分编": Rank.PART, "章": Rank.CHAPTER, "节": Rank.SECTION}


def marker(line: str) -> Marker | None:
    """The number that heads `line`, if one does. Whether it fits the sequence is for the tree to judge."""
    if match := _HEADINGS.match(line):
        return Marker(_RANKS[match[2]], from_chinese(match[1]), False, match[3].strip(), unit=match[2])
    if match := _ARTICLE.match(line):
        if not match[3] and match[4][:1] in "、，,和或至之的规所第":
            return None  # a sentence that begins with a reference: 第十八条规定的…
        sub = from_chinese(match[2]) if match[2] else 0
        return Marker(Rank.CLAUSE, from_chinese(match[1]), True, match[4], sub)
    for pattern, rank in (
        (_ONE, Rank.CLAUSE),
        (_TWO, Rank.ITEM),
        (_THREE, Rank.POINT),
        (_FOUR, Rank.SUBPOINT),
    ):
        if match := pattern.match(line):
            return Marker(rank, from_chinese(match[1]), False, match[2])
    return None
