"""What a family did not ask for and must not hear: a no by age, the same block again, senseless questions."""

from __future__ import annotations

import re

import pytest

from agent.compose.offline.verdict_words import load_words
from agent.turn import Agent
from agent.types import Sentence
from tests.agent.conftest import said, talk
from tools.types import Outcome

OURS = "「{}」目前看不符合"


@pytest.mark.parametrize(
    "told",
    ["我孙子8岁，一直跟我过", "我儿子14岁多动症", "女儿15岁", "外甥6岁住我家", "单亲带个儿子6岁"],
)
async def test_nobody_hears_of_babies_who_tells_of_a_grown_child(agent: Agent, told: str) -> None:
    (result,) = await talk(agent, [told])
    assert "育儿补贴" not in said(result)


async def test_who_asks_about_babies_hears_the_age(agent: Agent) -> None:
    (result,) = await talk(agent, ["孩子5岁了，育儿补贴能领吗"])
    assert "3周岁" in said(result)


@pytest.mark.parametrize(
    ("told", "asks", "never"),
    [
        (["我孙子8岁，一直跟我过"], "爸爸现在", "上什么学"),
        (["我是姑姑，侄子6岁跟着我"], "爸爸现在", "上什么学"),
        (["家里是低保，孩子上三年级"], "", "每人每月的收入"),
        (["家里低边，女儿9岁"], "", "每人每月的收入"),
        (["我在工地摔断了腿，两个孩子上小学", "7岁", "我家不是低保"], "", "孤儿"),
        (["女儿15岁", "她爸肝硬化，家里就我一个人上班"], "您自己身体", "孩子的妈妈现在"),
        (["我和老婆结婚十年没孩子，想领养一个", "我32，她28"], "", "孩子的"),
    ],
)
async def test_questions_have_to_do_with_the_story(
    agent: Agent, told: list[str], asks: str, never: str
) -> None:
    results = await talk(agent, told)
    asked = [s.text for r in results for s in _questions(r.reply.sentences if r.reply else ())]
    assert not any(never in text for text in asked)
    assert asks in (asked[-1] if asked else "")


async def test_a_term_is_asked_for_in_words(agent: Agent) -> None:
    (*_, result) = await talk(agent, ["我是奶奶，孙女7岁，她爸强戒了，她妈去世了"])
    assert "期限一共多久" in said(result)
    assert "600" not in said(result)


async def test_a_verdict_that_stands_is_not_said_again(agent: Agent) -> None:
    first, second, third, fourth = await talk(
        agent,
        [
            "孙子8岁跟我过，他爸判了三年在坐牢，他妈改嫁了",
            "事实无人抚养能领吗",
            "他妈在江西上班",
            "那我能给他办啥",
        ],
    )
    denied = OURS.format("事实无人抚养儿童基本生活补贴")
    assert "育儿补贴" not in said(first)
    assert denied not in said(second)  # whether she can be reached is still to be asked
    assert denied not in said(fourth)
    assert [denied in said(one) for one in (first, second, third, fourth)].count(True) <= 1
    assert "「最低生活保障」" in said(fourth)


@pytest.mark.parametrize(
    ("told", "support"),
    [
        ("她妈改嫁了，就在隔壁镇上班，事实无人抚养能办吗", True),
        ("她妈在养老院做护工，跟我们一起住，事实无人抚养能办吗", False),
    ],
)
async def test_support_is_for_who_is_left_alone(agent: Agent, told: str, support: bool) -> None:
    results = await talk(agent, ["孙囡14岁，她爸爸前年去世了", told])
    assert ("父母一方有能力却不管的" in said(results[-1])) is support


@pytest.mark.parametrize("told", ["我们拿不出来", "钱倒是每月寄的", "我一个月三千块", "房子是公婆的"])
async def test_a_plain_statement_is_heard(agent: Agent, told: str) -> None:
    result = (await talk(agent, ["女儿9岁，肢体二级", told]))[-1]
    assert "没听明白" not in said(result)


async def test_a_corrected_sum_is_no_riddle(agent: Agent) -> None:
    result = (await talk(agent, ["孙女14岁，她爸去世了", "说错了，她妈妈一个月是2300"]))[-1]
    assert "哪一条不对" not in said(result)
    assert "人均" in said(result)


async def test_no_single_household_for_an_illness_nobody_spoke_of(agent: Agent) -> None:
    results = await talk(agent, ["孩子四级智力残疾，家里低边", "那困境儿童补贴呢"])
    assert "参照单人户纳入最低生活保障" not in said(results[-1])


