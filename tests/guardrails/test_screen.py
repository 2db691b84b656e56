"""Screening end to end: what issue 2 demands, failing safe (CR-9), stickiness (CR-4), long texts (CR-1)."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import pytest

from guardrails.screen import UNREDACTED, Screener
from guardrails.signals.classifier import Found
from guardrails.types import Author, Category, Entity, Route, Severity, Speaker, Utterance


class Quiet:
    """A classifier that sees nothing: what remains are the rules."""

    def find(self, redacted: str, window: Sequence[Utterance]) -> Found:
        return Found((), np.zeros(384, np.float32), support=1.0)


class Plain:
    """A redactor that finds nothing."""

    def redact(self, text: str, vault: object) -> tuple[str, Sequence[Entity]]:
        return text, ()


class Broken:
    """A part that fails at every use."""

    def find(self, redacted: str, window: Sequence[Utterance]) -> Found:
        raise ValueError("no model")

    def redact(self, text: str, vault: object) -> tuple[str, Sequence[Entity]]:
        raise ValueError("no recogniser")


class Slow(Quiet):
    """A classifier that takes its time."""

    asked = 0

    def find(self, redacted: str, window: Sequence[Utterance]) -> Found:
        self.asked += 1
        time.sleep(0.5)
        return super().find(redacted, window)


@pytest.fixture(scope="module")
def by_rules() -> Screener:
    return Screener(None, redactor=Plain(), classifier=Quiet())


@pytest.mark.parametrize(
    ("text", "category", "route"),
    [
        ("我撑不下去了，不想活了", Category.SUICIDE_SELF, Route.HUMAN_URGENT),
        ("不.想.活.了", Category.SUICIDE_SELF, Route.HUMAN_URGENT),
        ("我想4了", Category.SUICIDE_SELF, Route.HUMAN_URGENT),
        ("我要是不在了，孩子能领孤儿补助吗", Category.SUICIDE_SELF, Route.HUMAN_URGENT),
        ("不能留她一个人在世上受苦", Category.CAREGIVER_HARM_RISK, Route.CRISIS_NOW),
        ("女儿放学到现在没回家", Category.MISSING_RUNAWAY_TRAFFICKING, Route.CRISIS_NOW),
        ("孩子抽搐，叫不醒", Category.MEDICAL_EMERGENCY, Route.CRISIS_NOW),
        ("我要投诉你们", Category.COMPLAINT, Route.COMPLAINT),
    ],
)
def test_rules_alone_find_what_is_plain(
    by_rules: Screener, text: str, category: Category, route: Route
) -> None:
    """CR-2: no model is needed to raise a plain signal."""
    screening = by_rules.screen(text)
    assert (screening.category, screening.route) == (category, route)
    assert all(text[span.start : span.end] == span.text for span in screening.triggers)


@pytest.mark.parametrize(
    "text", ["累死了", "气死我了", "想死你了", "笑死", "转人工", "孩子爸爸去世了，能领什么", ""]
)
def test_rules_leave_everyday_words_alone(by_rules: Screener, text: str) -> None:
    """CR-6."""
    assert by_rules.screen(text).route is Route.NORMAL


class Sure(Quiet):
    """A classifier that is certain that nothing is wrong."""

    def find(self, redacted: str, window: Sequence[Utterance]) -> Found:
        return Found((), np.zeros(384, np.float32), support=0.0)


def test_hints_need_a_little_support_and_rules_need_none() -> None:
    """CR-2: a plain rule is never outvoted; CR-9: without a classifier hints stand."""
    sure = Screener(None, redactor=Plain(), classifier=Sure())
    assert sure.screen("我不想活了").route is Route.HUMAN_URGENT
    assert sure.screen("他欺负人，同学在学校要钱").route is Route.NORMAL
    alone = Screener(None, redactor=Plain(), classifier=Broken())
    assert alone.screen("他欺负人，同学在学校要钱").route is Route.HUMAN_URGENT


class Over(Quiet):
    """A classifier that finds these messages past and resolved, and hears little in the rest."""

    def __init__(self, *over: str) -> None:
        self.over = over

    def find(self, redacted: str, window: Sequence[Utterance]) -> Found:
        return Found((), None, support=0.2, over=redacted in self.over)


def test_plain_words_of_what_is_over_are_care_then_and_later() -> None:
    """CR-8: the whole message tells that it is over; then no later turn brings it back."""
    then = "刚嫁过来那几年我不想活，如今外孙都会打酱油啦"
    screener = Screener(None, redactor=Plain(), classifier=Over(then))
    told = screener.screen(then)
    assert (told.severity, told.route) == (Severity.S1, Route.NORMAL_WITH_CARE)
    assert all(signal.past for signal in told.signals if signal.found_by.startswith("rule:"))
    said = (Utterance(Author.FAMILY, then), Utterance(Author.ASSISTANT, "好的。"))
    assert screener.screen("低保去哪里办", said).route is Route.NORMAL
    again = (*said, Utterance(Author.FAMILY, "我不想活了"), Utterance(Author.ASSISTANT, "我在听。"))
    assert screener.screen("低保去哪里办", again).route is Route.HUMAN_URGENT


def test_a_hint_that_its_own_message_did_not_support_comes_back_in_no_later_turn() -> None:
    """CR-6: 旧卡销了，一了百了 was harmless when it was said."""
    sure = Screener(None, redactor=Plain(), classifier=Sure())
    said = (Utterance(Author.FAMILY, "旧卡销了，一了百了"), Utterance(Author.ASSISTANT, "好的。"))
    assert sure.screen("那新卡要带什么", said).route is Route.NORMAL
    alone = Screener(None, redactor=Plain(), classifier=Broken())
    assert alone.screen("那新卡要带什么", said).route is Route.HUMAN_URGENT


def test_the_answer_to_the_safety_question_is_settled_without_the_classifier() -> None:
    """CR-15: 不安全 stays the answer that it is, whatever a classifier makes of two words."""
    screener = Screener(None, redactor=Plain(), classifier=Over("不安全"))
    assert screener.screen("不安全").severity is Severity.S4


def test_a_hint_of_two_turns_together_needs_support_as_well() -> None:
    """CR-6: 我要是不在了 / 孩子能领什么补助 is one only if the classifier hears a little."""
    said = (Utterance(Author.FAMILY, "我要是"), Utterance(Author.ASSISTANT, "您说。"))
    text = "不在了，孩子能领什么补助"
    assert Screener(None, redactor=Plain(), classifier=Quiet()).screen(text, said).route.interrupts
    assert Screener(None, redactor=Plain(), classifier=Sure()).screen(text, said).route is Route.NORMAL


def test_a_classifier_that_hangs_is_waited_for_once_in_earlier_messages() -> None:
    """CR-9: many earlier signals cost one time limit more, not one each, and all of them stand."""
    slow = Slow()
    screener = Screener(None, redactor=Plain(), classifier=slow, timeout_seconds=0.05)
    said = tuple(Utterance(Author.FAMILY, text) for text in ("老公打我了", "女儿被同学打了", "我不想活了"))
    screening = screener.screen("低保去哪里办", said)
    assert screening.route is Route.HUMAN_URGENT
    assert screening.needs_review
    assert slow.asked <= 2


def test_denial_never_lowers(by_rules: Screener) -> None:
    """CR-4: 「开玩笑的」 keeps what was said before."""
    window = (Utterance(Author.FAMILY, "我不想活了"), Utterance(Author.ASSISTANT, "先别一个人待着。"))
    assert by_rules.screen("开玩笑的啦", window).severity is Severity.S3
    assert by_rules.screen("谢谢", sticky=Severity.S4).route is Route.CRISIS_NOW


def test_safety_question_escalates(by_rules: Screener) -> None:
    """CR-15: anything but 安全 escalates."""
    window = (Utterance(Author.FAMILY, "我不想活了"), Utterance(Author.ASSISTANT, "你现在安全吗？"))
    assert by_rules.screen("不安全", window).severity is Severity.S4
    assert by_rules.screen("说不清", window).severity is Severity.S3
    assert by_rules.screen("不安全").severity is Severity.S4
    assert by_rules.screen("说不清").severity is Severity.S0
    assert by_rules.screen("说不清", sticky=Severity.S3).severity is Severity.S3


def test_signal_at_the_end_of_a_long_text(by_rules: Screener) -> None:
    """CR-1: 20,000 characters are scanned to the end."""
    text = "想问一下孩子读书的补助要带什么材料。" * 1100 + "我不想活了"
    assert by_rules.screen(text).route is Route.HUMAN_URGENT


@pytest.mark.parametrize(
    "text", ["\x00\ud800不想活了", "\u200b不\u200b想\u202e活了", "<script>不想活了</script>"]
)
def test_broken_text_is_read(by_rules: Screener, text: str) -> None:
    """CR-3: control characters and lone surrogates hide nothing."""
    assert by_rules.screen(text).route is Route.HUMAN_URGENT


def test_classifier_failure_keeps_rules_and_asks_for_review() -> None:
    """CR-9."""
    screener = Screener(None, redactor=Plain(), classifier=Broken())
    screening = screener.screen("我不想活了")
    assert screening.route is Route.HUMAN_URGENT
    assert screening.needs_review
    assert not screener.health().classifier
    assert screener.screen("低保怎么申请").needs_review


def test_slow_classifier_counts_as_failed() -> None:
    """CR-9: the limit is 800 ms; here a shorter one."""
    screener = Screener(None, redactor=Plain(), classifier=Slow(), timeout_seconds=0.05)
    assert screener.screen("低保怎么申请").needs_review
    assert not screener.health().green


def test_health_recovers() -> None:
    """A single slow answer does not keep the light red."""
    screener = Screener(None, redactor=Plain(), classifier=Quiet())
    assert not screener.screen("低保怎么申请").needs_review
    assert screener.health().green


def test_redactor_failure_lets_nothing_raw_out() -> None:
    """PR-5: the crisis path works, the text is not kept."""
    screener = Screener(None, redactor=Broken(), classifier=Quiet())
    screening = screener.screen("我叫王小明，不想活了")
    assert screening.redacted == UNREDACTED
    assert screening.encoding is None
    assert screening.needs_review
    assert screening.route is Route.HUMAN_URGENT


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("我今年九岁，爸爸又打我", Speaker.CHILD),
        ("隔壁家的孩子天天被打", Speaker.THIRD_PARTY),
        ("邻居天天打小孩，我去报警会不会被知道", Speaker.THIRD_PARTY),
        ("楼上半夜老打孩子", Speaker.THIRD_PARTY),
        ("我开托管班的，有个娃后背有皮带印", Speaker.THIRD_PARTY),
        ("邻居骂我，说我不会带孙子", Speaker.ADULT),
        ("外孙女划过自己手腕，该谁签字", Speaker.THIRD_PARTY),
        ("我今年十二岁，我妹妹拿刀划自己的手", Speaker.CHILD),
        ("隔壁天天打孩子，我自己也不想活了", Speaker.ADULT),
        ("我走也要带着孩子一起走，一起解脱", Speaker.CAREGIVER_AT_RISK),
        ("我外孙女九岁，能领什么", Speaker.ADULT),
        ("奶奶摔了一跤起不来了，家里就我一个人", Speaker.CHILD),
        ("家里只有我和弟弟，妈妈叫不醒", Speaker.CHILD),
        ("我奶奶摔了起不来，家里就我一个人上班挣钱", Speaker.ADULT),
        ("她爷爷晕倒过，家里就我一个人照顾", Speaker.ADULT),
    ],
)
def test_speaker(by_rules: Screener, text: str, speaker: Speaker) -> None:
    """CR-17, CR-18, CR-19 each have their own template."""
    assert by_rules.screen(text).speaker is speaker


def test_who_cannot_go_on_now_is_no_bystander(by_rules: Screener) -> None:
    said = (Utterance(Author.FAMILY, "隔壁家的孩子天天被打"),)
    assert by_rules.screen("他们报警了没有", said).speaker is Speaker.THIRD_PARTY
    assert by_rules.screen("我也真的不想活了", said).speaker is Speaker.ADULT
