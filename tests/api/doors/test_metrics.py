"""Health, metrics and trace tell what a language model did and cost."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.api.conftest import open_family
from tests.api.doors.conftest import make_key
from tests.conftest import Running, running, test_settings
from tests.fake_llm import FakeModel, fake_model

STORY = "外孙女九岁，她爸爸判了六年，妈妈肝癌晚期，我带着她，有什么补助吗？"


@pytest.fixture(scope="module")
def model() -> Iterator[FakeModel]:
    with fake_model() as server:
        yield server


@pytest.fixture(scope="module")
def worded(model: FakeModel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A whole server with a language model and prices."""
    settings = test_settings(
        tmp_path_factory.mktemp("worded"),
        evaluation=True,
        llm_base_url=model.url,
        llm_model="fake",
        llm_timeout_seconds=30,
        llm_price_input=0.8,
        llm_price_output=2.0,
    )
    with running(settings) as server:
        yield server


def test_a_turn_is_counted_everywhere(worded: Running, model: FakeModel) -> None:
    with worded.client() as http:
        family = open_family(http)
        events = family.answered(family.say(STORY).json()["message_id"], seconds=30)
        trace = next(e["data"] for e in family.events() if e["event"] == "trace")
        assert trace["composer"] == "model"
        released = trace["model"].pop("released")
        assert released > 3
        assert set(trace["model"].pop("dropped")) <= {"question", "verdict", "source"}, "reasons, never words"
        assert trace["model"] == {
            "asked": ["fake"], "calls": 1, "tool_calls": 0, "input_tokens": 1_000, "output_tokens": 200,
            "cost": 0.0012, "currency": "CNY", "failures": [],
        }  # fmt: skip
        assert any(e["event"] == "text" for e in events)
        assert http.get("/api/health").json()["model"] == "ok"
        key = make_key(worded, "metrics")
        text = http.get("/api/metrics", headers={"Authorization": f"Bearer {key}"}).text
    values = dict(re.findall(r"^(minxing_model_\w+)\{[^}]*\} (\S+)$", text, re.M))
    assert values["minxing_model_calls_total"] == "1"
    assert values["minxing_model_input_tokens_total"] == "1000"
    assert values["minxing_model_cost_total"] == "0.001200"
    assert 'minxing_key_requests{key="' in text


def test_metrics_need_their_scope(worded: Running) -> None:
    with worded.client() as http:
        assert http.get("/api/metrics").status_code == 401
        chat = {"Authorization": f"Bearer {make_key(worded, 'chat')}"}
        answer = http.get("/api/metrics", headers=chat)
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "insufficient_scope"


def test_without_a_model_there_is_none(minxing: Running) -> None:
    with minxing.client() as http:
        assert http.get("/api/health").json()["model"] == "none"
