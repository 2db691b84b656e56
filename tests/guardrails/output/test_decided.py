"""What a model may not settle: the first two came from a small real model on 2026-11-22 (docs/models.md)."""

from __future__ import annotations

import pytest

from guardrails.output.check import OutputCheck
from guardrails.output.crossing import Crossing
from guardrails.output.decided import decided_objections
from guardrails.output.objection import Ground

APPROVAL = "能不能批，以乡镇（街道）审核、民政部门确认为准。"
ORDER = "有效期最长6个月。到期前可以请法院延长。"


@pytest.mark.parametrize(
    ("sentence", "evidence", "settles"),
    [
        ("能批，以乡镇（街道）审核、民政部门确认为准。", APPROVAL, True),
        ("人身安全保护令管6个月，到期前可以请法院延长。", ORDER, True),
        ("能不能批，要等乡镇（街道）审核。", APPROVAL, False),
        ("有效期最长6个月。", ORDER, False),
        ("6个月以内有效。", ORDER, False),
        ("可以领。", "可不可以领，请问民政局。低保家庭可以领。", False),
        ("算收入。", "补贴算不算收入，文件没有写。", True),
    ],
)
def test_what_the_evidence_leaves_open_is_not_settled(sentence: str, evidence: str, settles: bool) -> None:
    assert bool(list(decided_objections(sentence, [evidence]))) is settles


def test_a_sentence_of_a_model_that_settles_it_is_stopped() -> None:
    check = OutputCheck((), Crossing())
    found = check.objections("能批，以乡镇（街道）审核、民政部门确认为准。", [APPROVAL], read=True)
    assert Ground.DECIDED in {objection.ground for objection in found}
