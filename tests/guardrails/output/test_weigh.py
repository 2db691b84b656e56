"""What is weighed besides the rules: words borne by others, values at their places, yes and no (R-41)."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.grounding.train import examples, fit, names_of
from guardrails.output import OutputCheck
from guardrails.output.cover import How, pieces
from guardrails.output.frames import swaps
from guardrails.output.paraphrase import paraphrases, tokens
from guardrails.output.signs import signs
from guardrails.output.weigh import weigh, weights

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


def test_the_weights_are_those_that_the_pairs_teach(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is learnt, not written: a few of the strongest weights come out again."""
    found = examples()
    names = names_of(found)
    weight, bias = fit(found, names)
    learnt = dict(zip(names, weight, strict=True))
    assert bias == pytest.approx(weights().bias, abs=0.02)
    for name, value in weights().traits.items():
        assert learnt[name] == pytest.approx(value, abs=0.05), name


def test_the_weights_file_is_found() -> None:
    assert (Path(__file__).resolve().parents[3] / "guardrails" / "output" / "weights.yaml").exists()
