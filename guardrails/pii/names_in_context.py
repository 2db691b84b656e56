"""Names that only the words around them show: 小名二宝, 叫高兴, 王阿姨, 妈妈吴国."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.pii.found import LIKELY, POSSIBLE
from guardrails.pii.lexer import Word
from guardrails.pii.reading import Reading
from guardrails.pii.word_lists import WordLists

Piece = tuple[int, int, float]
"""Start, end and score of a name."""

_HAN = "\u3400-\u9fff"
_NAME_CUE = re.compile(
    r"(?:小名|大名|乳名|奶名|学名|全名|真名|本名|原名|曾用名|名字|姓名|名叫|名唤|叫做|叫作)"
    r"(?:儿|就|都|的|也|呢)?(?:叫做|叫作|叫|是|为|写的是)?[\s:：=“\"「'《]{0,3}"
)
_CALLED = re.compile(r"(?<![哭喊大尖吼惨乱不被没别要该得让能先快去])叫[\s:：“\"「']{0,2}")
_CALL_THEM = re.compile(r"(?:都|就|一直|我们|大家)叫[他她](?!们|回|去|来|做|不|别)")
_SUBJECT_END = re.compile(r"(?:[他她我]|们家?|名字?|的|就|也|都|，|,|个|位|宝|娃|囡|家的?)$")
_SPACED = re.compile(rf"[{_HAN}](?:[ \u3000]{{1,3}}[{_HAN}]{{1,2}}){{1,3}}(?![{_HAN}])")
_LATIN = re.compile(r"[A-Z][A-Za-z]{1,9}(?:[ ·][A-Z][A-Za-z]{1,12}){1,3}|[A-Z]{2,10}(?: [A-Z]{2,12}){1,2}")
_OLD_MAN = re.compile(rf"老([{_HAN}])头(?!疼|痛|发)")
_RUN = re.compile(rf"[{_HAN}]{{2,4}}(?![{_HAN}])")
_NEVER_IN_NAME = frozenset(
    "的了吗呢不我你他她它什么啥去来怎谁请问吃饭人家办事车号院还没未是写填和或及者取在得被上读住今年岁已声个出警查松"
)
_ENDS_NAME = frozenset({"w", "u", "xc", "p", "c", "d", "TIME", "t", "m", "r", "v", "vd", "f"})


def called(reading: Reading, lists: WordLists) -> Iterator[Piece]:
    """What stands behind 名字是, 小名, 姓名：, and behind 叫 with a person in front."""
    text = reading.text
    for cue in _NAME_CUE.finditer(text):
        yield from _name_at(reading, cue.end(), lists)
    for cue in _CALL_THEM.finditer(text):
        yield from _name_at(reading, cue.end(), lists)
    for cue in _CALLED.finditer(text):
        before = text[max(0, cue.start() - 12) : cue.start()].rstrip()
        spoken_of = any(kin in before for kin in lists.kin) or _SUBJECT_END.search(before)
        ends_well = _SUBJECT_END.search(before) or any(before.endswith(kin) for kin in lists.kin)
        if spoken_of and ends_well:
            yield from _name_at(reading, cue.end(), lists)


def _name_at(reading: Reading, start: int, lists: WordLists) -> Iterator[Piece]:
    """The name that begins at an offset, if what stands there can be one."""
    for pattern in (_SPACED, _LATIN):
        match = pattern.match(reading.text, start)
        if match and (pattern is _LATIN or match.group()[0] in lists.surnames):
            yield start, match.end(), LIKELY
            return
    run = _RUN.match(reading.text, start)
    if run and _is_name(run.group(), lists):
        yield start, run.end(), LIKELY
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


def _is_name(run: str, lists: WordLists) -> bool:
    """Whether everything up to the next mark can be one name: 二宝, 令狐雪, 次仁央金."""
    plain = not any(character in _NEVER_IN_NAME for character in run)
    return plain and run not in lists.not_called and run not in lists.never


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


def titled(reading: Reading, lists: WordLists) -> Iterator[Piece]:
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
        if word.tag == "PER" and word.end > at and len(title) > 1:
            yield word.start, end, LIKELY
            continue
        if _ends_word(reading, index, end) and (len(surname) == 2 or _splits_after(reading, index, at, end)):
            yield word.start, end, LIKELY if len(title) > 1 else POSSIBLE


def _ends_word(reading: Reading, index: int, end: int) -> bool:
    """Whether some word from this one on ends exactly there: 陈工作 holds no 陈工."""
    return any(word.end == end for word in reading.words[index : index + 3])


def _splits_after(reading: Reading, index: int, at: int, end: int) -> bool:
    """Whether LAC cut behind the family name, or took name and title as one word."""
    return reading.words[index].end in (at, end)


def of_relative(reading: Reading, lists: WordLists) -> Iterator[Piece]:
    """儿子张伟 where LAC leaves the name in single characters: a family name, then one or two more."""
    for index, word in enumerate(reading.words[:-1]):
        if word.text not in lists.kin:
            continue
        after = reading.words[index + 1]
        if (
            after.start == word.end
            and after.tag in ("LOC", "ORG", "nz")
            and _reads_as_name(after.text, lists)
        ):
            yield after.start, after.end, POSSIBLE
            continue
        following = [w for w in _following(reading, index) if len(w.text) <= 2]
        if len(following) < 2 or len(following[0].text) != 1:
            continue
        first, second = following[0], following[1]
        usual = first.text in lists.surnames and first.text not in lists.everyday_surnames
        if usual and second.tag not in ("w", "u", "xc", "p", "m", "r", "d", "TIME", "c"):
            yield first.start, second.end, POSSIBLE


def _reads_as_name(text: str, lists: WordLists) -> bool:
    """吴国, 方泽: a family name and one or two characters that LAC took for a place."""
    surname = text[0] in lists.surnames and text[0] not in lists.everyday_surnames
    return (
        surname
        and len(text) in (2, 3)
        and text[-1] not in "省市县区镇乡村州江山海湾岛路街"
        and text not in lists.places
    )
