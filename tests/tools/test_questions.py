"""One plain question may settle several facts: what is chosen holds, what is not chosen does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools.conftest import PROJECT, TODAY, registry_cite
from tools.catalogue import Catalogue
from tools.errors import CatalogueError, FactError
from tools.precheck import precheck
from tools.questions import Compound, facts_said, load_compounds
from tools.session import PrecheckSession
from tools.types import FactValue, Question

CATALOGUE = Catalogue.load(registry_cite())
NOTHING = {
    "child_disability_kind": "none",
    "child_autism": False,
    "child_serious_illness": False,
    "child_rare_disease": False,
}


def compound(name: str) -> Compound:
    return next(one for one in CATALOGUE.compounds if one.id == name)


def asked(name: str, *known: str) -> Question:
    return compound(name).ask(CATALOGUE.facts, known)


@pytest.mark.parametrize(
    ("chosen", "more"),
    [
        (["都没有"], {}),
        (["肢体残疾"], {"child_disability_kind": "limb"}),
        (["肢体残疾", "智力残疾"], {"child_disability_kind": "multiple"}),
        (["重病", "罕见病"], {"child_serious_illness": True, "child_rare_disease": True}),
    ],
)
def test_what_an_answer_says(chosen: list[str], more: dict[str, FactValue]) -> None:
    assert facts_said(asked("child_health"), chosen) == {**NOTHING, **more}


def test_what_is_known_is_neither_shown_nor_changed() -> None:
    question = asked("already_granted", "recognised_orphan")
    assert question.facts == ("recognised_de_facto_unsupported", "receives_basic_living_allowance")
    assert not any("认定为孤儿" in label for label, _ in question.choices)
    assert "recognised_orphan" not in facts_said(question, ["都没有"])


def test_only_who_can_take_it_is_asked_so() -> None:
    """A caller that knows one fact at a time gets one fact at a time."""
    told = {"child_age": 7, "household_category": "ordinary"}
    alone = precheck(CATALOGUE, told, as_of=TODAY, focus=("B04", "B14", "B35")).next_question
    both = precheck(CATALOGUE, told, as_of=TODAY, focus=("B04", "B14", "B35"), compound=True).next_question
    assert alone is not None and not alone.several
    assert both is not None and both.several


def test_nobody_is_asked_again() -> None:
    """Told of autism, we do not ask whether there is a disability or autism."""
    told = {"child_age": 7, "household_category": "ordinary", "child_autism": True}
    question = precheck(CATALOGUE, told, as_of=TODAY, focus=("B04", "B07"), compound=True).next_question
    assert question is not None and not question.several


@pytest.fixture
def session() -> PrecheckSession:
    facts = {"child_age": 7, "household_category": "ordinary"}
    return PrecheckSession(CATALOGUE, as_of=TODAY, facts=facts, focus=("B04", "B14", "B35"))


@pytest.mark.parametrize(
    ("said", "more"),
    [
        ("5 9", {"child_disability_kind": "limb", "child_autism": True}),
        ("肢体残疾、孤独症（自闭症）", {"child_disability_kind": "limb", "child_autism": True}),
        ("1", {}),
        ("没有。", {}),
        ("都没有", {}),
    ],
)
def test_on_the_terminal(session: PrecheckSession, said: str, more: dict[str, FactValue]) -> None:
    session.answer(said)
    assert dict(session.facts) == {"child_age": 7, "household_category": "ordinary", **NOTHING, **more}
    assert session.back()
    assert "child_autism" not in session.facts


@pytest.mark.parametrize("said", ["1 5", "99", "有点", ""])
def test_an_unclear_answer_changes_nothing(session: PrecheckSession, said: str) -> None:
    before = session.question
    with pytest.raises(FactError):
        session.answer(said)
    assert session.question == before


def test_declined_closes_all_of_it(session: PrecheckSession) -> None:
    session.answer("不想说")
    assert session.question is None or not set(session.question.facts) & set(NOTHING)


def test_questions_are_plain() -> None:
    """AX-8: a sentence has 40 characters at most; an answer that means 都没有 stands first."""
    for one in CATALOGUE.compounds:
        assert max(len(part) for part in one.question.split("？")) <= 40
        assert one.choices[0].says == {}
        assert all(len(choice.label) <= 30 for choice in one.choices)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("says: {child_autism: true}", "says: {child_autizm: true}", "otherwise"),
        ("says: {child_disability_kind: limb}", "says: {child_disability_kind: leg}", "残疾类别"),
        ("  why: 突然", "  whi: 突然", "no such field"),
    ],
)  # fmt: skip
def test_a_mistake_is_named(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    text = (PROJECT / "tools" / "questions.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "questions.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogueError, match=complaint) as raised:
        load_compounds(CATALOGUE.facts, path)
    assert raised.value.line is not None
