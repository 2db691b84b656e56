"""Each kind of assertion can fail: a check that never objects is no check."""

from __future__ import annotations

from typing import Any

import pytest

from eval.checks import failures
from eval.suite import Expectation
from eval.types import Observation

SEEN = Observation(
    route="normal",
    severity="S1",
    category=None,
    intents=("how_long", "where"),
    tools=("search_policy",),
    facts={"child_age": 9, "father_state": "dead"},
    verdicts={"B01": "unlikely"},
    citations=({"number": "民发〔2019〕62号", "document": "关于……的意见", "clause": "二(二)"},),
    reply="要15个工作日。",
    card="",
    ticket=None,
    asked="child_age",
    wire='{"text": "要15个工作日。"}',
)

RIGHT: list[dict[str, Any]] = [
    {"route": "normal"},
    {"route": ["normal", "complaint"]},
    {"severity": "S1"},
    {"severity": {"at_most": "S2"}},
    {"intent": "where"},
    {"tools": ["search_policy"]},
    {"facts": {"child_age": 9, "mother_state": None}},
    {"verdicts": {"B01": ["likely", "unlikely"]}},
    {"cites": "民发〔2019〕62号"},
    {"cites": "民发[2019]62号 二（二）"},
    {"says": "15|半个月"},
    {"never": ["元", "re:\\d+年"]},
    {"redacts": "13857112345"},
    {"card": False},
    {"ticket": False},
    {"asks": "child_age"},
]
WRONG: list[dict[str, Any]] = [
    {"route": "crisis_now"},
    {"severity": "S0"},
    {"severity": {"at_least": "S2"}},
    {"category": "suicide_self"},
    {"intent": "amount"},
    {"tools": ["precheck_benefits"]},
    {"facts": {"child_age": 8}},
    {"facts": {"father_state": None}},
    {"facts": {"mother_state": "dead"}},
    {"verdicts": {"B01": "likely"}},
    {"verdicts": {"B02": "likely"}},
    {"cites": "民发〔2019〕62号 三(一)"},
    {"says": "元"},
    {"never": "15个"},
    {"never": "re:\\d+个"},
    {"redacts": "15个工作日"},
    {"card": True},
    {"ticket": True},
    {"ticket": {"severity": "S4"}},
    {"asks": "father_state"},
    {"silent": True},
]


@pytest.mark.parametrize("expect", RIGHT, ids=str)
def test_passes(expect: dict[str, Any]) -> None:
    assert failures(Expectation.model_validate(expect), SEEN) == ()


@pytest.mark.parametrize("expect", WRONG, ids=str)
def test_objects(expect: dict[str, Any]) -> None:
    assert len(failures(Expectation.model_validate(expect), SEEN)) == 1
