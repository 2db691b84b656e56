"""The model composer with LangChain's own loop and a scripted model: tools, limits, streaming, fallbacks."""

from __future__ import annotations

import json
from typing import Any

import pytest
from langchain_core.messages import AIMessage, BaseMessage

from agent.compose.model import ModelComposer
from agent.compose.model.stream import SentenceStream
from agent.compose.model.tools import CALLS_MOST
from agent.compose.offline import OfflineComposer
from agent.testing import ScriptedModel
from agent.types import TurnResult
from tests.agent.conftest import Parts, said, talk

STORY = "外孙女九岁，她爸爸判了六年，妈妈肝癌晚期，我带着她，有什么补助吗？"
WHERE: dict[str, Any] = {
    "text": "先去孩子户口所在的乡镇（街道）。",
    "evidence": ["c:B02#怎么办理/1"],
    "role": "answer",
}


def answer(*sentences: dict[str, Any]) -> str:
    return "\n".join(json.dumps(sentence, ensure_ascii=False) for sentence in sentences)


def call(name: str, **arguments: Any) -> AIMessage:
    return AIMessage("", tool_calls=[{"name": name, "args": arguments, "id": f"call_{name}"}])


async def run(parts: Parts, model: ScriptedModel, **more: Any) -> TurnResult:
    composer = ModelComposer(model, OfflineComposer(), timeout_seconds=10, structured="off", **more)
    (result,) = await talk(parts.agent(composer), [STORY])
    return result


async def test_what_a_tool_finds_may_be_said_with_its_clause(parts: Parts) -> None:
    found: dict[str, Any] = {"text": "孤儿院也叫儿童福利机构。", "evidence": ["nothing"], "role": "item"}
    model = ScriptedModel(script=[call("search_policy", question="在哪里申请"), answer(WHERE, found)])
    result = await run(parts, model)
    assert WHERE["text"] in said(result)
    assert found["text"] not in said(result)
    seen = str(model.requests[-1][-1].content)
    assert '"id": "c:' in seen, "the tool gives evidence ids with the text"


async def test_tools_say_what_the_engine_says(parts: Parts) -> None:
    model = ScriptedModel(script=[call("precheck_benefits", entry="B02"), answer(WHERE)])
    await run(parts, model)
    seen = str(model.requests[-1][-1].content)
    assert "很可能符合" in seen
    assert "事实无人抚养儿童基本生活补贴" in seen


async def test_after_four_calls_tools_say_no_more(parts: Parts) -> None:
    def script(messages: list[BaseMessage]) -> AIMessage | str:
        calls = sum(message.type == "tool" for message in messages)
        return call("find_contact", need="benefits") if calls <= CALLS_MOST else answer(WHERE)

    model = ScriptedModel(script=[script])
    result = await run(parts, model)
    last = [str(m.content) for m in model.requests[-1] if m.type == "tool"]
    assert len(last) == CALLS_MOST + 1
    assert "用完" in last[-1]
    assert WHERE["text"] in said(result)


async def test_half_a_stream_keeps_what_was_said_and_adds_the_rest(parts: Parts) -> None:
    """R-40: nothing twice, nothing missing."""
    later = {
        "text": "乡镇（街道）收到申请后，15个工作日内查好。",
        "evidence": ["c:B02#怎么办理/6"],
        "role": "item",
    }
    result = await run(parts, ScriptedModel(script=[answer(WHERE, later)], break_after=14))
    assert result.reply is not None
    texts = [sentence.text for sentence in result.reply.sentences]
    assert len(texts) == len(set(texts))
    assert "很可能符合" in said(result)


async def test_an_error_is_retried_once(parts: Parts) -> None:
    model = ScriptedModel(script=[ConnectionError("refused"), answer(WHERE)])
    result = await run(parts, model)
    assert model.played == 2
    assert result.reply is not None and result.reply.composer == "model"


async def test_plain_sentences_are_matched_to_their_evidence(parts: Parts) -> None:
    """The loose mode: a server that cannot keep to a form."""
    model = ScriptedModel(script=["到孩子户口所在的乡镇（街道）申请。每月发2000元。"])
    result = await run(parts, model)
    assert result.reply is not None
    first = result.reply.sentences[0]
    assert "乡镇" in first.text and first.evidence
    assert "2000" not in said(result)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_a_stream_may_be_cut_anywhere(size: int) -> None:
    text = json.dumps({"sentences": [WHERE, {**WHERE, "text": '带上"申请表"，{原件}'}]}, ensure_ascii=False)
    stream = SentenceStream()
    got = [one for start in range(0, len(text), size) for one in stream.feed(text[start : start + size])]
    assert [one.text for one in got] == [WHERE["text"], '带上"申请表"，{原件}']
    assert got[0].evidence == ("c:B02#怎么办理/1",)


def test_what_is_no_sentence_is_passed_over() -> None:
    stream = SentenceStream()
    got = list(stream.feed('{"text": ""}{"evidence": []}[1,2]{"text": 3}' + answer(WHERE)))
    assert [one.text for one in got] == [WHERE["text"]]
