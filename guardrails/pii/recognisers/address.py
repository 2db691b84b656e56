"""住址 below the district: 村, 小区, road and number, 幢, 单元, 室.

Districts, cities and 街道 by themselves stay: where a family may apply depends on them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from guardrails.pii.found import LIKELY, POSSIBLE, Found
from guardrails.pii.kinds import EntityType
from guardrails.pii.lexer import Word
from guardrails.pii.reading import Reading


def _any(words: str) -> str:
    return "(?:" + "|".join(sorted(words.split(), key=len, reverse=True)) + ")"


_ESTATE = (
    "新村 小区 花园 家园 公寓 人家 苑 园 府 城 里 庄 坊 庭 湾 邸 郡 墅 大厦 宿舍 家属院 大院 "
    "居 轩 阁 邨 寓 廷 名都 广场 山庄 新城"
)
_RURAL = "村 社区 坞 浜 埭 畈 塘 桥 浦 港 堂 兜 漾 桥头 岭 坑 自然村"
_STREET = "路 街 大街 大道 巷 弄 胡同"

_N = r"(?:[0-9]{1,5}(?:[\-–—][0-9]{1,4}){0,3}|[一二三四五六七八九十百零〇两]{1,6})[A-Za-z甲乙丙丁东西南北]?"
_UNIT = _any("号楼 号院 号门 幢 幢楼 栋 栋楼 座 单元 层 楼 室 号 弄 支弄 组 小队 队 户 房 房间 期 社 门 区")
_CHAIN = (
    rf"(?:[\s#,，]{{0,2}}(?:第\s?)?{_N}\s?{_UNIT}){{1,6}}"
    r"(?:[\s\-]{0,2}[0-9]{2,5}(?![0-9元年月人岁个]))?(?:\s?室)?"
)
_DASHED = r"\s?[0-9]{1,3}-[0-9]{1,3}-[0-9]{2,4}|\s?[0-9]{1,3}-[0-9]{3,4}(?![0-9])"
_NUMBERED = re.compile(
    rf"(?P<suffix>{_any(f'{_ESTATE} {_RURAL} {_STREET} 区')})(?P<detail>{_CHAIN}|{_DASHED})"
)
_ONLY_BUILDINGS = re.compile(r"幢|栋|号楼|单元|室|-")
_WEAK_SUFFIXES = frozenset("区城园里桥港堂")
"""Ends of many everyday words: they need a building number behind them, not just any number."""

_ALONE = re.compile(
    rf"(?<![0-9])(?:{_N}\s?(?:幢|栋|号楼)(?:[\s,，]{{0,2}}{_N}\s?(?:单元|层|楼|室|号|户|门)){{0,3}}"
    r"(?:[\s\-]{0,2}[0-9]{3,4}(?![0-9元年月人]))?(?:\s?室)?"
    rf"|{_N}\s?单元[\s,，]{{0,2}}(?:{_N}\s?(?:层|楼)\s?)?{_N}(?:\s?(?:室|号|户))?"
    r"|[0-9]{1,3}-[0-9]{1,2}-[0-9]{3,4}(?:\s?室)?(?![0-9])|[0-9]{3,4}\s?室(?!内))"
)
_LIVES = re.compile(
    _any(
        "家住 家住在 住址 地址 居住地 住在 住到 住 搬到 搬去 搬来 租在 租住 租住在 租的 家在 位于 坐落 "
        "户口在 户籍在 户口是 户籍是 请寄 寄往 老家 老家在 老家是 寄到 送到 暂住 现住 回 回到 落户"
    )
    + r"(?:了|的|是|为|[:：\s]){0,3}"
)
_PLACE_END = re.compile(
    rf"(?:{_any('新村 小区 社区 花园 家园 公寓 人家 山庄 家属院 宿舍 大院 自然村 名都 新城')}"
    r"|(?![农乡全本各同每该个])[\u4e00-\u9fff]村|苑|园|府|庄|坊|庭|湾|邸|郡|墅|坞|浜|埭|畈|巷|弄|胡同|大?街|路|里"
    r"|[一二三四五六七八九东西南北]区)$"
)
_ESTATE_NAME = re.compile(
    r"(?!所|院|宿|在)(?:(?![的和或者])[\u4e00-\u9fff]){2,5}?"
    r"(?:新村|小区|花园|家园|公寓|人家|家属院|(?![农乡全本各同每该个的])[\u4e00-\u9fff]村)(?![里口委])"
)
_NAMED = re.compile(r"(?:新村|小区|花园|家园|公寓|山庄|家属院|自然村|村|社区|苑)$")
_ADMIN = re.compile(
    r"(?:中国|浙江省?|杭州市?|(?:上城|拱墅|西湖|滨江|萧山|余杭|临平|钱塘|富阳|临安|下城|江干|开发)区"
    r"|桐庐县?|淳安县?|建德市?|[\u4e00-\u9fff]{2,3}(?:省|自治区)|[\u4e00-\u9fff]{2,3}[市县])"
)
_GAP = re.compile(r"[\u4e00-\u9fff·\s]{0,8}")
_SHORT_NAME = 4
_NO_NAME = frozenset(
    {
        "老家",
        "家里",
        "家",
        "我家",
        "地址",
        "住址",
        "宿舍",
        "孩子",
        "小孩",
        "户口",
        "户籍",
        "学校",
        "电话",
        "工地",
        "单位",
    }
    | {
        "房子",
        "门牌",
        "医院",
        "民政局",
        "中心",
        "窗口",
        "大厅",
        "现在",
        "奶奶",
        "妈妈",
        "爸爸",
        "爷爷",
        "外婆",
        "外公",
        "儿子",
        "女儿",
    }
)
"""Nouns in front of a building that do not name it."""
_PART = frozenset({"LOC", "ORG", "nz", "PER", "nw", "s"})
_WEAK_PART = frozenset({"n", "f", "a", "vn", "m", "q"})
_NOBODYS = _any(
    "我们 你们 他们 本 该 各 每 全 同 哪 某 那 这 一 个 农 乡 山 渔 整 老 新 自己 所在 户籍 户籍地 居住地 "
    "当地 城中 美丽 未来 智慧 文明 儿童 幸福 行政 大 小 进 出 回 在 到 的 和 、 及"
)
_EVERYDAY = _any(
    f"村 社区 {_ESTATE} {_STREET} 区 桥 省 幼儿园 学园 公园 乐园 校园 家庭 法庭 政府 县城 城区 园区 校区 "
    "地区 辖区 市区 山区 片区 院区 病区 特区 新区 景区 郊区 街区 下城 进城 农场"
)
_GENERIC = re.compile(rf"{_NOBODYS}{{0,6}}{_EVERYDAY}$|.*政府")


def find(reading: Reading) -> Iterator[Found]:
    """Addresses by their numbers, by 住在 and the like, and by the name of a village or estate."""
    found = sorted(
        chain(_numbered(reading), _alone(reading), _lived_in(reading), _named(reading)),
        key=lambda item: (item.start, -item.end),
    )
    whole: Found | None = None
    for item in found:
        if whole and _one_address(reading.text, whole, item):
            whole = Found(item.type, whole.start, max(whole.end, item.end), max(whole.score, item.score))
            continue
        if whole:
            yield whole
        whole = item
    if whole:
        yield whole


def _one_address(text: str, first: Found, second: Found) -> bool:
    """Whether two finds are parts of one address: 文一西路857号 采荷人家 14幢."""
    gap = text[first.end : second.start]
    building = _ONLY_BUILDINGS.search(text[second.start : second.end])
    return second.start <= first.end or (bool(building) and _GAP.fullmatch(gap) is not None)


def _alone(reading: Reading) -> Iterator[Found]:
    """Buildings and rooms, with the name that stands before them whatever it ends with."""
    holding = _words_by_position(reading.words)
    for match in _ALONE.finditer(reading.text):
        index = holding.get(match.start() - 1)
        start = match.start()
        if index is not None and reading.words[index].end == start and _may_name(reading.words[index]):
            start = _left(reading, index, start)
        yield Found(EntityType.ADDRESS, start, match.end(), POSSIBLE)


def _may_name(word: Word) -> bool:
    return (word.tag in _PART or word.tag in _WEAK_PART) and word.text not in _NO_NAME and len(word.text) >= 2


def _numbered(reading: Reading) -> Iterator[Found]:
    """A named place with a number behind it: 文三路12号, 华联村3组, 翠苑一区12幢3单元502室."""
    holding = _words_by_position(reading.words)
    for match in _NUMBERED.finditer(reading.text):
        buildings = _ONLY_BUILDINGS.search(match.group("detail"))
        if match.group("suffix") in _WEAK_SUFFIXES and not buildings:
            continue
        at = match.start("detail")
        index = holding.get(at - 1)
        start = match.start() if index is None else _left(reading, index, at)
        if not _GENERIC.match(reading.text[start:at]):
            yield Found(EntityType.ADDRESS, start, match.end(), LIKELY)
        elif buildings:
            yield Found(EntityType.ADDRESS, at, match.end(), POSSIBLE)


def _words_by_position(words: tuple[Word, ...]) -> dict[int, int]:
    return {position: index for index, word in enumerate(words) for position in range(word.start, word.end)}


def _left(reading: Reading, index: int, at: int) -> int:
    """Where a place name begins whose last word is given: over words of places, not over a district."""
    words = reading.words
    start = words[index].start
    while index and words[index - 1].end == start:
        before = words[index - 1]
        weak = before.tag in _WEAK_PART and at - start < _SHORT_NAME and before.text not in _NO_NAME
        if not (before.tag in _PART or weak) or _ADMIN.fullmatch(before.text):
            break
        index, start = index - 1, before.start
    return _past_admin(reading.text, start, at)


def _past_admin(text: str, start: int, end: int) -> int:
    """Skips 浙江省杭州市西湖区 at the front of a place."""
    while match := _ADMIN.match(text, start, end):
        if end - match.end() < 2:
            break
        start = match.end()
    return start


def _lived_in(reading: Reading) -> Iterator[Found]:
    """A place behind 住在, 老家 and the like, even without a number."""
    for cue in _LIVES.finditer(reading.text):
        end = _place_end(reading, cue.end())
        if end is None:
            named = _ESTATE_NAME.match(reading.text, cue.end())
            if named is None:
                continue
            end = named.end()
        start = _past_admin(reading.text, cue.end(), end)
        if end - start >= 3 and not _GENERIC.match(reading.text[start:end]):
            yield Found(EntityType.ADDRESS, start, end, LIKELY)


def _place_end(reading: Reading, start: int) -> int | None:
    """Where the place that begins at an offset ends, over at most eight words of place names."""
    index = reading.word_at.get(start)
    if index is None:
        return None
    position, end = start, None
    for word in reading.words[index : index + 8]:
        if word.start != position or word.tag not in (_PART | _WEAK_PART):
            break
        position = word.end
        if _PLACE_END.search(reading.text[start:position]):
            end = position
    return end


def _named(reading: Reading) -> Iterator[Found]:
    """A village or an estate that LAC reads as a place."""
    for index, word in enumerate(reading.words):
        if word.tag not in ("LOC", "ORG", "nz") or not _NAMED.search(word.text):
            continue
        start = _left(reading, index, word.end)
        name = reading.text[start : word.end]
        if len(name) >= 3 and not _GENERIC.match(name):
            yield Found(EntityType.ADDRESS, start, word.end, POSSIBLE)
