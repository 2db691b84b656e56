"""What decides comes first, and nothing after it takes it back (issue 6, item 4)."""

from __future__ import annotations

import pytest

from agent.asking import asking_part
from agent.compose.offline.choice_words import load_choice
from agent.turn import Agent
from agent.types import ConversationState
from agent.understand.questions import topics_named, turns_away
from tests.agent.conftest import said, talk

_OFFERS = "可能符合「"


@pytest.mark.parametrize(
    ("asked", "decides", "never"),
    [
        (
            "我们低边，儿子肢体三级有证，想把他一个人单独算低保，行不行",
            "三级的肢体",
            "有可能符合「参照单人户",
        ),
        (
            "我家是低保，小孩没残疾也没大病，困境儿童基本生活补贴能领吗",
            "文件列出的几类里没有写到他",
            "有可能符合「困境儿童基本生活补贴",
        ),
        (
            "孩子在没有牌照的看护点上大班，大班免费算他的吗",
            "没有写可以减免",
            "有可能符合「学前一年",
        ),
    ],
)
async def test_what_the_guide_denies_is_not_offered_below_it(
    agent: Agent, asked: str, decides: str, never: str
) -> None:
    (result,) = await talk(agent, [asked])
    answer = said(result)
    assert decides in answer
    assert never not in answer


async def test_what_the_family_has_takes_the_place_of_the_next_lower(agent: Agent) -> None:
    """Who has 特困 is offered neither 低保 nor 低保边缘."""
    (result,) = await talk(agent, ["我家吃特困的，孙子九岁，还有什么可以申请的"])
    offers = [line for line in said(result).split("。") if _OFFERS in line]
    assert not any("最低生活保障" in line for line in offers)


async def test_a_quarrel_with_a_school_is_no_refused_benefit(agent: Agent) -> None:
    """No paper with reasons and no 复议 where a nursery says that it is full; 区县教育局 can help."""
    (result,) = await talk(agent, ["儿子唐氏，四岁，家门口的普惠园看了诊断书就说满员不收，我不服"])
    assert "复议" not in said(result)
    assert "教育局" in said(result)


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("我一个人带孙子，实在撑不住了", True),
        ("家里就我一个人", True),
        ("没人搭把手，天天睡不着", True),
        ("我跟老伴带孙子，实在撑不住了", False),
        ("他一个人在家，我不放心", False),
    ],
)
def test_alone_is_said_only_to_who_is_alone(text: str, alone: bool) -> None:
    assert bool(load_choice().alone.search(text)) is alone


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("外公住院了，爸爸联系不上，孩子上学的钱谁管", "孩子上学的钱谁管"),
        ("低保要多久，要带什么？", "低保要多久，要带什么？"),
        ("孩子爸爸去年走了", "孩子爸爸去年走了"),
    ],
)
def test_the_clauses_that_ask(text: str, asks: str) -> None:
    assert asking_part(text) == asks


@pytest.mark.parametrize(
    ("talked", "asked", "answer"),
    [
        (
            "孩子爸爸坐牢判了三年，妈妈尿毒症，孩子11岁，有补贴吗",
            "那我奶奶中风了，可不可以交给邻居阿姨",
            "托付",
        ),
        ("残疾人两项补贴怎么申请", "那在外打工多久必须给娃打一次电话", "每周"),
        ("低保怎么申请", "那要多久", "工作日"),
        ("孤儿怎么认定", "医保要自己交吗，那低边的小孩呢", "医保"),
    ],
)
async def test_another_matter_is_answered_whatever_the_talk_was_about(
    reading_agent: Agent, talked: str, asked: str, answer: str
) -> None:
    """What begins with 那 may turn away from the running topic, or go on about it (issue 6, item 3)."""
    *_, result = await talk(reading_agent, [talked, asked])
    assert answer in said(result)


