"""Names of people: what LAC reads as one, and what the words around a stretch make one.

LAC alone misses `儿子高兴` behind 叫, names with spaces and names such as 阿依古丽·买买提, and takes
programmes and relatives for people. Each rule below answers one of those; `words.yaml` holds their words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from guardrails.pii.found import CERTAIN, LIKELY, Found
from guardrails.pii.kinds import EntityType
from guardrails.pii.lexer import Word
from guardrails.pii.names_in_context import Piece, called, of_relative, titled
from guardrails.pii.reading import Reading
from guardrails.pii.sound_alikes import sounds_like_policy
from guardrails.pii.word_lists import WordLists, word_lists

_DOTTED = re.compile(r"(?<=[\u3400-\u9fff])\s?[·•・‧∙⋅.]\s?(?=[\u3400-\u9fff])")
_COMMON = frozenset({"a", "ad", "v", "vd", "vn", "an", "d", "m", "q", "p", "c", "u", "t", "TIME", "r", "f"})
_FOLLOWS_NAME = frozenset(
    "的了是在有和与及得去走跑死病说要被没想来打判患住生坐出改今现已还又也都就不给跟让把叫上下到过家那这吗呢吧啊"
)
"""What may come right after a name: then the name ended before it."""
_PROGRAMME_TAIL = frozenset(
    {"计划", "工程", "行动", "项目", "基金", "基金会", "路", "街", "村", "小区", "医院", "学校", "小学"}
)


def find(reading: Reading) -> Iterator[Found]:
    """People's names, nicknames, and family names with a title."""
    lists = word_lists()
    allowed = _programmes(reading.text, lists)
    pieces = chain(
        _tagged(reading, lists), _spelled(reading, lists), called(reading, lists), titled(reading, lists),
        of_relative(reading, lists), _known(reading),
    )  # fmt: skip
    for start, end, score in pieces:
        if reading.text[start:end] in lists.never or any(
            start < right and left < end for left, right in allowed
        ):
            continue
        if score < CERTAIN and (
            lists.of_theirs.match(reading.text, start)
            or lists.misread.match(reading.text, start)
            or sounds_like_policy(reading.text, start, end)
        ):
            continue
        yield Found(EntityType.PERSON, start, end, score)


def _programmes(text: str, lists: WordLists) -> tuple[tuple[int, int], ...]:
    return tuple(
        (match.start(), match.end())
        for name in lists.programmes
        if name in text
        for match in re.finditer(name, text)
    )


def _tagged(reading: Reading, lists: WordLists) -> Iterator[Piece]:
    """LAC's PER, without relatives in front, spaces around, and tails that make it a programme or a place."""
    for index, word in enumerate(reading.words):
        if word.tag != "PER" or any(character.isdigit() for character in word.text):
            continue
        after = reading.words[index + 1] if index + 1 < len(reading.words) else None
        if after and after.start == word.end and after.text in _PROGRAMME_TAIL and after.tag != "v":
            continue
        start, end = _trim(reading.text, word.start, word.end)
        kin = next(
            (k for k in lists.kin if reading.text.startswith(k, start) and end - start >= len(k) + 2), ""
        )
        if kin and reading.text[start + len(kin)] in lists.surnames:
            start += len(kin)
        if end - start == 2 and after and after.start == word.end:
            end += _swallowed(reading.text, after, lists)
        if end - start >= 2 and _is_han(reading.text[start]):
            yield start, end, LIKELY


def _swallowed(text: str, after: Word, lists: WordLists) -> int:
    """One if the last character of a name went to the next word: 曹磊|军, 易琪|志得了."""
    if (
        text[after.start - 2] not in lists.surnames
        or after.text[0] in _FOLLOWS_NAME
        or not _is_han(after.text[0])
    ):
        return 0
    if len(after.text) == 1:
        return int(after.tag in ("n", "nz", "a", "v", "nr", "an", "LOC", "PER"))
    return int(len(after.text) == 2 and after.text[1] in _FOLLOWS_NAME)


def _spelled(reading: Reading, lists: WordLists) -> Iterator[Piece]:
    """Names with a dot: as many spelling characters as stand on both sides of it."""
    text = reading.text
    for dot in _DOTTED.finditer(text):
        start, end = dot.start(), dot.end()
        while start and dot.start() - start < 8 and text[start - 1] in lists.spelling:
            start -= 1
        while end < len(text) and end - dot.end() < 8 and text[end] in lists.spelling:
            end += 1
        if dot.start() - start >= 2 and end > dot.end():
            yield start, end, LIKELY


def _known(reading: Reading) -> Iterator[Piece]:
    """Names this conversation has hidden before, unless LAC reads an everyday word there."""
    for name in reading.known_names:
        position = reading.text.find(name)
        while position >= 0:
            end = position + len(name)
            index = reading.word_at.get(position)
            everyday = (
                index is not None and reading.words[index].end == end and reading.words[index].tag in _COMMON
            )
            if not everyday:
                yield position, end, CERTAIN
            position = reading.text.find(name, end)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and not text[start].isalnum():
        start += 1
    while start < end and not text[end - 1].isalnum():
        end -= 1
    return start, end


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"
