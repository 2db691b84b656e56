"""Names of people: what LAC reads as one, and what the words around a stretch make one.

LAC alone misses `儿子高兴` behind 叫, names with spaces and names such as 阿依古丽·买买提, and takes
programmes and relatives for people. Each rule below answers one of those; `words.yaml` holds their words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from guardrails.pii.found import CERTAIN, LIKELY, POSSIBLE, Found
from guardrails.pii.kinds import EntityType
from guardrails.pii.lexer import Word
from guardrails.pii.reading import Reading
from guardrails.pii.word_lists import WordLists, word_lists

_Piece = tuple[int, int, float]
_HAN = "\u3400-\u9fff"
_DOTTED = re.compile(r"(?<=[\u3400-\u9fff])\s?[·•・‧∙⋅.]\s?(?=[\u3400-\u9fff])")
_NAME_CUE = re.compile(
    r"(?:小名|大名|乳名|奶名|学名|全名|真名|本名|原名|曾用名|名字|姓名|名叫|名唤|叫做|叫作)"
    r"(?:儿|就|都|的|也|呢)?(?:叫做|叫作|叫|是|为|写的是)?[\s:：=“\"「'《]{0,3}"
)
_CALLED = re.compile(r"(?<![哭喊大尖吼惨乱不被没别要该得让能先快去])叫[\s:：“\"「']{0,2}")
_SUBJECT_END = re.compile(r"(?:[他她我]|们家?|名字?|的|就|也|都|，|,|个|位|宝|娃|囡|家的?)$")
_SPACED = re.compile(rf"[{_HAN}](?:[ \u3000]{{1,3}}[{_HAN}]{{1,2}}){{1,3}}(?![{_HAN}])")
_LATIN = re.compile(r"[A-Z][A-Za-z]{1,9}(?:[ ·][A-Z][A-Za-z]{1,12}){1,3}|[A-Z]{2,10}(?: [A-Z]{2,12}){1,2}")
_OLD_MAN = re.compile(rf"老([{_HAN}])头(?!疼|痛|发)")
_ENDS_NAME = frozenset({"w", "u", "xc", "p", "c", "d", "TIME", "t", "m", "r", "v", "vd", "f"})
_COMMON = frozenset({"a", "ad", "v", "vd", "vn", "an", "d", "m", "q", "p", "c", "u", "t", "TIME", "r", "f"})
_PROGRAMME_TAIL = frozenset(
    {"计划", "工程", "行动", "项目", "基金", "基金会", "路", "街", "村", "小区", "医院", "学校", "小学"}
)


def find(reading: Reading) -> Iterator[Found]:
    """People's names, nicknames, and family names with a title."""
    lists = word_lists()
    allowed = _programmes(reading.text, lists)
    pieces = chain(
        _tagged(reading, lists), _spelled(reading, lists), _called(reading, lists), _titled(reading, lists),
        _of_relative(reading, lists), _known(reading),
    )  # fmt: skip
    for start, end, score in pieces:
        if reading.text[start:end] in lists.never or any(
            start < right and left < end for left, right in allowed
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


def _tagged(reading: Reading, lists: WordLists) -> Iterator[_Piece]:
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
        if end - start >= 2 and _is_han(reading.text[start]):
            yield start, end, LIKELY


def _spelled(reading: Reading, lists: WordLists) -> Iterator[_Piece]:
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


def _called(reading: Reading, lists: WordLists) -> Iterator[_Piece]:
    """What stands behind 名字是, 小名, 姓名：, and behind 叫 with a person in front."""
    text = reading.text
    for cue in _NAME_CUE.finditer(text):
        yield from _name_at(reading, cue.end(), lists)
    for cue in _CALLED.finditer(text):
        before = text[max(0, cue.start() - 12) : cue.start()].rstrip()
        spoken_of = any(kin in before for kin in lists.kin) or _SUBJECT_END.search(before)
        ends_well = _SUBJECT_END.search(before) or any(before.endswith(kin) for kin in lists.kin)
        if spoken_of and ends_well:
            yield from _name_at(reading, cue.end(), lists)


def _name_at(reading: Reading, start: int, lists: WordLists) -> Iterator[_Piece]:
    """The name that begins at an offset, if what stands there can be one."""
    for pattern in (_SPACED, _LATIN):
        match = pattern.match(reading.text, start)
        if match and (pattern is _LATIN or match.group()[0] in lists.surnames):
            yield start, match.end(), LIKELY
            return
    index = reading.word_at.get(start)
    if index is None:
        return
    first = reading.words[index]
    if first.text in lists.not_called or first.tag in ("p", "c", "u", "r", "d", "w", "m", "t", "TIME"):
        return
    if first.tag == "v" and not (len(first.text) >= 2 and first.text[0] in lists.surnames):
        return
    end = first.end
    following = list(_following(reading, index))
    while following and len(first.text) == 1 and end - start < 3 and _can_go_on(following[0], end - start):
        end = following.pop(0).end
    if following and following[0].tag == "PER":
        end = following[0].end
    if 2 <= end - start <= 6 and reading.text[start:end] not in lists.not_called:
        yield start, end, LIKELY


def _can_go_on(word: Word, so_far: int) -> bool:
    return (
        len(word.text) + so_far <= 3
        and (so_far == 1 or word.tag not in _ENDS_NAME)
        and word.tag not in ("w", "u", "xc")
    )


def _following(reading: Reading, index: int) -> Iterator[Word]:
    """Words that follow without a gap, at most three."""
    for left, right in zip(
        reading.words[index : index + 3], reading.words[index + 1 : index + 4], strict=False
    ):
        if right.start != left.end:
            return
        yield right


def _titled(reading: Reading, lists: WordLists) -> Iterator[_Piece]:
    """王阿姨, 陈主任, 老李头: a family name at the start of a word and a title."""
    text = reading.text
    for match in _OLD_MAN.finditer(text):
        if match.group(1) in lists.surnames:
            yield match.start(), match.end(), LIKELY
    for index, word in enumerate(reading.words):
        surname = next((s for s in lists.compound_surnames if text.startswith(s, word.start)), word.text[:1])
        if len(surname) == 1 and surname not in lists.surnames:
            continue
        at = word.start + len(surname)
        title = next((t for t in lists.titles if text.startswith(t, at)), "")
        if not title or (surname in lists.everyday_surnames and word.tag != "PER"):
            continue
        end = at + len(title)
        if _ends_word(reading, index, end) and (len(surname) == 2 or _splits_after(reading, index, at, end)):
            yield word.start, end, LIKELY if len(title) > 1 else POSSIBLE


def _ends_word(reading: Reading, index: int, end: int) -> bool:
    """Whether some word from this one on ends exactly there: 陈工作 holds no 陈工."""
    return any(word.end == end for word in reading.words[index : index + 3])


def _splits_after(reading: Reading, index: int, at: int, end: int) -> bool:
    """Whether LAC cut behind the family name, or took name and title as one word."""
    return reading.words[index].end in (at, end)


def _of_relative(reading: Reading, lists: WordLists) -> Iterator[_Piece]:
    """儿子张伟 where LAC leaves the name in single characters: a family name, then one or two more."""
    for index, word in enumerate(reading.words[:-1]):
        if word.text not in lists.kin:
            continue
        following = [w for w in _following(reading, index) if len(w.text) <= 2]
        if len(following) < 2 or len(following[0].text) != 1:
            continue
        first, second = following[0], following[1]
        usual = first.text in lists.surnames and first.text not in lists.everyday_surnames
        if usual and second.tag not in ("w", "u", "xc", "p", "m", "r", "d", "TIME", "c"):
            yield first.start, second.end, POSSIBLE


def _known(reading: Reading) -> Iterator[_Piece]:
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
