"""Disguised writing becomes readable, and every character knows where it came from (CR-3)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrails.signals.normalise import fold, join, normalise


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("不.想.活.了", "不想活了"),
        ("不 想 活 了", "不想活了"),
        ("不\u200b想\u200d活\u202e了", "不想活了"),
        ("自*杀", "自杀"),
        ("我想4了", "我想死了"),
        ("想亖", "想死"),
        ("8想活了", "不想活了"),
        ("不想火了", "不想活了"),
        ("紫砂的念头", "自杀的念头"),
        ("弗想活了", "不想活了"),
        ("不想活噶", "不想活噶"),
        ("家暴我", "家暴我"),
        ("被加暴了", "被家暴了"),
        ("孙子步见了", "孙子不见了"),
        ("wo bu xiang huo le", "我不想活了"),
        ("buxianghuole", "不想活了"),
        ("wǒ bù xiǎng huó le", "我不想活了"),
        ("bu4 xiang3 huo2 le5", "不想活了"),
        ("不想huo了", "不想活了"),
        ("孩子說不想活了", "孩子说不想活了"),
        ("ｂｕ　ｘｉａｎｇ　ｈｕｏ", "不想活"),
        ("💊都吃了", "[药]都吃了"),
        ("涐潒個哆餘の亽", "我像个多余的人"),
        ("赱到橋仩", "走到桥仩"),
        ("石欠死他", "砍死他"),
        ("我已经在天苔了", "我已经在天台了"),
    ],
)
def test_reads_disguises(written: str, read: str) -> None:
    assert normalise(written).text == read


@pytest.mark.parametrize(
    "text",
    [
        "紫砂壶是我爸留下的",
        "我想4号去",
        "爸,妈,我三个人",
        "wifi多少",
        "地球online",
        "emo了",
        "有啥要啥了都行",
        "ID card",
        "想相似的办法",
        "搬到十楼了",
        "3.5万元",
    ],
)
def test_leaves_plain_writing_alone(text: str) -> None:
    """CR-6: no disguise is seen where there is none."""
    assert normalise(text).text == fold(text).text


@pytest.mark.parametrize("text", ["我\u200b不.想.活.了，真的", "家裡wo bu xiang huo le啊", "他又加暴我了"])
def test_spans_show_the_original_words(text: str) -> None:
    """CR-29: staff see the words as they were typed."""
    message = normalise(text)
    whole = message.span(0, len(message.text))
    assert whole.text == text[whole.start : whole.end]
    assert whole.end - whole.start >= len(text) - 2
    assert message.span(0, 1).start == 0


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    """Offsets stay inside the original, whatever comes."""
    message = normalise(text)
    assert len(message.text) == len(message.starts) == len(message.ends)
    for i in range(len(message.text)):
        assert 0 <= message.starts[i] < message.ends[i] <= len(text)


def test_lists_are_not_pulled_apart_words() -> None:
    assert join(fold("爸，妈，我")).text == "爸,妈,我"


def test_a_word_of_any_length_is_read() -> None:
    """R-22: one letter twenty thousand times breaks nothing, and what stands behind it is read."""
    found = normalise("a" * 20_000 + "，wo bu xiang huo le")
    assert found.text.endswith("我不想活了")
    assert normalise("a" * 800).text
