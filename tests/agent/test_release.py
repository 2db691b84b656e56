"""R-42: a check that hangs keeps what others worded inside; a busy machine loses none of ours."""

from __future__ import annotations

import time

import pytest

from agent.release import Checker
from agent.types import Sentence
from guardrails.output import OutputCheck


class Slow(Checker):
    """Checks after a while and finds nothing."""

    def objections(self, *_: object, **__: object) -> tuple[()]:
        time.sleep(0.2)
        return ()


@pytest.mark.parametrize(
    ("sentence", "released"),
    [
        (Sentence("先去街道。", ("k:1",), by_model=True), False),
        (Sentence("先去街道。", ("k:1",), source="杭小育"), False),
        (Sentence("先去街道。", ("k:1",)), True),
    ],
    ids=["a model's", "a partner's", "ours"],
)
async def test_a_slow_check_keeps_what_is_not_ours(
    monkeypatch: pytest.MonkeyPatch, sentence: Sentence, released: bool
) -> None:
    monkeypatch.setattr("agent.release.TIMEOUT_SECONDS", 0.02)
    assert await Slow(OutputCheck(())).passes(sentence, ["先去街道。"], transferred=False) is released
