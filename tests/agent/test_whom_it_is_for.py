"""A paragraph for other children is left out, unless somebody asks for it."""

from __future__ import annotations

import pytest

from agent.compose.offline.audiences import load_audiences
from agent.turn import Agent
from knowledge.guides import load_guides
from knowledge.sources import Registry
from knowledge.types import Clause
from tests.agent.conftest import said, talk
from tools.facts import FactBook

STUDENT_LOAN, SENIOR, SPECIAL = "助学贷款", "上高中、中职", "专门学校"


@pytest.mark.parametrize(
    ("told", "shown", "left_out"),
    [
        (["女儿八岁，上小学", "学费能不能免"], "不收学费", SENIOR),
        (["女儿八岁，上小学", "学费能不能免"], "不收学费", STUDENT_LOAN),
        (["女儿八岁，上小学", "以后上高中学费能不能免"], SENIOR, STUDENT_LOAN),
        (["儿子上高一", "学费能不能免"], SENIOR, "保育教育费"),
        (["孩子户口在建德，住杭州", "孤儿补贴一个月多少钱"], "", "不看杭州"),
        (["孩子户口在安徽，住杭州", "困境儿童补贴归哪里管"], "户口所在的", SPECIAL),
        (["孩子智力三级，十岁，上培智学校", "不合适能不能转回普通学校"], "", SPECIAL),
        (["我孩子生病要休学一年，学籍会不会没了"], "", SPECIAL),
        (["孙子十五岁，爹妈都没了，跟我过", "看病要不要自己出钱"], "全额救助", "补助标准"),
        (["儿子偷东西被派出所抓了", "会送专门学校吗"], SPECIAL, "孤儿"),
        (["孤儿门诊自己付的钱有没有封顶"], "不设上限", "孤儿以外的人"),
        (["家里吃低保，女儿查出罕见病，还有按月的钱吗"], "困境儿童", "参照单人户"),
        (["低保边缘户看病能不能便宜点"], "看病", "都够不上"),
        (["我们不是低保，孩子也没残疾，有啥补贴"], "", "一般家庭重残"),
        (["残疾人两项补贴里有我儿子吗，他智力三级"], "智力残疾", "父母重残"),
    ],
)
async def test_what_is_for_other_children(agent: Agent, told: list[str], shown: str, left_out: str) -> None:
    *_, result = await talk(agent, told)
    assert shown in said(result)
    assert left_out not in said(result)


def _paragraphs() -> list[Clause]:
    guides = load_guides(Registry.load()).values()
    return [clause for guide in guides for _, own in guide.sections for clause in own]


@pytest.mark.parametrize("name", load_audiences().audiences)
def test_every_audience_is_written_for(name: str) -> None:
    assert any(load_audiences().audiences[name].are_meant(clause) for clause in _paragraphs())


def test_every_value_is_one_of_its_fact() -> None:
    facts = FactBook.load()
    file = load_audiences()
    conditions = [c for one in file.audiences.values() for c in (one.told, one.against)]
    for values in (*conditions, *(kind.told for kind in file.kinds)):
        for name, wanted in values.items():
            fact = facts[name]
            assert all(isinstance(value, bool | int) or value in fact.values for value in wanted), (
                name,
                wanted,
            )


def test_most_paragraphs_are_for_everybody() -> None:
    audiences = load_audiences().audiences.values()
    kept = [c for c in _paragraphs() if not any(a.are_meant(c) for a in audiences)]
    assert len(kept) > 0.8 * len(_paragraphs())
