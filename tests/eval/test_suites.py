"""The scripted conversations under pytest: the same YAML, over real HTTP, in-process."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.client import Client
from eval.run import in_process_target, run_case
from eval.suite import Case, load_suites

SUITES = load_suites([Path(__file__).parents[2] / "eval" / "suites"])
CASES = [
    pytest.param(suite.suite, case, id=f"{suite.suite}/{case.id}") for suite in SUITES for case in suite.cases
]


@pytest.fixture(scope="module")
def target() -> Iterator[str]:
    with in_process_target() as address:
        yield address


@pytest.mark.parametrize(("suite", "case"), CASES)
def test_conversation(target: str, suite: str, case: Case) -> None:
    async def talk() -> list[str]:
        async with Client(target) as client:
            return (await run_case(client, suite, case)).failures

    assert asyncio.run(talk()) == []


def test_there_are_at_least_thirty_conversations_of_several_turns() -> None:
    assert len(CASES) >= 30
    assert sum(len(case.turns) > 1 for suite in SUITES for case in suite.cases) >= 10
