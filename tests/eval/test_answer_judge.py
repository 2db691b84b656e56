"""The judge of whole answers: what passes, what fails, and for which reason."""

from __future__ import annotations

import pytest

from eval.answers.judge import Answer, Judged, Said, cited, judge
from eval.answers.questions import AnswerQuestion, load_forbidden
from eval.answers.text import figures, normal
from knowledge.sources import Registry

REGISTRY = Registry.load()
HANGZHOU = "hz_kunjing_2025_70#三(一)"


def question(**given: object) -> AnswerQuestion:
    base: dict[str, object] = {
        "id": "b02_case",
        "entry": "B02",
        "kind": "plain",
        "half": "development",
        "talk": ["多少钱"],
        "must": ["没有公布", "乡镇|街道"],
        "must_not": ["自动发"],
        "cites": ["杭政办函〔2025〕70号 三(一)"],
    }
    return AnswerQuestion.model_validate({**base, **given})


def judged(
    *sentences: Said, card: str = "", verdicts: dict[str, str] | None = None, **given: object
) -> Judged:
    answer = Answer(sentences, card, verdicts)
    return judge(question(**given), answer, load_forbidden(), REGISTRY)


GOOD = Said("杭州每月发多少钱，文件没有公布。请问户口所在的乡镇（街道）。", (HANGZHOU,))


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("十五个工作日", "15个工作日"),
        ("１０，０００ 元", "10000元"),
        ("一万元", "10000元"),
        ("三级、四级", "3级、4级"),
        ("二十四小时", "24小时"),
        ("乡镇（街道）", "乡镇(街道)"),
        ("两千四百元", "2400元"),
    ],
)
def test_one_spelling(text: str, spelled: str) -> None:
    assert normal(text) == spelled


def test_a_date_is_no_figure() -> None:
    assert figures("自2026年3月1日起施行，期限6个月，发30%。") == ("6个月", "30%")


def test_a_full_answer_passes_whole() -> None:
    assert judged(GOOD).passed


def test_what_is_missing_is_named() -> None:
    assert judged(Said("请问乡镇。", (HANGZHOU,))).missing == ("没有公布",)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("每月会自动发。", "自动发"),
        ("每月1800元。", "a sum that is not published: 1800元"),
        ("您一定能拿到。", "a promise: 一定能拿到"),
        ("建议您先退低保。", "tells to give up an allowance: 建议您先退低保"),
        ("重庆的标准是每人一样。", "another place's rule: 重庆的标准"),
        ("已经为您提交。", "pretends to have acted: 已经为您提交"),
        ("康复训练每月最高2400元。", "sum of 康复救助 without its year: 2400元"),
    ],
)
def test_forbidden_claims(text: str, why: str) -> None:
    assert why in judged(GOOD, Said(text, (HANGZHOU,))).forbidden


@pytest.mark.parametrize("text", ["不一定能拿到。", "“优先”不是“一定有”。", "不要急着退低保。"])
def test_careful_words_are_not_forbidden(text: str) -> None:
    assert judged(GOOD, Said(text, (HANGZHOU,))).passed


def test_a_sum_that_the_family_named_may_be_said_back() -> None:
    assert judged(GOOD, Said("您说每月3000元。", fixed=True), talk=["一个月三千元够不够低保"]).passed


def test_a_no_needs_a_next_step() -> None:
    assert judged(Said("不符合，文件没有公布，街道说了算。", (HANGZHOU,))).forbidden == ("a flat no",)


def test_a_figure_without_a_clause_is_named() -> None:
    assert judged(GOOD, Said("15个工作日办好。")).bare_figures == ("15个工作日办好。",)
    assert judged(GOOD, Said("孩子满6个月了吗？", fixed=True)).passed


def test_a_part_and_the_whole_of_a_clause_both_cite_it() -> None:
    found = frozenset({"gov_shishiwurenfuyang_2019_62#二(二)"})
    assert cited("民发〔2019〕62号 二", found, REGISTRY)
    assert cited("民发〔2019〕62号", found, REGISTRY)
    assert not cited("民发〔2019〕62号 二(三)", found, REGISTRY)
    assert judged(Said(GOOD.text)).uncited == ("杭政办函〔2025〕70号 三(一)",)


def test_a_verdict_that_is_asked_for_must_be_shown() -> None:
    assert judged(GOOD, verdict={"B02": "likely|choice"}, verdicts={"B02": "choice"}).passed
    assert judged(GOOD, verdict={"B02": "likely"}).wrong_verdicts == ("B02 is not shown, expected likely",)


def test_a_danger_card_answers_only_where_danger_was_told() -> None:
    assert not judged(card="现在就打 110").passed
    assert judge(question(card="may"), Answer((), "现在就打 110"), load_forbidden(), REGISTRY).passed


def test_an_error_never_passes() -> None:
    assert not judge(question(), Answer((), error="TimeoutError"), load_forbidden(), REGISTRY).passed
