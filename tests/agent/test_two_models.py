"""More than one model, money and limits: a second one stands by, tokens are counted, a cap holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from agent.compose.model import ModelComposer
from agent.compose.offline import OfflineComposer
from agent.turn import Agent
from settings import Settings
from tests.agent.conftest import Parts, said, talk
from tests.fake_llm import FakeModel, fake_model

STORY = "外孙女九岁，她爸爸判了六年，妈妈肝癌晚期，我带着她，有什么补助吗？"
VERDICT = "很可能符合「事实无人抚养儿童基本生活补贴」"


@pytest.fixture
def first() -> Iterator[FakeModel]:
    with fake_model() as model:
        yield model


@pytest.fixture
def second() -> Iterator[FakeModel]:
    with fake_model() as model:
        yield model


def composer(first: FakeModel, second: FakeModel | None = None, **more: Any) -> ModelComposer:
    values: dict[str, Any] = {"llm_base_url": first.url, "llm_model": "first", "llm_timeout_seconds": 30.0}
    if second is not None:
        values |= {"llm_fallback_base_url": second.url, "llm_fallback_model": "second"}
    return ModelComposer.from_settings(Settings(**{**values, **more, "_env_file": None}), OfflineComposer())


@pytest.mark.parametrize("manner", ["500", "401", "hang", "nonsense", "english", "garbled"])
async def test_the_second_model_takes_over(
    parts: Parts, first: FakeModel, second: FakeModel, manner: str
) -> None:
    """Within the one limit; the family notices a short wait at most."""
    first.manner = manner
    limit = 4.0 if manner == "hang" else 30.0
    made = composer(first, second, llm_timeout_seconds=limit)
    (result,) = await talk(parts.agent(made), [STORY])
    assert result.reply and result.reply.composer == "model"
    assert VERDICT in said(result)
    assert len(second.requests) == 1
    assert [status.counters.failures for status in made.status()] == [1, 0]


async def test_both_down_is_the_offline_answer(
    parts: Parts, agent: Agent, first: FakeModel, second: FakeModel
) -> None:
    first.manner = second.manner = "500"
    (result,) = await talk(parts.agent(composer(first, second)), [STORY])
    (plain,) = await talk(agent, [STORY])
    assert result.reply and plain.reply
    assert result.reply.sentences == plain.reply.sentences
    assert result.reply.composer == "offline"


async def test_half_an_answer_is_not_begun_again(parts: Parts, first: FakeModel, second: FakeModel) -> None:
    first.manner = "half"
    (result,) = await talk(parts.agent(composer(first, second)), [STORY])
    assert not second.requests
    assert VERDICT in said(result)


async def test_a_wrong_key_is_not_tried_again(parts: Parts, first: FakeModel) -> None:
    """429 and 500 may pass; 401 will not."""
    first.manner = "401"
    await talk(parts.agent(composer(first)), [STORY])
    assert len(first.requests) == 1
    first.manner = "429"
    await talk(parts.agent(composer(first)), [STORY])
    assert len(first.requests) == 3, "one retry"


async def test_tokens_and_cost_are_those_of_the_server_and_the_contract(
    parts: Parts, first: FakeModel
) -> None:
    made = composer(first, llm_price_input=0.8, llm_price_output=2.0, llm_price_currency="CNY")
    bot = parts.agent(made)
    (result,) = await talk(bot, [STORY])
    counters = made.counters
    assert (counters.input_tokens, counters.output_tokens) == (1_000, 200)
    assert (counters.calls, counters.answers, counters.answers_without_usage) == (1, 1, 0)
    assert made.status()[0].cost == pytest.approx((1_000 * 0.8 + 200 * 2.0) / 1_000_000)
    assert bot.models == made.status()
    assert result.reply is not None


async def test_without_prices_no_cost_is_told(parts: Parts, first: FakeModel) -> None:
    made = composer(first)
    await talk(parts.agent(made), [STORY])
    assert made.status()[0].cost is None


async def test_a_days_tokens_end(parts: Parts, agent: Agent, first: FakeModel) -> None:
    """SE-8: beyond the cap answers are worded offline."""
    bot = parts.agent(composer(first, llm_tokens_per_day=1_000))
    (one,) = await talk(bot, [STORY])
    (two,) = await talk(bot, [STORY])
    assert one.reply and one.reply.composer == "model"
    assert two.reply and two.reply.composer == "offline"
    assert len(first.requests) == 1


async def test_only_tokens_bound_an_answer(parts: Parts, first: FakeModel) -> None:
    """SE-8: 1,200 tokens, in the word that compatible servers know."""
    await talk(parts.agent(composer(first)), [STORY])
    assert first.requests[0]["max_tokens"] == 1_200
    assert "max_completion_tokens" not in first.requests[0]
