"""`minxing precheck` on the terminal is driven through this session."""

from __future__ import annotations

import pytest

from tests.tools.conftest import TODAY
from tools.catalogue import Catalogue
from tools.errors import FactError
from tools.session import PrecheckSession
from tools.types import Outcome


@pytest.fixture
def session(catalogue: Catalogue) -> PrecheckSession:
    return PrecheckSession(catalogue, as_of=TODAY, focus=("B02",))


def test_the_grandmother_is_asked_only_for_what_is_missing(session: PrecheckSession) -> None:
    session.correct("father_state", "imprisoned")
    session.correct("father_term_months", "72")
    session.correct("mother_state", "得了重病")
    assert session.question is not None
    assert session.question.fact == "child_age"
    changed = session.answer("7岁")
    assert session.question is None
    assert [(one.benefit, one.after) for one in changed if one.benefit == "B02"] == [("B02", Outcome.LIKELY)]


def test_an_able_parent_ends_it(session: PrecheckSession) -> None:
    """Early stop: one hard condition fails, so neither age nor the other parent is asked for."""
    session.correct("father_state", "able")
    assert session.question is None
    assert session.verdicts(Outcome.UNLIKELY)


def test_choices_by_number(session: PrecheckSession) -> None:
    session.correct("child_age", "7")
    assert session.question is not None
    assert session.question.fact == "father_state"
    session.answer("2")
    assert session.facts["father_state"] == "dead"


def test_back_and_correct(session: PrecheckSession) -> None:
    session.correct("child_age", "7")
    session.answer("dead")
    assert session.back()
    assert session.question is not None
    assert session.question.fact == "father_state"
    session.answer("dead")
    session.answer("seriously_ill")
    changed = session.correct("mother_state", "able")
    (b02,) = [one for one in changed if one.benefit == "B02"]
    assert (b02.before, b02.after) == (Outcome.LIKELY, Outcome.UNLIKELY)
    assert b02.because


def test_nothing_to_undo(session: PrecheckSession) -> None:
    assert not session.back()


def test_declined_is_never_asked_again(session: PrecheckSession) -> None:
    seen = []
    while session.question is not None:
        seen.append(session.question.fact)
        session.decline()
    assert len(seen) == len(set(seen))
    assert session.verdicts(Outcome.UNKNOWN)


def test_a_wrong_answer_changes_nothing(session: PrecheckSession) -> None:
    session.correct("father_state", "dead")
    session.correct("mother_state", "seriously_ill")
    with pytest.raises(FactError, match="0 到 30"):
        session.answer("seven")
    assert "child_age" not in session.facts


def test_sensitive_facts_are_not_repeated_back(catalogue: Catalogue) -> None:
    session = PrecheckSession(catalogue, as_of=TODAY, facts={"child_hiv": True, "child_age": 7})
    assert [name for name, _, _ in session.told] == ["child_age"]


def test_unprompted_we_never_ask_about_hiv_or_violence(catalogue: Catalogue) -> None:
    """Facts.md trap 16: never ask for more than needed."""
    session = PrecheckSession(catalogue, as_of=TODAY)
    seen = []
    while session.question is not None:
        seen.append(session.question.fact)
        session.decline()
    assert not {"child_hiv", "family_violence", "harmed_by_guardian", "school_bullying"} & set(seen)


@pytest.mark.parametrize("said", ["不知道", "不想说。", "不清楚"])
def test_not_knowing_is_an_answer(session: PrecheckSession, said: str) -> None:
    before = session.question
    assert before is not None
    session.answer(said)
    assert session.question != before
    assert before.fact not in session.facts


@pytest.mark.parametrize("said", ["没有", "都没有。", "都不是"])
def test_none_of_a_list_is_understood(catalogue: Catalogue, said: str) -> None:
    session = PrecheckSession(catalogue, as_of=TODAY, facts={"child_age": 7}, focus=("B06",))
    assert session.question is not None and session.question.fact == "household_category"
    session.answer(said)
    assert session.facts["household_category"] == "ordinary"


def test_no_to_a_yes_or_no_question_is_read_as_it_was_asked(catalogue: Catalogue) -> None:
    """「街道有没有说过超标？」 「没有」 is good news; a bare no is not taken for the value false."""
    facts = {"child_age": 7, "household_category": "ordinary", "income_level": "below_minimum"}
    session = PrecheckSession(catalogue, as_of=TODAY, facts=facts, focus=("B06",))
    assert session.question is not None and session.question.fact == "property_within_rule"
    with pytest.raises(FactError):
        session.answer("没有")
    session.answer("没有超标")
    assert session.facts["property_within_rule"] is True


@pytest.mark.parametrize(
    ("fact", "said", "value"),
    [
        ("child_age", "七", 7),
        ("child_age", "七岁", 7),
        ("child_age", "8岁半", 8),
        ("child_age", "今年十二周岁了。", 12),
        ("child_age", "不到一岁", 0),
        ("child_age_months", "一岁半", 18),
        ("child_age_months", "八个月大", 8),
        ("father_term_months", "六年", 72),
        ("father_term_months", "判了三年零两个月", 38),
        ("father_absent_months", "半年", 6),
        ("mother_disability_level", "二级", 2),
        ("child_disability_level", "0", 0),
    ],
)
def test_numbers_as_people_write_them(session: PrecheckSession, fact: str, said: str, value: int) -> None:
    session.correct(fact, said)
    assert session.facts[fact] == value


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ("child_age", "七八岁"),
        ("child_age", "虚岁八岁"),
        ("child_age", "不是七岁"),
        ("child_age", "大的七岁小的三岁"),
        ("child_age", "-3"),
        ("child_age", "3.5级"),
        ("father_term_months", "三四年"),
        ("father_absent_months", "好几年"),
        ("father_absent_months", "一岁"),
        ("mother_disability_level", "没评过"),
    ],
)
def test_a_number_that_is_not_clear_is_asked_again(session: PrecheckSession, fact: str, said: str) -> None:
    """A guess at an age or a term would decide a verdict: it is asked again."""
    with pytest.raises(FactError, match="没有看懂"):
        session.correct(fact, said)
    assert fact not in session.facts


def test_an_age_in_words_answers_the_question(session: PrecheckSession) -> None:
    session.correct("father_state", "dead")
    session.correct("mother_state", "seriously_ill")
    assert session.question is not None and session.question.fact == "child_age"
    session.answer("七岁")
    assert session.facts["child_age"] == 7