@pytest.mark.parametrize(
    ("text", "guides", "away"),
    [
        ("那交给邻居阿姨带行不行", {"B25": 0.9, "B02": 0.05}, True),
        ("那交给邻居阿姨带行不行", {"B25": 0.5, "B02": 0.05}, False),
        ("那父母都在坐牢的", {"B02": 0.9}, False),
        ("那要多久", {"B25": 0.9}, False),
        ("他弟弟也行吗", {"B25": 0.9}, False),
        ("第二个怎么办", {"B25": 0.9}, False),
        ("这下是不是要去报一声", {"B28": 0.97}, False),
        ("要不要去讲一声", {"B28": 0.9}, False),
        ("那交给邻居阿姨带行不行", {}, False),
    ],
)
def test_who_turns_away_from_the_running_topic(text: str, guides: dict[str, float], away: bool) -> None:
    assert turns_away(text, guides, ConversationState(topic="B02")) is away
    assert not turns_away(text, guides, ConversationState())


@pytest.mark.parametrize(
    ("asked", "before", "after"),
    [
        ("孙子住校，学费住宿费能少点吗", "都不收学费", "校车、校服"),
        ("孩子上小学住校，住宿费能免吗", "免住宿费", "手上的文件没有写"),
        ("他爸不给抚养费怎么办", "孩子有权要", "法院判了抚养费"),
        ("前夫不肯出抚养费咋弄", "孩子有权要", "法院判了抚养费"),
        ("想把老家的娃接到身边来念书", "第一步", "第二步"),
    ],
)
async def test_what_no_document_says_stands_after_what_answers(
    agent: Agent, asked: str, before: str, after: str
) -> None:
    (result,) = await talk(agent, [asked])
    answer = said(result)
    assert before in answer and (after not in answer or answer.index(before) < answer.index(after))


@pytest.mark.parametrize(
    ("asked", "decides", "never"),
    [
        ("孩子妈不给抚养费三年了，打官司要多少钱", "不能向您收钱", "法律没有写发多少钱"),
        ("他爸不给抚养费，我想请律师起诉，没钱怎么办", "不能向您收钱", "法律没有写发多少钱"),
        ("请律师帮孩子要赔偿，我们是低保，要不要证明穷", "免查", "被怀疑犯罪"),
    ],
)
async def test_a_lawsuit_for_support_leads_to_legal_aid(
    agent: Agent, asked: str, decides: str, never: str
) -> None:
    (result,) = await talk(agent, [asked])
    assert decides in said(result) and never not in said(result)


@pytest.mark.parametrize(
    ("talked", "asked", "answer"),
    [
        ("姑姑想正式收养我侄女，爸妈都不在了", "孩子九岁了自己不肯，怎么办", "要他自己同意"),
        ("我姐想收养我侄子，哥嫂没了", "家里已经有两个孩子了，会不会超", "孩子个数"),
        ("侄女爸妈都判了，户口江西，我就近在萧山交了表", "老家那边要多少天", "3个工作日"),
        ("女儿得了白血病，家里卖了房", "除了低保还有啥", "医疗救助"),
        ("我外甥是孤儿今年十九了读大二", "还有生活费吗", "孤儿满18周岁后"),
        ("隔壁女婿家里不太平", "女婿打我女儿，女儿不敢去法院，我当娘的好去伐", "近亲属"),
    ],
)
async def test_the_talk_goes_on_about_what_was_named(
    reading_agent: Agent, talked: str, asked: str, answer: str
) -> None:
    """收养 is shown to nobody who did not speak of it: who spoke of it a turn ago did."""
    *_, result = await talk(reading_agent, [talked, asked])
    assert answer in said(result)


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("那算几口人", "B06"),
        ("他在牢里，我家按几个人算低保", "B06"),
        ("每年都有福彩那一万", "B20"),
        ("福彩给的上学钱断了", "B20"),
        ("想去法院讨一张令", "B29"),
        ("育儿那个钱怎么领", "B36"),
        ("能不能接到我这边读书", "B24"),
        ("看中福利院一个小囡", "B34"),
    ],
)
def test_a_benefit_is_known_by_what_families_call_it(text: str, entry: str) -> None:
    assert topics_named(text)[0] == entry
