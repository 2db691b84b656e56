"""Numbers as people write them: spaced, dashed, full-width, or spoken in Chinese digits.

A number is a chain of digit groups. A recogniser looks at runs of whole groups and never inside one, so the
boundary of a number is "no digit on either side", which holds next to Chinese characters, where the word
boundary of regular expressions does not.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

SPOKEN = dict(
    zip("零〇○一二三四五六七八九幺两洞拐壹贰叁肆伍陆柒捌玖", "0001234567891207123456789", strict=True)
)
"""Digits read out one by one. `幺`, `两`, `洞` and `拐` are how numbers are said on the telephone."""

CHECK_X = frozenset("XxХх×✕╳*叉")
"""How the last place of a resident ID is written: Latin and Cyrillic X, the multiplication sign, 叉."""

_SEPARATORS = frozenset(" \t-–—―‐‑−_.·/()")
_SPOKEN_SEPARATORS = _SEPARATORS | frozenset("、，,")
_MOST_GROUPS = 22
"""A spoken number of 20 places with a pause after each still fits; it bounds the work for a run of digits."""


_MOST_SINGLES = 66
"""A row of single figures longer than three numbers read out one after the other is no number."""


@dataclass(frozen=True, slots=True)
class Group:
    """Digits of one script with nothing between them."""

    start: int
    end: int
    digits: str
    spoken: bool
    """Written in Chinese digits."""


@dataclass(frozen=True, slots=True)
class Number:
    """A run of whole groups that belong together."""

    start: int
    end: int
    digits: str
    """ASCII digits; a resident ID's last place may be `X`."""
    shape: tuple[int, ...]
    """Lengths of the groups, such as (3, 4, 4)."""
    spoken: bool
    separators: str
    """What stood between the groups."""


def _digit(character: str) -> str | None:
    if character.isascii():
        return character if character.isdigit() else None
    spoken = SPOKEN.get(character)
    if spoken is not None:
        return spoken
    value = unicodedata.digit(character, None)
    return None if value is None else str(value)


def _script(character: str) -> str:
    if character in SPOKEN:
        return "spoken"
    return "plain" if unicodedata.category(character) == "Nd" else "other"


def groups(text: str, breaks: Container[int] = frozenset()) -> tuple[Group, ...]:
    """All digit groups of a text, in order. Linear in its length.

    Args:
        text: clean text.
        breaks: offsets before which an invisible character was taken out: a number may end or go on there.
    """
    found: list[Group] = []
    start, script, digits = -1, "", ""
    for position, character in enumerate(text):
        digit = _digit(character)
        here = _script(character) if digit is not None else ""
        if start >= 0 and (digit is None or here != script or position in breaks):
            found.append(Group(start, position, digits, script == "spoken"))
            start = -1
        if digit is not None:
            if start < 0:
                start, script, digits = position, here, ""
            digits += digit
    if start >= 0:
        found.append(Group(start, len(text), digits, script == "spoken"))
    return tuple(found)


def _joins(text: str, left: Group, right: Group) -> bool:
    between = text[left.end : right.start]
    if len(between) > 3:
        return False
    allowed = _SPOKEN_SEPARATORS if left.spoken and right.spoken else _SEPARATORS
    stripped = between.replace("\n", "", 1)
    return all(character in allowed for character in stripped)


def numbers(text: str, of: Sequence[Group], *, shortest: int, longest: int) -> Iterator[Number]:
    """Every run of neighbouring groups with `shortest` to `longest` digits, longest first per start.

    Args:
        text: the text that the groups were read from.
        of: its groups.
        shortest: fewest digits, inclusive.
        longest: most digits, inclusive.
    """
    littered = _litter(text, of)
    for first in range(len(of)):
        if first in littered:
            continue
        runs: list[Number] = []
        digits, shape, between, spoken = "", [], "", True
        for last in range(first, min(first + _MOST_GROUPS, len(of))):
            if last > first:
                if not _joins(text, of[last - 1], of[last]):
                    break
                between += text[of[last - 1].end : of[last].start]
            digits += of[last].digits
            if len(digits) > longest:
                break
            shape.append(len(of[last].digits))
            spoken = spoken and of[last].spoken
            if len(digits) >= shortest and _plausible_shape(shape, spoken):
                runs.append(Number(of[first].start, of[last].end, digits, tuple(shape), spoken, between))
        yield from reversed(runs)


def _litter(text: str, of: Sequence[Group]) -> frozenset[int]:
    """Groups in endless rows of single figures: a table or a stuck key. It keeps such a message cheap."""
    found: set[int] = set()
    start = 0
    for index in range(1, len(of) + 1):
        single = index < len(of) and len(of[index].digits) == 1 and len(of[index - 1].digits) == 1
        if single and _joins(text, of[index - 1], of[index]):
            continue
        if index - start > _MOST_SINGLES:
            found.update(range(start, index))
        start = index
    return frozenset(found)


def _plausible_shape(shape: list[int], spoken: bool) -> bool:
    """Whether somebody writes one number like this: not a list of years, dates or single figures.

    Digits set apart one by one are either all so (1 3 8 0 …), or read out in Chinese.
    """
    if spoken or len(shape) <= 5:
        return True
    return sum(1 for size in shape if size == 1) >= len(shape) - 2 or max(shape) - min(shape) <= 2
