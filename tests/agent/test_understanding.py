"""What families say, as a table: facts with their certainty, what is asked back, what is declined."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from agent.types import ConversationState
from agent.understand import Understander
from tools.facts import FactBook

TODAY = dt.date(2026, 11, 21)
TABLE: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("utterances.yaml").read_text(encoding="utf-8")
)
CASES = [case for case in TABLE if not case.get("skip")]


@pytest.fixture(scope="module")
def reader() -> Understander:
    return Understander.load(FactBook.load(), {})


@pytest.mark.parametrize("case", CASES, ids=[case["say"][:24] for case in CASES])
def test_facts_are_read_as_people_say_them(reader: Understander, case: dict[str, Any]) -> None:
    state = ConversationState(pending_question=case.get("pending"))
    read = reader.read(case["say"], None, state, earlier=case.get("earlier", ()), today=TODAY)
    got = {f.name: f.value if f.certain else f"{str(f.value).lower()}?" for f in read.facts}
    assert got == case["facts"]
    assert [name for name, _ in read.ambiguous] == case.get("ambiguous", [])
    assert read.declined == case.get("declined", False)
