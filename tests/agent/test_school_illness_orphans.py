"""Talks about school, illness, orphans with relatives, a parent in prison: what is said, and what never."""

from __future__ import annotations

import pytest

from agent.turn import Agent
from agent.understand.kin import tells_of_own_child
from tests.agent.conftest import said, talk


@pytest.mark.parametrize(
    ("told", "shown", "left_out"),
    [
        (["我们江西来打工的", "放暑假了孩子没人管，有没有地方去"], "儿童主任", "今晚"),
        (["寒假两个人都要上工，娃没地方去"], "儿童主任", "临时救助"),
        (["儿子初一，得了抑郁症", "老师叫先休学，手续怎么弄"], "心里的病能不能休学", "学生欺凌"),
        (["娃肾病住院，学校让休学，去哪办手续"], "家长提出申请", "聊天记录"),
        (["她读初二", "弟弟四年级，贫困补助哪里申请"], "找孩子的学校", "学生欺凌"),
        (["学校说孩子心理测评没过", "小的八个月，有啥钱", "刚才那个测评会跟着她进档案吗"], "档案", "育儿"),
        (["儿子十三，天天说没人听他讲话，想找个人聊聊"], "12356", "低保"),
        (["孙女脑瘫，七岁", "小学不收，说没法照顾"], "不能拒收", "光凭这些"),
        (["孩子是唐氏，四岁"], "残疾评定", "光凭这些"),
        (["女儿智力三级，六岁", "我们收入挺高的，不困难"], "", "最低生活保障"),
        (["外孙九岁，他爸判了五年，他妈联系不上", "能带他去牢里看他爸不"], "监狱", "看守所"),
        (["闺女脑瘫要人守着，我出不去做工，低保能不能吃"], "没有写大人一定要上班", ""),
        (["我哥哥嫂子都去世了，侄子侄女跟我", "哥哥的房贷要两个娃还吗"], "要不要孩子还", "收养"),
        (["我哥哥嫂子都去世了，侄子侄女跟我", "他们的钱是一人一份不"], "按孩子算", ""),
        (["侄子十五，爹妈都去世了，跟着大伯", "大伯能签字不"], "监护人先是", "陪你去办"),
        (["外甥十六，爸妈都没了", "不肯念书，想去厂里做", "那他的孤儿费还发不"], "不读书了", "满18周岁后"),
        (["娃耳朵听不见，九岁", "学校让去聋校，我们不想去聋校"], "就近上普通学校", ""),
        (["侄女十二，爸妈车祸都走了", "她夜里老哭，不说话"], "心理老师", ""),
        (["儿子多动，吃药一个月八百，能报吗"], "医保", "欺凌"),
        (["他爹判了八年，我一个人带", "孩子们想他们爸，多久能见一次"], "监狱", "外出的父母"),
        (["我15，妈妈没了，爸爸坐牢，跟奶奶", "夜里睡不着，想我妈"], "12356", "临时救助"),
        (["我爸妈都有残疾，我十三岁"], "", "残疾是哪一类"),
        (["小的一岁半，生下来听不见"], "很可能符合「残疾儿童康复救助」", ""),
        (["孩子癫痫，十岁", "药一个月要一千多，贵"], "", "按全家人均"),
        (["儿子初三，学校要他写保证书才让回来读"], "教育局", ""),
        (["幼儿园听说娃自闭症，就讲满了"], "普惠幼儿园也要收", ""),
        (["外孙女坐轮椅，初中说没电梯不收"], "不能拒收", ""),
        (["我侄女爸妈都去世了，债主上门找她要钱"], "要不要孩子还", ""),
        (["他爸坐牢，妈妈改嫁，跟外婆", "学校要困难证明，去哪开"], "", "犯了事"),
        (["孙子走不了路，八岁", "教室在三楼，能不能换到一楼"], "走路不方便的孩子", ""),
        (["她爸在坐牢", "怕同学知道，要不要告诉老师"], "保密", ""),
        (["儿子职高不去上课", "学校说再不来按退学算"], "开除", ""),
    ],
)
async def test_what_a_family_reads(agent: Agent, told: list[str], shown: str, left_out: str) -> None:
    *_, result = await talk(agent, told)
    assert shown in said(result)
    assert not left_out or left_out not in said(result)


async def test_a_condition_that_was_told_is_not_asked_for_again(agent: Agent) -> None:
    """脑瘫 fixes no kind of disability, but who said it is not asked 孩子有残疾吗."""
    first, second = await talk(agent, ["孙子脑瘫，九岁", "低保没有的"])
    assert "残疾是哪一类" in said(first)
    assert "孩子有残疾吗" not in said(first) + said(second)


async def test_a_no_says_what_is_asked_for(agent: Agent) -> None:
    """卡在这一条：妈妈已经去世 reads as if she were dead."""
    (result,) = await talk(agent, ["孩子十岁，爸爸去世了，妈妈上班带他，能算孤儿吗"])
    assert "卡在" not in said(result)
    assert "它要求“妈妈" in said(result)


async def test_the_money_is_that_of_the_benefit_spoken_of_before(agent: Agent) -> None:
    told = ["侄子十五，爹妈都去世了，跟着我", "监护人怎么定", "那他的钱会停吗"]
    *_, result = await talk(agent, told)
    assert result.state.topic == "B01"


@pytest.mark.parametrize(
    ("earlier", "told"),
    [
        ("我侄子16，爸妈都去世了", True),
        ("外孙女九岁", True),
        ("我家娃八岁", True),
        ("我12岁，跟奶奶住", False),
        ("爸爸坐牢了，我和弟弟两个人住", False),
    ],
)
def test_who_tells_of_an_own_child_is_grown_up(earlier: str, told: bool) -> None:
    assert tells_of_own_child(earlier) is told