async def test_who_is_no_orphan_is_offered_nothing_for_orphans(agent: Agent) -> None:
    results = await talk(agent, ["孩子先心病，一岁", "孩子不是孤儿，那还能申请不", "户口没上呢"])
    assert "有可能符合「孤儿基本生活保障」" not in said(results[-1])


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("按您说的，孩子很可能符合「临时救助」（先帮一把）。", Outcome.LIKELY),
        ("另外还很可能符合：「资助参保」、「临时救助」。", Outcome.LIKELY),
        ("「临时救助」目前看不符合，卡在这一条。", Outcome.UNLIKELY),
        ("孩子有可能符合「临时救助」，我再问您几句就能看清。", Outcome.UNKNOWN),
        ("「临时救助」（先帮一把）还不能判断，还差一件事。", Outcome.UNKNOWN),
    ],
)
def test_how_a_verdict_was_said_is_known_again(text: str, outcome: Outcome) -> None:
    found = {o for o, p in load_words().said.items() if re.search(p.format(name="临时救助"), text)}
    assert found == {outcome}


def _questions(sentences: tuple[Sentence, ...]) -> list[Sentence]:
    return [s for s in sentences if s.role.value == "question"]


async def test_a_pupil_in_trouble_is_no_child_of_prisoners(agent: Agent) -> None:
    """会坐牢吗 brings no parent in prison, 开除 no school aid, 案底 no refusal to answer (critic D, F7)."""
    results = await talk(
        agent,
        [
            "我儿子15岁，跟人一起偷电瓶车被派出所抓了，会坐牢吗",
            "他现在职高一年级，学校说要开除他",
            "以后考驾照当兵会不会有影响，案底能消吗",
        ],
    )
    texts = [said(result) for result in results]
    assert "由办案机关决定" in texts[0] and "事实无人抚养" not in texts[0] and "低保" not in texts[0]
    assert "高中、职高也一样" in texts[1] and "「教育救助」" not in texts[1] and "欺负？" not in texts[1]
    assert "封存" in texts[2] and "帮不上忙" not in texts[2]


async def test_parents_who_do_not_call_are_answered(agent: Agent) -> None:
    results = await talk(agent, ["孙女9岁，她爸妈在外头打工，我带", "她妈妈一年到头也不打个电话，钱也不寄"])
    assert "请他们去劝" in said(results[-1]) and "收入是按全家人均" not in said(results[-1])


@pytest.mark.parametrize(
    "told", ["我们娃是多动症，老师天天打电话叫我接回去", "白血病，10岁，休学一年，学籍会不会没了"]
)
async def test_school_trouble_is_headed_by_no_bullying(agent: Agent, told: str) -> None:
    (result,) = await talk(agent, [told])
    assert "「学生欺凌" not in said(result) and "专门学校" not in said(result)


@pytest.mark.parametrize(
    ("told", "said_", "never"),
    [
        (["低保人家的孩子上幼儿园中班，保育费找园长还是找街道"], "幼儿园", "「最低生活保障」"),
        (["低保户的儿子住院，钱到哪里报"], "结账", "办「最低生活保障」，去这里"),
        (["残疾人生活补贴去哪里办", "那个钱是低保标准的百分之几"], "30%", "按差额发"),
        (["感染艾滋病的孩子每月有生活费吗", "跟孤儿是一样多吗"], "散居孤儿", "住福利机构的孩子"),
        (["法律援助几天有答复", "他们说我不够条件，我去哪里讲理"], "司法局", "作决定的乡镇"),
        (["申请人身安全保护令", "法院没同意，还能怎么办"], "复议", "作决定的乡镇"),
        (["侄子没爹没娘，今年廿一，工作找不到，政府帮不帮"], "工作", "可能符合「孤儿"),
        (["儿子早些年在工地摔坏了腿，肢体三级，媳妇走了一年多，孙女算不算事实孤儿"], "三级", "「临时救助」"),
        (["孩子的外婆讲没了娘就是孤儿，叫我去领孤儿费，我好好的在上班，娃八岁"], "", "「资助参保」"),
    ],
)
async def test_what_belongs_to_another_benefit_is_not_said(
    agent: Agent, told: list[str], said_: str, never: str
) -> None:
    """A name that only tells whose child asks, or what a sum is measured by, brings up nothing of its own."""
    *_, result = await talk(agent, told)
    assert said_ in said(result)
    assert never not in said(result)
