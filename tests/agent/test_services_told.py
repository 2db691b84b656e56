"""Services, schooling and care as families tell them: what is named, wished for or asked on is answered."""

from __future__ import annotations

import pytest

from agent.turn import Agent
from tests.agent.conftest import said, talk

CASES: list[tuple[list[str], str, str]] = [
    # What is named in a statement is answered, and asked on about, although a question of ours waits.
    (["孩子是困境儿童，每月都领钱", "老师讲还有浙里护苗", "能给多少呢"], "民政局", "医保"),
    # Where somebody is from is no place that is asked about.
    (["老家贵州，在九堡打工，孩子想来这边读公办学校，要去哪里报名"], "教育局", "我不清楚"),
    (["我们全家住这边，老家江西，娃六岁了要上小学，公办收不收"], "居住证", "我不清楚"),
    # Who sleeps at home has a home.
    (["我上夜班，六岁的娃锁在屋里睡到天亮"], "", "没地方住"),
    (["晚上出去摆摊，孩子五岁，关在家里睡觉"], "", "没地方住"),
    (["外地人有居住证，低保可以在住的区办吗"], "有居住证也可以", ""),
    (["孩子的轮椅太小了", "多久能换新的"], "没有写", ""),
]


@pytest.mark.parametrize(("told", "wanted", "unwanted"), CASES)
async def test_the_last_answer(agent: Agent, told: list[str], wanted: str, unwanted: str) -> None:
    answer = said((await talk(agent, told))[-1])
    assert wanted in answer
    assert not unwanted or unwanted not in answer
