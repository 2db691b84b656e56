"""Rules read their surroundings: negation, stories, past and resolved, other senses (CR-6, CR-8)."""

from __future__ import annotations

import pytest

from guardrails.signals import conversation, rules
from guardrails.signals.normalise import normalise
from guardrails.types import Author, Category, Severity, Utterance


def highest(text: str) -> Severity:
    return max((signal.severity for signal in rules.find(normalise(text))), default=Severity.S0)


@pytest.mark.parametrize(
    "text",
    [
        "我没有不想活，就是累",
        "我又不是不想活了",
        "谁想死啊，我还要看孙子娶媳妇",
        "电影里那个人说不想活了",
        "那首歌唱不想活了，孩子天天听",
        "他从不打孩子",
        "户口本不见了，能补吗",
        "孩子丢了书包",
        "跳楼价的书桌",
        "我想死你了",
        "累死了，跑了三趟",
        "永别了我的旧手机",
        "孩子说不想活动",
        "我有部车，老早报废了",
        "孩子爸被车撞了，躺床上一年不动了",
        "老师在群里叫孩子发照片打卡",
        "网上申请要我拍孩子的照片上传",
        "孩子他妈网上认识一个人，约出去就没回来过",
        "爷爷奶奶都没了，就剩他一个，算不算孤儿",
        "孩子发烧，医保不管吗",
        "爷爷去年摔了一跤，到现在起不来，能领什么",
    ],
)
def test_harmless(text: str) -> None:
    assert highest(text) < Severity.S3


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("累死了，不想活了", Severity.S3),
        ("不是不想活了吗，那就别问了", Severity.S3),
        ("我也像电影里那样，不想活了", Severity.S3),
        ("遗书写好了", Severity.S4),
        ("我抱着孩子一起跳下去", Severity.S4),
        ("他正在砸门", Severity.S4),
        ("我弟被车撞飞了，躺路上不动", Severity.S4),
        ("女儿放学到现在没回家", Severity.S4),
        ("我要是不在了，孩子能领孤儿补助吗", Severity.S3),
        ("老公昨晚又打我了", Severity.S3),
        ("撑不下去了", Severity.S2),
        ("我累死了，天天三点睡", Severity.S1),
        ("阿奶在灶间掼了一跤爬不起来", Severity.S3),
        ("侄女抖音上聊天，那头叫她拍身体给他", Severity.S3),
        ("网友让我发照片，说不给别人看", Severity.S3),
        ("外孙打游戏认识个大哥，礼拜天约他见面", Severity.S3),
        ("宝宝发着烧，他爸光顾着打麻将", Severity.S2),
        ("奶奶昨晚在家没了，就剩孩子一个在屋里", Severity.S3),
        ("有人介绍工作，让我带着孩子去缅甸", Severity.S2),
        ("前夫放出来了，说要找我们算账", Severity.S3),
    ],
)
def test_signals(text: str, least: Severity) -> None:
    assert highest(text) >= least


def test_past_and_resolved_is_care() -> None:
    """CR-8: over and well now is S1; back again is not past."""
    over = rules.find(normalise("我前年不想活了，住院治好了，现在挺好"))
    assert {(signal.past, signal.severity) for signal in over} == {(True, Severity.S1)}
    assert highest("我前年不想活了，后来好了，最近又不想活了") is Severity.S3


def test_every_rule_has_a_reason() -> None:
    for one in rules.rule_set():
        assert one.rule.why.endswith(".")
        assert one.rule.patterns


def test_found_child_is_over_but_denial_is_not() -> None:
    """CR-4: an end is no denial."""
    missing = Utterance(Author.FAMILY, "孩子不见了，放学到现在没回家")
    assert [one.category for one in conversation.carried((missing,))] == [
        Category.MISSING_RUNAWAY_TRAFFICKING
    ]
    assert conversation.carried((missing, Utterance(Author.FAMILY, "找到了，在外婆家"))) == ()
    wish = Utterance(Author.FAMILY, "我不想活了")
    assert conversation.carried((wish, Utterance(Author.FAMILY, "开玩笑的")))[0].severity is Severity.S3


def test_signal_across_two_turns() -> None:
    window = (Utterance(Author.FAMILY, "我要是不在了"), Utterance(Author.ASSISTANT, "您请说。"))
    found = conversation.across(normalise("孩子能领补助吗"), window)
    assert found
    assert found[0].severity is Severity.S3


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("我不想活了", True),
        ("真的不想活下去了，先问下低保", True),
        ("我想死", True),
        ("不想活在别人嘴里，咱搬家", False),
        ("作业多到我想死哈哈哈哈", False),
        ("旧卡销了，一了百了", False),
        ("想跳江，晚上真想跳江", True),
        ("考完了，母女俩一起解脱了", False),
        ("我们娘俩一起去死", True),
    ],
)
def test_plain_words_stand_alone_and_words_in_passing_are_hints(text: str, alone: bool) -> None:
    """CR-2, CR-6: what often means something else waits for the classifier; without one it stands (CR-9)."""
    found = [one.found_by for one in rules.find(normalise(text)) if one.severity >= Severity.S3]
    assert found
    assert any(name.startswith("rule:") for name in found) is alone
