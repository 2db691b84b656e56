"""What a family must not be told wrongly: each trap of the facts stands in the guide where it bites."""

from __future__ import annotations

import re

import pytest

from knowledge.types import Confidence
from tests.knowledge.guide_text import guides, paragraphs, section

TRAPS = [
    ("B02", "谁可以", "父母双方都要看", "民发〔2019〕62号", "both parents are tested"),
    ("B02", "谁可以", "期限都要在6个月以上", "民发〔2019〕62号", "prison and detox of 6 months or more"),
    (
        "B02",
        "谁可以",
        "离婚、再婚、外出打工、不给抚养费",
        "民发〔2020〕125号",
        "divorce alone does not count",
    ),
    ("B02", "怎么办理", "登记满6个月还没找到", "民发〔2020〕125号", "the police trail of 失联"),
    ("B02", "怎么办理", "从下个月开始发", "民发〔2019〕62号", "money starts the month after"),
    ("B02", "注意什么", "不应该张榜公示", "民发〔2019〕62号", "no public notice"),
    ("B02", "注意什么", "不算家庭收入", "民发〔2019〕62号", "order of allowance and 低保"),
    ("B02", "注意什么", "不再拿困难残疾人生活补贴", "民发〔2019〕62号", "full allowance excludes"),
    ("B02", "注意什么", "可以同时享受", "民发〔2019〕62号", "care allowance and rehabilitation stack"),
    ("B04", "注意什么", "残疾孩子可以自己选", "杭政办函〔2025〕70号", "the family chooses"),
    ("B04", "注意什么", "就高不重复", "杭政办函〔2025〕70号", "the higher one, not both"),
    ("B05", "谁可以", "各区县可能不一样", "杭政办函〔2025〕70号", "depends on the district"),
    ("B06", "谁可以", "不算家里人", "民发〔2021〕57号", "a parent in prison is not counted"),
    ("B06", "注意什么", "公示7天", "民发〔2021〕57号", "public notice of 低保"),
    ("B07", "谁可以", "四级不在这一条里", "民发〔2021〕57号", "the narrower 重残"),
    ("B10", "谁可以", "一到三级智力、精神残疾", "民发〔2021〕43号", "no ability to work"),
    ("B10", "注意什么", "只能选一边", "民发〔2021〕43号", "特困 or 孤儿"),
    ("B10", "注意什么", "我们看新法", "浙江省社会救助条例", "the later law"),
    ("B11", "怎么办理", "不看户口在哪里", "社会救助法", "where the emergency happens"),
    ("B11", "给什么", "每人最多是当地低保标准的6倍", "浙江省社会救助条例", "upper limits, not sums"),
    ("B14", "怎么办理", "发居住证的地方也可以", "国发〔2018〕20号", "residence permit is enough"),
    ("B16", "怎么办理", "不用申请", "杭政办函〔2025〕70号", "automatic: check, do not apply"),
    ("B17", "给什么", "标点丢了", "杭政办函〔2025〕70号", "the copy lost its punctuation"),
    ("B18", "怎么办理", "不是找乡镇（街道）", "社会救助法", "ask the school"),
    ("B26", "谁可以", "不等于就是监护人", "民法典", "a grandparent is not guardian by caring"),
    ("B29", "怎么办理", "72小时内决定", "反家庭暴力法", "hours, not days"),
    ("B30", "怎么办理", "7天内决定", "法律援助法", "days, not working days"),
    ("L04", "先做什么", "先别急着退", "民发〔2021〕57号", "do not give up 低保 first"),
    ("L05", "一般回户口地办的", "归户口所在地", "杭政办函〔2025〕70号", "place of registration"),
]


@pytest.mark.parametrize(("entry", "heading", "words", "number", "why"), TRAPS)
def test_trap_is_told_with_its_clause(entry: str, heading: str, words: str, number: str, why: str) -> None:
    guide = guides()[entry]
    clauses = [
        c
        for name, group in guide.sections
        if name == heading
        for c in group
        if words in c.text.replace("\n", "")
    ]
    assert clauses, f"{entry} {heading} must tell: {why}"
    titles = [f"{c.number or ''}{c.document}" for clause in clauses for c in (clause.citation, *clause.also)]
    assert any(number in title for title in titles), titles


def test_working_days_and_days_are_kept_apart() -> None:
    """15+15 working days for 事实无人抚养; 7 days of notice are days."""
    text = section(guides()["B02"], "怎么办理")
    assert re.findall(r"15个工作日", text) == ["15个工作日", "15个工作日"]
    for guide in guides().values():
        for clause in paragraphs(guide):
            assert not re.search(r"公示7个工作日|15\+15天", clause.text), clause.id


def test_widening_of_rehabilitation_age_is_only_reported() -> None:
    """0-6, 8 and 16 are confirmed for 2018; 0-18 is not."""
    for clause in paragraphs(guides()["B14"]):
        if "18周岁" in clause.text:
            assert clause.citation.confidence is Confidence.REPORTED


def test_sensitive_entry_asks_for_no_more_than_needed() -> None:
    """Identity of a child with HIV is never asked for."""
    text = "\n".join(clause.text for clause in paragraphs(guides()["B03"]))
    assert "不用说出孩子的名字" in text
    assert "要替您保密" in text


def test_other_provinces_never_answer_for_hangzhou() -> None:
    for guide in guides().values():
        for clause in paragraphs(guide):
            assert clause.region in {"杭州市", "浙江省", "全国"}, clause.id
            assert not re.search(r"重庆|山东|福建|南昌|罗庄", clause.text), clause.id


def test_hours_of_the_helpline_are_not_promised() -> None:
    """Hangzhou's hours of 12356 are not known; 110 and 120 are always there and carry no such words."""
    for guide in guides().values():
        for clause in paragraphs(guide):
            if "打12356" in clause.text:
                assert "服务时间以当地为准" in clause.text, clause.id
            assert not re.search(r"1[12]0[^。]*服务时间", clause.text), clause.id
