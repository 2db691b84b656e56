"""The lines of somebody who waits for a person (CR-15, CR-25)."""

from __future__ import annotations

import pytest

from agent.waiting import line_for


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("安全", "safe"),
        ("我现在安全", "safe"),
        ("我和孩子现在都安全了，谢谢", "safe"),
        ("嗯，暂时安全。", "safe"),
        ("孩子没有危险了", "safe"),
        ("不安全", "waiting"),
        ("不太安全", "waiting"),
        ("没有安全", "waiting"),
        ("这里安全吗", "waiting"),
        ("安全，但是他不走", "waiting"),
        ("安全感我没有了", "waiting"),
        ("说不清", "unsure"),
        ("我也说不清楚", "unsure"),
        ("不知道", "unsure"),
        ("我不知道该怎么活下去", "waiting"),
        ("人呢", "waiting"),
        ("没人接电话", "waiting"),
    ],
)
def test_the_line_fits_what_was_written(text: str, line: str) -> None:
    assert line_for(text) == f"person.{line}"
