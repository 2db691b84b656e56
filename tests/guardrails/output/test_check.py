"""OutputCheck: every kind of objection, and that true sentences get none (SE-7, R-41, R-42, CR-22)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from guardrails.output import Ground, OutputCheck

GUIDES = Path(__file__).resolve().parents[3] / "knowledge" / "corpus" / "guides"
NUMBERS = (
    "110",
    "120",
    "12356",
    "12345",
    "12348",
    "12338",
    "12355",
    "12349",
    "12309",
    "12385",
    "12393",
    "0571-85029595",
)


@pytest.fixture(scope="module")
def check() -> OutputCheck:
    return OutputCheck(NUMBERS)


SAME = [
    ("二十个工作日内办好。", "20个工作日内办结。"),
    ("半年以上。", "期限在6个月以上。"),
    ("一年半。", "18个月。"),
    ("拿三分之一。", "发放1/3，即三分之一。"),
    ("百分之三十。", "按30%的比例。"),
    ("每年１万元。", "每年10000元。"),
    ("每年10,000元。", "每年1万元。"),
    ("从2026年3月1日起。", "自2026-03-01起施行。"),
    ("从2026年3月起。", "自2026年3月1日起施行。"),
    ("从三月一日起。", "自2026年3月1日起施行。"),
    ("72小时内。", "72小时内作出。"),
    ("没满18岁的孩子。", "未满18周岁的儿童。"),
    ("依据是第十八条。", "第十八条第二款规定。"),
    ("依据是杭政办函[2025]70号。", "杭政办函〔2025〕70号。"),
    ("见三(一)。", "杭政办函〔2025〕70号 三(一)"),
    ("一个月600元。", "每月600元。"),
]


@pytest.mark.parametrize(("sentence", "evidence"), SAME)
def test_same_figures_in_other_forms_pass(check: OutputCheck, sentence: str, evidence: str) -> None:
    """SE-7: figures are compared in one form."""
    assert check.objections(sentence, [evidence]) == ()


LIES = [
    ("30个工作日内办好。", "20个工作日内办结。", Ground.QUANTITY),
    ("20天内办好。", "20个工作日内办结。", Ground.QUANTITY),
    ("每月1200元。", "金额没有公布。", Ground.QUANTITY),
    ("百分之四十。", "按30%的比例。", Ground.QUANTITY),
    ("6个月以下才算。", "期限在6个月以上。", Ground.BOUND),
    ("15个工作日后决定。", "15个工作日内决定。", Ground.BOUND),
    ("满18周岁的孩子。", "未满18周岁的儿童。", Ground.BOUND),
    ("从2026年5月1日起。", "自2026年3月1日起施行。", Ground.DATE),
    ("依据是杭政办函〔2024〕70号。", "杭政办函〔2025〕70号。", Ground.DOCUMENT_NUMBER),
    ("依据是第十九条。", "第十八条第二款规定。", Ground.CLAUSE),
    ("依据是第十八条第三款。", "第十八条第二款规定。", Ground.CLAUSE),
    ("请打13800138000。", "请打13800138000。", Ground.PHONE),
    ("请打0571-88887777。", "请打0571-88887777。", Ground.PHONE),
    ("请打12398。", "请打12398。", Ground.PHONE),
    ("看 http://www.gov.cn/x 。", "http://www.gov.cn/x", Ground.LINK),
    ("看https://gov.cn.evil.com/x。", "", Ground.LINK),
    ("看www.example.com。", "www.example.com", Ground.LINK),
    ("<img src=x onerror=alert(1)>", "", Ground.MARKUP),
    ("[点这里](javascript:alert(1))", "", Ground.MARKUP),
    ("零宽\u200b字符。", "零宽字符。", Ground.MARKUP),
    ("已为您转接人工。", "已为您转接人工。", Ground.TRANSFER),
    ("我已经通知值班人员。", "", Ground.TRANSFER),
    ("值班员马上就联系您。", "", Ground.TRANSFER),
    ("孩子不享受护理补贴。", "孩子享受护理补贴。", Ground.POLARITY),
    ("孩子能领护理补贴。", "孩子不能领护理补贴。", Ground.POLARITY),
    ("向居住地的街道申请。", "向户籍地的街道申请。", Ground.CONTRAST),
    ("父母双方有一种情况就行。", "父母一方有一种情况的。", Ground.CONTRAST),
    ("学校可以报告。", "学校应当立即报告。", Ground.CONTRAST),
    ("向学校申请。", "向户籍地的街道申请。", Ground.UNSUPPORTED),
    ("低保家庭可以领。", "特困人员可以领。", Ground.UNSUPPORTED),
    ("一定能批下来。", "一定能批下来。", Ground.WORDING),
    ("我会一直陪着你。", "", Ground.WORDING),
    ("我理解你的感受。", "", Ground.WORDING),
    ("想想你的孩子。", "", Ground.WORDING),
    ("他这是得了抑郁症。", "", Ground.WORDING),
    ("我们不会告诉任何人。", "", Ground.WORDING),
    ("一切都会好起来。", "", Ground.WORDING),
]


@pytest.mark.parametrize(("sentence", "evidence", "ground"), LIES)
def test_lie_is_objected_to(check: OutputCheck, sentence: str, evidence: str, ground: Ground) -> None:
    assert ground in {objection.ground for objection in check.objections(sentence, [evidence])}


def test_transfer_may_be_said_after_the_stored_event(check: OutputCheck) -> None:
    """CR-22, R-23: only the stored event opens these words."""
    assert check.objections("我已经通知值班人员。", [""], transferred=True) == ()
    assert check.objections("我已经通知值班人员。", [""]) != ()


def test_listed_numbers_and_links_pass(check: OutputCheck) -> None:
    assert check.objections("心里难受可以打12356，有危险打110。", ["心理援助12356，报警110。"]) == ()
    assert check.objections("网上办：https://www.zjzwfw.gov.cn/ 。", ["https://www.zjzwfw.gov.cn/"]) == ()


def test_directory_object_is_accepted() -> None:
    class Directory:
        numbers = ("12345",)

    assert OutputCheck(Directory()).objections("可以打12345问。", ["可以打12345问。"]) == ()
    assert OutputCheck(Directory()).objections("可以打12356问。", ["可以打12356问。"]) != ()


def test_fails_closed(check: OutputCheck, monkeypatch: pytest.MonkeyPatch) -> None:
    """R-42: a check that breaks lets nothing out."""

    def broken(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("guardrails.output.check.figure_objections", broken)
    assert [objection.ground for objection in check.objections("你好。", [])] == [Ground.FAILED]
    assert check.objections("字" * 5000, []) != ()


def sentences_of_guides() -> list[tuple[str, str]]:
    found = []
    for guide in sorted(GUIDES.glob("*.md")):
        for line in guide.read_text("utf-8").splitlines():
            if line.startswith("- "):
                body = re.split(r"\s\[", line[2:].strip())[0]
                found += [(sentence, line[2:]) for sentence in re.findall(r"[^。！？]+[。！？]", body)]
    return found


def test_a_guide_may_say_what_it_says(check: OutputCheck) -> None:
    """No sentence of ours is dropped with its own paragraph as evidence."""
    sentences = sentences_of_guides()
    assert len(sentences) > 500
    dropped = {
        sentence: found
        for sentence, evidence in sentences
        if (found := check.objections(sentence, [evidence]))
    }
    assert dropped == {}
