"""What the data tests of the guides share: the loaded guides, official names, how plain text is counted."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from knowledge.guides import load_guides
from knowledge.sources import CORPUS, Registry
from knowledge.types import Clause, Guide

FOLDER = CORPUS / "guides"

NAMES = {
    "B01": "孤儿基本生活保障",
    "B02": "事实无人抚养儿童基本生活补贴",
    "B03": "艾滋病病毒感染儿童基本生活费",
    "B04": "困境儿童基本生活补贴",
    "B05": "一般家庭重残儿童基本生活费补贴",
    "B06": "最低生活保障",
    "B07": "参照单人户纳入最低生活保障",
    "B08": "最低生活保障边缘家庭",
    "B09": "刚性支出困难家庭",
    "B10": "特困人员救助供养",
    "B11": "临时救助",
    "B12": "困难残疾人生活补贴",
    "B13": "重度残疾人护理补贴",
    "B14": "残疾儿童康复救助",
    "B15": "明天计划、光明工程、添翼计划",
    "B16": "资助参保",
    "B17": "医疗救助",
    "B18": "教育救助",
    "B19": "学前一年免保育教育费",
    "B20": "福彩圆梦·孤儿助学工程",
    "B21": "浙里护苗·圆梦助学",
    "B22": "过渡期补贴",
    "B23": "成年后住房、就业和培训支持",
    "B24": "流动儿童入学与服务",
    "B25": "留守儿童关爱与委托照护",
    "B26": "监护确定与变更",
    "B27": "机构养育与替代照护",
    "B28": "强制报告",
    "B29": "人身安全保护令",
    "B30": "法律援助",
    "B31": "学生欺凌与学校保护",
    "B32": "心理健康服务",
    "B33": "孤儿、事实无人抚养儿童认定跨省通办",
    "B34": "收养与家庭寄养",
    "B35": "特殊教育",
    "B36": "育儿补贴",
    "B37": "申诉、复议与诉讼",
}
"""Official names of the entries, as the table of names gives them."""

GROUPS = {
    "G01": "孤儿",
    "G02": "事实无人抚养儿童",
    "G03": "残疾儿童",
    "G04": "家庭经济困难儿童",
    "G05": "流动儿童",
    "G06": "留守儿童",
}
LIFE = {
    "L01": "孩子刚没了父母先做什么",
    "L02": "找不到孩子爸爸怎么报警查找",
    "L03": "大病花光了钱",
    "L04": "要不要放弃低保",
    "L05": "户口不在杭州",
    "L06": "满18岁以后",
    "L07": "不服怎么办",
    "L08": "儿童主任是谁",
}

_SENTENCE_END = re.compile(r"[。！？\n]")
_HAN = re.compile(r"[\u4e00-\u9fff]")


@functools.cache
def guides() -> dict[str, Guide]:
    """Every shipped guide."""
    return load_guides(Registry.load())


def paragraphs(guide: Guide) -> Iterator[Clause]:
    """All paragraphs of a guide in order."""
    for _, clauses in guide.sections:
        yield from clauses


def section(guide: Guide, heading: str) -> str:
    """The words of one section; empty where the guide has none."""
    return "\n".join(clause.text for name, clauses in guide.sections if name == heading for clause in clauses)


def prose(guide: Guide) -> str:
    """Everything that a family reads of a guide: its summary and its paragraphs."""
    return "\n".join([guide.summary, *(clause.text for clause in paragraphs(guide))])


def sentences(text: str) -> list[str]:
    """Sentences as AX-8 counts them: up to 。！？, commas and semicolons do not end one."""
    return [sentence.strip() for sentence in _SENTENCE_END.split(text) if sentence.strip()]


def rare_characters(text: str) -> set[str]:
    """Characters outside the 3,755 of GB 2312 level 1, which stand for the common set."""
    return {character for character in _HAN.findall(text) if not _is_common(character)}


def _is_common(character: str) -> bool:
    encoded = character.encode("gb2312", errors="ignore")
    return len(encoded) == 2 and 0xB0 <= encoded[0] <= 0xD7
