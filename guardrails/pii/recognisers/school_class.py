"""学校和班级: a named school, a class, or both in one stretch. A grade alone (三年级) stays."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.pii.found import LIKELY, POSSIBLE, Found
from guardrails.pii.kinds import EntityType
from guardrails.pii.reading import Reading

_NUMERAL = r"[0-9一二三四五六七八九十]"
_CLASS = (
    rf"(?:(?:(?:小学|初中|高中)?(?:{_NUMERAL}{{1,2}}年级|[初高小]{_NUMERAL}(?:年级)?|[小中大托]|学前)\s?"
    rf"[（(]?\s?(?:{_NUMERAL}{{1,3}}|[A-Ha-h])\s?[)）]?\s?班)"
    rf"|(?:{_NUMERAL}\s?[（(]\s?{_NUMERAL}{{1,2}}\s?[)）](?:\s?班)?)|(?<![0-9])[1-9]0[1-9]班|(?<![0-9])[1-9]1[0-9]班)"
)
_CLASS_ALONE = re.compile(_CLASS)
_BRACKETED = re.compile(rf"{_NUMERAL}\s?[（(]\s?{_NUMERAL}{{1,2}}\s?[)）]$")
_SCHOOL = re.compile(
    r"(?:小学|中学|初中|高中|幼儿园|学校|职高|中专|技校|书院|幼托园|附小|附中|实验|一小|二小|三小|[一二三四五六七八九十]中|学院)$"
)
_LINK = re.compile(rf"(?:的|在读|读|上|念|，|\s|[\u4e00-\u9fff]{{1,4}}校区|分校)?\s?(?:{_CLASS})")
_GENERIC = re.compile(
    r"^(?:(?:我们?|他们?|她们?|孩子|本|该|各|每|全|哪个?|某|所在|户籍地?|居住地?|户籍所在地|所在地|就近|普惠性?|少年|上|入|进|读|当地|普通|公办|民办|私立|公立|特殊|特殊教育|特教|专门|农村|乡镇|乡村|村|镇|县|市|省|区|城区|杭州市?|浙江省?|"
    r"义务教育|高等|职业|中等|高级|初级|九年一贯制|寄宿制?|盲人|聋人|聋哑|盲|聋|培智|儿童|定点|高中|中小|中|小|大|幼儿|学前|技工|技师|成人|附近|家门口|门口|公家|私人|贵族|国际|双语|民工|打工|外地|新|原|老|托育|随班就读|的|和|及|、|、)*)"
    r"(?:小学|中学|初中|高中|幼儿园|学校|职高|中专|技校|实验|学院|书院)$"
)
_NAMED = re.compile(
    r"(?:在|就读于|就读|读|上|转到|转进|从|是|考进|考上)"
    r"(?P<name>(?:(?![的了过哪别一所几两这那个在读上从什么和])[\u4e00-\u9fff]){2,7}?"
    r"(?:小学|中学|学校|幼儿园|附小|附中|职高|[一二三四五六七八九十]中|[一二三]小(?!时))(?:教育集团|[东西南北]?校区)?)(?![生们里门])"
)
_IN_GENERAL = re.compile(
    "收费|家长|普通|单位|网上|部分|同类|公办|民办|中小学|培训|全日制|教师|指|由|小时|学问|特殊|专门|义务|附近|对口|户籍|居住"
    "|找|问|去|想|没|还是|不是|只能|直接|自己|投诉|举报|受伤|摔|霸凌|欺凌|残疾|迁到|第[一二三]步|怎么|什么|啥|娃|低保"
)
_ON_THE_WAY = re.compile(
    "找|还是|不是|只能|想投诉|举报|受伤|摔断|霸凌|迁到|第[一二三]步|先去|要去|去学校|低保|娃"
)
"""What LAC takes into a name and no school is called: 直接找学校."""
_SCHOOL_TAGS = frozenset({"ORG", "LOC", "nz", "nt"})


def find(reading: Reading) -> Iterator[Found]:
    """Schools by name with the class behind them, and classes by themselves."""
    for index, word in enumerate(reading.words):
        if not _SCHOOL.search(word.text):
            continue
        start = _start(reading, index)
        if start is None:
            continue
        end = word.end
        link = _LINK.match(reading.text, end)
        yield Found(EntityType.SCHOOL_CLASS, start, link.end() if link else end, LIKELY)
    for match in _NAMED.finditer(reading.text):
        if not _GENERIC.match(match.group("name")) and not _IN_GENERAL.search(match.group("name")):
            link = _LINK.match(reading.text, match.end())
            yield Found(
                EntityType.SCHOOL_CLASS, match.start("name"), link.end() if link else match.end(), POSSIBLE
            )
    for match in _CLASS_ALONE.finditer(reading.text):
        if _BRACKETED.search(match.group()) and not match.group().endswith("班"):
            continue  # 二(2) is a clause number; only a school in front makes it a class.
        yield Found(EntityType.SCHOOL_CLASS, *match.span(), POSSIBLE)


def _start(reading: Reading, index: int) -> int | None:
    """Where the school's name begins, or None for a school in general."""
    words, word = reading.words, reading.words[index]
    start, named = word.start, word.tag in _SCHOOL_TAGS and len(word.text) >= 4
    while index and words[index - 1].end == start and words[index - 1].tag in (_SCHOOL_TAGS | {"PER"}):
        index, start, named = index - 1, words[index - 1].start, True
    name = reading.text[start : word.end]
    return start if named and not _GENERIC.match(name) and not _ON_THE_WAY.search(name) else None
