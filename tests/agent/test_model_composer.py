"""The model composer over real HTTP: whatever the server does, the family has an answer (R-40)."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator

import pytest

from agent.compose.model import ModelComposer
from agent.compose.model.breaker import FAILURES, Breaker
from agent.compose.offline import OfflineComposer
from agent.turn import Agent
from agent.types import Role
from settings import Settings
from tests.agent.conftest import Parts, said, talk
from tests.fake_llm import FakeModel, fake_model

STORY = "外孙女九岁，她爸爸判了六年，妈妈肝癌晚期，我带着她，有什么补助吗？"
LIMIT_SECONDS = 1.0
"""Stands for the eight seconds of the settings where a server hangs: the limit must hold."""
PATIENCE_SECONDS = 30.0
"""For a server that answers at once, on a machine that may be slow."""
ENDLESS_TURNS = 40


@pytest.fixture
def server() -> Iterator[FakeModel]:
    with fake_model() as model:
        yield model


def composer(
    server: FakeModel, structured: str = "function_calling", limit: float = PATIENCE_SECONDS
) -> ModelComposer:
    settings = Settings(
        llm_base_url=server.url,
        llm_model="fake",
        llm_timeout_seconds=limit,
        llm_structured=structured,  # type: ignore[arg-type]
        _env_file=None,  # type: ignore[call-arg]
    )
    return ModelComposer.from_settings(settings, OfflineComposer())


@pytest.mark.parametrize("structured", ["function_calling", "json_schema", "off"])
async def test_a_model_that_behaves_words_the_answer(
    parts: Parts, agent: Agent, server: FakeModel, structured: str
) -> None:
    """Same truth: verdicts, citations and the next question are those of the offline composer."""
    (result,) = await talk(parts.agent(composer(server, structured)), [STORY])
    (plain,) = await talk(agent, [STORY])
    assert result.reply and plain.reply
    assert result.reply.composer == "model"
    assert set(result.reply.citations) == set(plain.reply.citations)
    assert result.state.pending_question == plain.state.pending_question
    assert "很可能符合「事实无人抚养儿童基本生活补贴」" in said(result)


@pytest.mark.parametrize(
    "manner",
    ["401", "429", "500", "hang", "half", "reset", "nonsense", "empty", "endless", "english", "japanese",
     "html", "garbled", "slow"],
)  # fmt: skip
async def test_whatever_the_server_does_the_family_has_the_offline_answer(
    parts: Parts, agent: Agent, server: FakeModel, manner: str
) -> None:
    """R-40: within the limit, nothing missing, nothing invented."""
    server.manner = manner
    begun = time.monotonic()
    (result,) = await talk(parts.agent(composer(server, limit=LIMIT_SECONDS)), [STORY])
    (plain,) = await talk(agent, [STORY])
    assert result.reply and plain.reply
    assert {s.text for s in plain.reply.sentences} <= {s.text for s in result.reply.sentences}
    assert time.monotonic() - begun < LIMIT_SECONDS + 20, "the limit did not hold at all"


FORGED = [
    ("您完全符合，可以领到这笔钱。", ["v:B02"]),
    ("孩子很可能符合「最低生活保障」。", ["v:B02"]),
    ("孩子目前看不符合「事实无人抚养儿童基本生活补贴」。", ["v:B02"]),
    ("每个月发1800元。", ["c:B02#给什么/1"]),
    ("请打400-800-1234咨询。", ["c:B02#问谁/1"]),
    ("已经为您转接值班员。", ["c:B02#问谁/1"]),
    ("我已经通知了民政局。", ["c:B02#问谁/1"]),
    ("30个工作日内就能办好。", ["c:B02#怎么办理/6"]),
    ("请拨打心理援助热线400-161-9995。", ["c:B02#问谁/1"]),
    ("已为您转接人工，请稍候。", ["c:B02#问谁/1"]),
    ("半年内就会发到卡里。", ["c:B02#怎么办理/6"]),
    ("60个工作日内查好。", ["c:B02#怎么办理/6"]),
    ("上海和这里一样办。", ["不存在"]),
    ("你愿意再多说说吗？", ["c:B02#问谁/1"]),
]


@pytest.mark.parametrize(("text", "ids"), FORGED)
async def test_a_forged_sentence_never_goes_out(
    parts: Parts, server: FakeModel, text: str, ids: list[str]
) -> None:
    """SE-1, SE-7, CR-22, R-23: verdicts, amounts, numbers and transfers come from typed results only."""
    server.manner = "say"
    good = {"text": "到孩子户口所在的乡镇（街道）申请。", "evidence": ["c:B02#怎么办理/1"], "role": "answer"}
    server.sentences = [{"text": text, "evidence": ids, "role": "answer"}, good]
    (result,) = await talk(parts.agent(composer(server)), [STORY])
    assert text not in said(result)
    assert "很可能符合「事实无人抚养儿童基本生活补贴」" in said(result), "the engine's verdict is missing"


async def test_the_model_sees_redacted_text_only(parts: Parts, server: FakeModel) -> None:
    """PR-1, CR: neither the ID nor the telephone number is in any request."""
    story = f"{STORY}我电话13800138000，身份证330106201503078214"
    await talk(parts.agent(composer(server)), [story])
    sent = json.dumps(server.requests, ensure_ascii=False)
    assert server.requests
    assert "13800138000" not in sent
    assert "330106201503078214" not in sent


async def test_the_prompt_could_be_published(parts: Parts, server: FakeModel) -> None:
    """SE-3: no secret and nothing personal stands in it."""
    await talk(parts.agent(composer(server)), [STORY])
    system = server.requests[0]["messages"][0]
    assert system["role"] == "system"
    assert "Authorization" not in system["content"] and "api" not in system["content"].lower()


async def test_tools_are_read_only_and_take_no_path_link_or_fact(parts: Parts, server: FakeModel) -> None:
    """SE-6: a review of the schemas that the model is shown."""
    await talk(parts.agent(composer(server, "off")), [STORY])
    tools = {tool["function"]["name"]: tool["function"] for tool in server.requests[0]["tools"]}
    assert set(tools) == {"search_policy", "precheck_benefits", "find_contact"}
    arguments = {name: set(tool["parameters"]["properties"]) for name, tool in tools.items()}
    assert arguments == {
        "search_policy": {"question"},
        "precheck_benefits": {"entry"},
        "find_contact": {"need"},
    }


async def test_after_five_failures_the_model_is_left_alone(parts: Parts, server: FakeModel) -> None:
    """R-44, with a clock of our own."""
    server.manner = "500"
    clock = [0.0]
    made = composer(server)
    made.breaker = Breaker(lambda: clock[0])
    bot = parts.agent(made)
    for _ in range(FAILURES):
        await talk(bot, [STORY])
    asked = len(server.requests)
    (result,) = await talk(bot, [STORY])
    assert len(server.requests) == asked, "an open breaker lets nothing through"
    assert result.reply and result.reply.composer == "offline"
    server.manner, clock[0] = "behave", 31.0
    (result,) = await talk(bot, [STORY])
    assert result.reply and result.reply.composer == "model"
    assert not made.breaker.open


def test_a_failed_probe_opens_the_breaker_again() -> None:
    clock = [0.0]
    breaker = Breaker(lambda: clock[0])
    for _ in range(FAILURES):
        assert breaker.allows()
        breaker.failed()
    assert not breaker.allows()
    clock[0] = 30.0
    assert breaker.allows()
    assert not breaker.allows(), "one probe at a time"
    breaker.failed()
    assert not breaker.allows()


async def test_the_question_is_ours(parts: Parts, server: FakeModel) -> None:
    """One question at a time, the engine's, at the end."""
    story = "孩子爸爸判了六年，妈妈肝癌晚期，有补助吗"
    (result,) = await talk(parts.agent(composer(server)), [story])
    assert result.reply
    questions = [s for s in result.reply.sentences if s.role is Role.QUESTION]
    assert len(questions) == 1
    assert result.reply.sentences[-1] == questions[0]


async def test_nothing_goes_on_reading_behind_an_answer(parts: Parts, server: FakeModel) -> None:
    """SE-8: one turn in twenty left a task that read an endless server for ever."""
    server.manner = "endless"
    for turn in range(ENDLESS_TURNS):
        await talk(parts.agent(composer(server, limit=0.1 + turn % 4 / 20)), [STORY])
    left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    assert not [task for task in left if task.cancelling()]
