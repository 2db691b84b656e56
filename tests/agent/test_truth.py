"""The measure of a model's answer: no figure, clause or verdict more or fewer than the offline answer's."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agent.compose.model import ModelComposer
from agent.compose.model.tools import CALLS_MOST
from agent.compose.model.truth import figure_set
from agent.compose.offline import OfflineComposer
from agent.testing import ScriptedModel
from agent.turn import Agent
from agent.types import Role, TurnResult
from tests.agent.conftest import Parts, said, talk
from tests.agent.test_scripted_model import call

STORY = "外孙女九岁，她爸爸判了六年，妈妈肝癌晚期，我带着她，有什么补助吗？"
VERDICT = "很可能符合「事实无人抚养儿童基本生活补贴」"
STEP_6 = "c:B02#怎么办理/6"


async def answered(parts: Parts, *sentences: dict[str, Any]) -> tuple[TurnResult, ModelComposer]:
    script = "\n".join(json.dumps({"role": "answer", **each}, ensure_ascii=False) for each in sentences)
    composer = ModelComposer(ScriptedModel(script=[script]), OfflineComposer(), structured="off")
    (result,) = await talk(parts.agent(composer), [STORY])
    return result, composer


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("二十个工作日内", "20个工作日内", True),
        ("半年", "6个月", True),
        ("一年", "12个月", True),
        ("15个工作日", "15天", False),
        ("1万元", "10000元", True),
        ("打12345", "打 12345 问", True),
        ("民发〔2019〕62号", "民发[2019]62号", True),
        ("每月发", "按月发", True),
        ("带上户口簿", "", True),
    ],
)
def test_figures_in_one_form(one: str, other: str, same: bool) -> None:
    assert (figure_set(one) == figure_set(other)) is same


async def test_a_verdict_that_is_cited_but_not_said_is_said_by_us(parts: Parts) -> None:
    result, _ = await answered(parts, {"text": "爸爸在服刑，妈妈得了重病。", "evidence": ["v:B02"]})
    assert VERDICT in said(result)


async def test_what_the_model_said_as_we_would_is_not_said_twice(parts: Parts, agent: Agent) -> None:
    (plain,) = await talk(agent, [STORY])
    assert plain.reply
    first, *_, last = (s for s in plain.reply.sentences if s.role is not Role.QUESTION)
    result, composer = await answered(
        parts, *({"text": s.text, "evidence": list(s.evidence)} for s in (first, last))
    )
    assert result.reply and composer.counters.answers == 1
    texts = [s.text for s in result.reply.sentences]
    assert len(texts) == len(set(texts))


async def test_our_sentence_on_another_clause_is_dropped_and_said_with_its_own(
    parts: Parts, agent: Agent
) -> None:
    (plain,) = await talk(agent, [STORY])
    assert plain.reply
    one, other = [s for s in plain.reply.sentences if s.evidence[-1].startswith("c:")][:2]
    assert one.evidence != other.evidence
    result, _ = await answered(parts, {"text": one.text, "evidence": list(other.evidence)})
    assert result.reply and result.spent and ("place", one.text) in result.spent.dropped
    assert [s.evidence for s in result.reply.sentences if s.text == one.text] == [one.evidence]


async def test_a_figure_that_is_left_out_is_said_by_us(parts: Parts, agent: Agent) -> None:
    (plain,) = await talk(agent, [STORY])
    assert plain.reply
    counted = next(s for s in plain.reply.sentences if figure_set(s.text) and s.evidence[-1].startswith("c:"))
    vague = {"text": "交上去以后，街道会去查。", "evidence": list(counted.evidence)}
    result, _ = await answered(parts, vague)
    assert figure_set(said(plain)) <= figure_set(said(result))


async def test_a_clause_beyond_the_offline_answer_is_not_cited(parts: Parts, agent: Agent) -> None:
    (plain,) = await talk(agent, [STORY])
    assert plain.work and plain.reply
    used = {id_ for s in plain.reply.sentences for id_ in s.evidence}
    beyond = next(id_ for id_ in plain.work.evidence if id_.startswith("c:") and id_ not in used)
    text = plain.work.evidence[beyond].text[:40]
    result, composer = await answered(
        parts, {"text": text, "evidence": [beyond]}, {"text": "先去街道问。", "evidence": ["v:B02"]}
    )
    assert result.reply
    assert set(result.reply.citations) == set(plain.reply.citations)
    assert composer.counters.sentences_dropped >= 1


async def test_tools_are_called_four_times_at_most_over_a_retry_too(parts: Parts) -> None:
    """Item 6: the limit is the turn's, not the attempt's."""
    model = ScriptedModel(script=[call("find_contact", need="benefits")])
    composer = ModelComposer(model, OfflineComposer(), structured="off", timeout_seconds=10)
    (result,) = await talk(parts.agent(composer), [STORY])
    told = [str(m.content) for request in model.requests for m in request if m.type == "tool"]
    answered_calls = {text for text in told if "用完" not in text}
    assert composer.counters.tool_calls > CALLS_MOST
    assert "用完" in told[-1] and len(answered_calls) == 1
    assert VERDICT in said(result)


async def test_reported_stays_reported(parts: Parts, agent: Agent) -> None:
    """What is only reported is said so, whoever words it."""
    question = "孩子心里有疙瘩，国家有什么心理健康的措施？"
    (plain,) = await talk(agent, [question])
    assert plain.reply
    marked = [s for s in plain.reply.sentences if "据公开报道" in s.text]
    assert marked, "the question no longer leads to something that is only reported"
    bare = marked[0].text.replace("据公开报道，以当地为准。", "")
    script = json.dumps(
        {"text": bare, "evidence": list(marked[0].evidence), "role": "answer"}, ensure_ascii=False
    )
    model = ScriptedModel(script=[script])
    composer = ModelComposer(model, OfflineComposer(), structured="off")
    (result,) = await talk(parts.agent(composer), [question])
    assert result.reply
    assert bare not in [s.text for s in result.reply.sentences]
