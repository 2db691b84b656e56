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
    # What surely answers a named statement comes with its verdict; who goes on about a guide means its entry.
    (["侄儿爸妈都没了，十六", "卫校学费"], "助学金", ""),
    (["孩子秋天上小学，我们外地的", "居住证还没满半年"], "半年", ""),
    (["我和老公要去广东打工，女儿七岁放我婆婆家", "婆婆中过风", "这样行吗"], "有能力照顾", "复议"),
    (["外甥在福利院两年了，我们想接回来养"], "可以接回来", ""),
    (["以前是事实无人抚养，今年十九", "想学理发", "哪里能免费学"], "培训", "住宿费"),
    # Money every month is asked back to where what was spoken of since brings none.
    (["侄女十五，爹妈都不在了", "中专学费", "到时候那份补贴会不会没了"], "18", "几天"),
    (["我一个人带重残孙子", "有没有地方白天帮我照看半天"], "福利机构", "我帮不上忙"),
    (["邻居两口子在外省，一个月打一回电话，家里十四岁的带八岁的，这样合规矩吗"], "16岁", "我帮您找人"),
    (["孩子的轮椅太小了", "多久能换新的"], "没有写", ""),
]


@pytest.mark.parametrize(("told", "wanted", "unwanted"), CASES)
async def test_the_last_answer(reading_agent: Agent, told: list[str], wanted: str, unwanted: str) -> None:
    answer = said((await talk(reading_agent, told))[-1])
    assert wanted in answer
    assert not unwanted or unwanted not in answer
