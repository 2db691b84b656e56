"""Words crossed with their evidence: learnt weights, loaded late, and stricter rules without them (R-42)."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from eval.grounding import crossings as learning
from eval.grounding.material import Block
from guardrails.output import Ground, OutputCheck
from guardrails.output.crossing import FOLDER, ROOM, Crossing, crossings
from guardrails.output.weigh import WITH_CROSSINGS, weigh, weights

EVIDENCE = "孤儿认定由儿童监护人提出申请。县级民政部门自收到申请之日起20个工作日内作出认定结论。"
TRUTH, LIE = "一般是孩子的监护人去申请。", "一般是孩子的学校去申请。"


class Says:
    """A voice that always says the same."""

    def __init__(self, logit: float | None) -> None:
        self._logit = logit
        self.problem = "" if logit is not None else "gone"
        self.asked: list[str] = []

    def logit(self, sentence: str, evidence: Sequence[str]) -> float | None:
        self.asked.append(sentence)
        return self._logit


def test_the_weights_are_those_of_their_card() -> None:
    digest = hashlib.sha256((FOLDER / "crossing.npz").read_bytes()).hexdigest()
    assert json.loads((FOLDER / "crossing.json").read_text("utf-8"))["sha256"] == digest
    assert digest in (FOLDER / "MODEL_CARD.md").read_text("utf-8")


def test_what_is_said_is_judged_by_what_stands_beside_it() -> None:
    voice = Crossing()
    true, turned = voice.logit(TRUTH, [EVIDENCE]), voice.logit(TRUTH, [EVIDENCE.replace("监护人", "学校")])
    assert true is not None and turned is not None
    assert turned > true
    assert voice.logit(TRUTH, [EVIDENCE]) == true == Crossing().logit(TRUTH, [EVIDENCE])


@pytest.mark.parametrize(("text", "evidence"), [("", ""), ("领" * 1900, "钱" * 9000), ("\0\ud800", "。；")])
def test_any_text_is_crossed(text: str, evidence: str) -> None:
    numbers = crossings(text.encode("utf-8", "replace").decode(), [evidence])
    assert len(numbers) and numbers.min() >= 0 and numbers.max() < ROOM


def test_nothing_is_loaded_before_it_is_asked(tmp_path: Path) -> None:
    gone = Crossing(tmp_path)
    assert gone.problem == ""
    assert gone.logit(TRUTH, [EVIDENCE]) is None
    assert "Restore" in gone.problem


def test_another_file_than_the_card_describes_is_refused(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "crossing.json", tmp_path)
    (tmp_path / "crossing.npz").write_bytes(b"something else")
    changed = Crossing(tmp_path)
    assert changed.logit(TRUTH, [EVIDENCE]) is None
    assert "crossing.json" in changed.problem


def test_without_the_weights_the_rules_are_stricter() -> None:
    """Missing or broken: more is dropped, not less, and health can say why."""
    assert weights().strict > 0
    known = dict.fromkeys(weights().traits, 0.0)
    assert weigh(known, strict=True).score > weigh(known).score
    assert OutputCheck((), Says(None)).problem == "gone"
    assert OutputCheck(()).problem == ""


def test_the_word_of_the_crossings_is_weighed_beside_the_traits() -> None:
    certain_lie, certain_truth = OutputCheck((), Says(6.0)), OutputCheck((), Says(-6.0))
    assert [o.ground for o in certain_lie.objections(TRUTH, [EVIDENCE])] == [Ground.UNSUPPORTED]
    assert certain_truth.objections(TRUTH, [EVIDENCE]) == ()
    assert weights(WITH_CROSSINGS).traits["crossings"] > 0


def test_a_figure_that_is_not_there_stands_alone() -> None:
    """However sure the crossings are, the figures are the rules' matter."""
    check = OutputCheck((), Says(-6.0))
    assert check.objections("民政最晚30个工作日给结论。", [EVIDENCE]) != ()


def test_reviewed_words_and_quotations_are_not_asked_about() -> None:
    """The offline composer's sentences cost nothing more than before."""
    says = Says(6.0)
    check = OutputCheck((), says)
    check.objections(TRUTH, [EVIDENCE], read=False)
    check.objections("孤儿认定由儿童监护人提出申请。", [EVIDENCE])
    assert says.asked == []


def test_crossings_are_learnt_beside_the_traits() -> None:
    """A word that only lies have speaks against a sentence; the same pairs teach the same weights."""
    block = Block(by="hand", evidence=EVIDENCE, truths=(TRUTH,), lies=(LIE,))
    rows = learning.rows([block] * 20)
    lie, nothing = np.array([0.0, 1.0] * 20), np.zeros(40)
    weight = learning.learn(rows, nothing, lie)
    truth_says, lie_says = learning.voices(rows[:2], weight)
    assert lie_says > 0 > truth_says
    assert np.array_equal(weight, learning.learn(rows, nothing, lie))
    told = learning.learn(rows, np.where(lie > 0, 9.0, -9.0), lie)  # the traits knew it all
    assert abs(told).max() < abs(weight).max()
