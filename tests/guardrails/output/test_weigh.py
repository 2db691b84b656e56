"""What is weighed besides the rules: words borne by others, values at their places, yes and no (R-41)."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.grounding.material import development
from eval.grounding.train import Example, examples, fit, names_of
from guardrails.output import OutputCheck
from guardrails.output.cover import How, pieces
from guardrails.output.frames import swaps
from guardrails.output.paraphrase import paraphrases, tokens
from guardrails.output.signs import signs
from guardrails.output.weigh import CROSSINGS, FILE, WITH_CROSSINGS, weigh, weights

TWO_RATES = "低保家庭儿童每月600元；低保边缘家庭儿童每月300元。"


def hows(sentence: str, evidence: str) -> dict[str, How]:
    return {piece.text: piece.how for piece in pieces(sentence, evidence)}


def test_other_words_for_one_thing_are_borne() -> None:
    assert hows("爸妈去世", "父母死亡的儿童")["爸妈"] is How.SAID
    assert hows("找法院", "父母死亡的儿童")["法院"] is How.MISSING
    assert hows("父母死亡", "父母死亡的儿童") == {"父母死亡": How.COPIED}


def test_no_word_is_both_empty_and_an_office() -> None:
    """What must stand in the evidence is never waved through."""
    known = paraphrases()
    offices = {
        word
        for group, kind in zip(known.groups, known.kind, strict=True)
        if kind == "bodies"
        for word in group
    }
    assert offices.isdisjoint(known.empty)


def test_longest_word_wins() -> None:
    (token, *_) = tokens("低保边缘家庭")
    assert (token.start, token.end) == (0, 6)


@pytest.mark.parametrize(
    ("sentence", "swapped"),
    [
        ("低保家庭的孩子每月600元。", False),
        ("低保家庭的孩子每月300元。", True),
        ("低边家庭的孩子每月300元。", False),
        ("低边家庭的孩子每月600元。", True),
    ],
)
def test_a_value_keeps_its_place(sentence: str, swapped: bool) -> None:
    """600元 and 300元 both stand in the evidence: only their places tell the lie."""
    money = [swap for swap in swaps(sentence, TWO_RATES) if swap.kind == "unit:yuan"]
    assert [swap.other > swap.own for swap in money] == [swapped]


def test_yes_and_no_of_a_clause() -> None:
    evidence = ["停发期间的不予补发。"]
    assert signs("停发期间的补发。", evidence).differs > 0
    assert signs("停发期间的不补发。", evidence).differs == 0
    assert signs("收入不能低于标准。", ["收入至少达到标准。"]).differs == 0


def test_nothing_known_speaks_against_nothing_and_no_trait_speaks_for() -> None:
    assert weigh({}).score < 0
    assert min(weights().traits.values()) >= 0


def test_a_sentence_that_stands_in_the_evidence_goes_out() -> None:
    check = OutputCheck(())
    assert check.objections("低保边缘家庭儿童每月300元。", [TWO_RATES]) == ()
    assert check.objections("低保边缘家庭儿童每月600元。", [TWO_RATES]) != ()


def test_what_marks_lies_is_learnt_to_speak_against_a_sentence() -> None:
    """A trait of lies gains weight, one of truths none: nothing that is seen speaks for a sentence."""
    found = examples(development()[-20:])
    marked = [
        Example(e.file, e.lie, {**e.known, "of_lies": float(e.lie), "of_truths": 1.0 - e.lie}) for e in found
    ]
    names = names_of(marked)
    weight, _ = fit(marked, names)
    learnt = dict(zip(names, weight, strict=True))
    assert learnt["of_lies"] > 1.0
    assert learnt["of_truths"] == 0.0
    assert min(weight) >= 0.0


@pytest.mark.parametrize("path", [FILE, WITH_CROSSINGS])
def test_weights_are_of_traits_that_are_computed(path: Path) -> None:
    """No weight stands for a trait that no sentence has; and none of the rules' speaks for a sentence."""
    seen = {name for e in examples(development()[::4]) for name in e.known} | {CROSSINGS}
    table = weights(path).traits
    assert len(set(table) - seen) <= 0.3 * len(table)  # a quarter of the pairs does not show every trait
    if path == FILE:
        assert min(table.values()) >= 0.0


def test_the_weights_file_is_found() -> None:
    assert (Path(__file__).resolve().parents[3] / "guardrails" / "output" / "weights.yaml").exists()
