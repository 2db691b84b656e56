"""Answer first, in at most 120 characters; said once what is said once; tone by reader (issue 6, item 4)."""

from __future__ import annotations

import pytest

from agent import asking
from agent.compose.offline.draft import ANSWER_CHARS
from agent.turn import Agent
from agent.types import Role
from eval.answers.questions import load_questions
from tests.agent.conftest import said, talk

EVERY = 8
"""One development question in so many is asked: the whole half takes a minute."""
CARE = "不容易。"
DISTRESS = "我天天睡不着，一个人带孙子实在撑不住了，低保怎么申请"


async def test_the_answer_itself_is_short(agent: Agent) -> None:
    """The answer in at most 120 characters, then why: over questions of the development half."""
    long: list[str] = []
    seen = 0
    for question in load_questions("development")[::EVERY]:
        result = (await talk(agent, list(question.talk)))[-1]
        if result.reply is None:
            continue
        answer = "".join(s.text for s in result.reply.sentences if s.role is Role.ANSWER)
        seen += bool(answer)
        if len(answer) > ANSWER_CHARS:
            long.append(f"{question.id}: {len(answer)}")
    assert seen >= 30
    assert long == []


async def test_a_kind_word_is_said_once_in_a_talk(agent: Agent) -> None:
    """After distress, ordinary turns neither begin nor end with the same words again and again."""
    results = await talk(agent, [DISTRESS, "低保要带什么材料", "低保要几天"])
    told = [result for result in results if CARE in said(result)]
    offered = [result for result in results if "想找人说说话" in said(result)]
    assert len(told) <= 1 and len(offered) <= 1


async def test_staff_read_the_clause_first_and_no_kind_words(agent: Agent) -> None:
    """A 儿童主任 who asks for the ground reads it before the answer; the family reads the answer."""
    asked = "监护人都管不了，村委会能不能替孩子申请事实无人抚养"
    (staff,) = await talk(agent, [f"我是村里的儿童主任，{asked}，依据是哪条"])
    (family,) = await talk(agent, [asked])
    assert staff.reply is not None and family.reply is not None
    first = staff.reply.sentences[0]
    assert first.text == "依据：民发〔2019〕62号 二(一)。"
    assert staff.work is not None and staff.work.evidence[first.evidence[0]].citations
    assert not any(s.role is Role.CARE for s in staff.reply.sentences)
    assert not family.reply.sentences[0].text.startswith("依据")


async def test_a_list_whose_name_holds_a_figure_has_its_clause(agent: Agent) -> None:
    """学前一年… is a figure: its heading rests on the clause of the list (CR: no uncited figure)."""
    (result,) = await talk(agent, ["大班免费要不要去申请，去哪里办"])
    assert result.reply is not None and result.work is not None
    heads = [s for s in result.reply.sentences if "学前一年" in s.text]
    assert heads
    for sentence in heads:
        assert any(result.work.evidence[id_].citations for id_ in sentence.evidence), sentence.text


@pytest.mark.parametrize(
    ("first", "then", "wanted"),
    [
        ("孙女认定事实无人抚养了", "那医保还要自己交不", "代缴"),
        ("我们想收养福利院的孩子", "多长时间能办好", "30天"),
        ("孙子想办特困", "那孤儿的钱还能拿吗", "选"),
    ],
)
async def test_a_follow_up_is_answered_from_what_it_asks(
    agent: Agent, first: str, then: str, wanted: str
) -> None:
    """It may go on about the running topic, or turn to something else of the same family."""
    results = await talk(agent, [first, then])
    assert wanted in said(results[-1]), said(results[-1])


async def test_a_paragraph_brings_what_it_leans_on(agent: Agent) -> None:
    """第二 does not stand without 第一, nor a lapsed permit without how it is mended."""
    (result,) = await talk(agent, ["居住证忘记签了会怎么样"])
    text = said(result)
    assert "停用" in text and "补办" in text


async def test_what_is_denied_leads_nowhere(agent: Agent) -> None:
    """低保和低边都够不上 asks for what else there is."""
    (result,) = await talk(agent, ["娃透析一年自费十几万，我俩工资一万出头，低保低边都够不上，还有啥办法"])
    assert "刚性支出困难家庭" in said(result)


async def test_a_trouble_told_without_a_question_is_answered(agent: Agent) -> None:
    (result,) = await talk(agent, ["普通小学不肯收我家智力残疾的娃"])
    assert "不能拒收" in said(result) or "教育局" in said(result)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("奶奶和外婆都要孙子，听谁的", True),
        ("住宿费好减伐", True),
        ("孩子爸爸去年走了", False),
        ("我知道了", False),
    ],
)
def test_what_asks(text: str, asks: bool) -> None:
    assert asking.worded(text) is asks


def test_dialect_is_read_in_standard_words() -> None:
    assert asking.standard("伢儿住校，住宿费好减伐") == "孩子住校，住宿费可以减吗"
    assert asking.standard("最好申请一下") == "最好申请一下"
