"""facts.yaml is the vocabulary of every room: names are fixed, texts are plain."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tools.errors import CatalogueError, FactError
from tools.facts import FactBook, FactType
from tools.households import household

BOOK = FactBook.load()
PARENT_STATES = [
    "able",
    "dead",
    "declared_missing",
    "disabled",
    "seriously_ill",
    "imprisoned",
    "compulsory_detox",
    "restricted_freedom",
    "out_of_contact",
    "guardianship_revoked",
    "deported",
    "unknown_person",
]
SHARED = [
    "child_age",
    "child_age_months",
    "father_state",
    "mother_state",
    "father_term_months",
    "mother_term_months",
    "father_absent_months",
    "mother_absent_months",
    "father_search_reported",
    "mother_search_reported",
    "father_disability_kind",
    "father_disability_level",
    "mother_disability_kind",
    "mother_disability_level",
    "child_disability_kind",
    "child_disability_level",
    "child_disability_certificate",
    "child_autism",
    "child_serious_illness",
    "child_rare_disease",
    "child_hiv",
    "child_abandoned",
    "household_category",
    "registered_residence",
    "lives_in_hangzhou",
    "residence_permit",
    "district",
    "child_in_institution",
    "child_adopted",
    "recognised_orphan",
    "recognised_de_facto_unsupported",
    "receives_basic_living_allowance",
    "receives_disability_living_allowance",
    "school_stage",
    "sudden_hardship",
    "heavy_medical_spending",
    "heavy_education_spending",
    "needs_long_term_care",
    "insured",
    "carer",
]


@pytest.mark.parametrize("name", SHARED)
def test_shared_vocabulary(name: str) -> None:
    assert name in BOOK


def test_parent_states() -> None:
    for parent in ("father", "mother"):
        assert list(BOOK[f"{parent}_state"].domain()) == PARENT_STATES


@pytest.mark.parametrize("fact", BOOK, ids=lambda fact: str(fact.name))
def test_texts_are_plain(fact: object) -> None:
    """AX-8: sentences of at most 40 characters, and no placeholder left over."""
    from tools.facts import Fact

    assert isinstance(fact, Fact)
    for text in (fact.question, fact.why, fact.label, *(label for _, label in fact.choices)):
        assert text
        assert "{" not in text
        for sentence in text.replace("？", "。").split("。"):
            assert len(sentence) <= 40, sentence
    assert fact.question.endswith(("？", "。"))


def test_sensitive_facts() -> None:
    for name in ("child_hiv", "child_adopted", "family_violence", "father_term_months", "mother_term_months"):
        assert BOOK[name].sensitive


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("child_age", "7岁", 7),
        ("child_age", " 7 ", 7),
        ("child_hiv", "false", False),
        ("insured", "参加了", True),
        ("father_state", "已经去世", "dead"),
        ("district", "西湖区", "西湖区"),
    ],
)
def test_parse(name: str, given: str, value: object) -> None:
    assert BOOK[name].parse(given) == value


@pytest.mark.parametrize(
    ("name", "given"), [("child_age", "31"), ("child_age", "-1"), ("insured", "maybe"), ("father_state", "")]
)
def test_parse_refuses(name: str, given: str) -> None:
    with pytest.raises(FactError):
        BOOK[name].parse(given)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("child_age", True),
        ("child_age", 7.5),
        ("child_age", "7"),
        ("insured", 1),
        ("insured", "true"),
        ("father_state", "ill"),
        ("father_state", None),
        ("no_such_fact", 1),
    ],
)
def test_check_refuses(name: str, given: object) -> None:
    with pytest.raises(FactError) as caught:
        BOOK.check({name: given})
    assert caught.value.fact == name


def test_a_misspelt_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(FactError, match="father_state"):
        BOOK.check({"father_stat": "dead"})


def test_what_follows_is_not_asked() -> None:
    assert BOOK.infer({"father_state": "able"})["recognised_orphan"] is False
    assert BOOK.infer({"father_state": "able", "recognised_orphan": True})["recognised_orphan"] is True
    assert "recognised_orphan" not in BOOK.infer({"father_state": "dead"})


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("x: {label: x, type: bool, question: x？, why: x}", "if_true"),
        ("x: {label: x, type: int, question: x？, why: x, min: 1}", "unit"),
        ("x: {label: x, type: enum, question: x？, why: x}", "two values"),
        ("x: {label: x, type: bool, question: x？, why: x, colour: red}", "colour"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, body: str, complaint: str) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text(body, encoding="utf-8")
    with pytest.raises(CatalogueError, match=complaint):
        FactBook.load(path)


def test_bounds_of_numbers_are_written() -> None:
    assert all(fact.min is not None and fact.max is not None for fact in BOOK if fact.type is FactType.INT)


def test_what_comes_later_is_inferred_as_if_told_before() -> None:
    """Trying an answer does not go through all implications again unless it starts one."""
    source = random.Random(3)
    skipped = 0
    for _ in range(300):
        whole = household(source, BOOK)
        known = BOOK.infer({name: value for name, value in whole.items() if source.random() < 0.4})
        name = source.choice([one for one in BOOK.names if one not in known])
        more = {name: source.choice(BOOK[name].domain())}
        assert BOOK.infer_more(known, more) == BOOK.infer({**known, **more})
        skipped += BOOK.infer_more(known, more) == {**known, **more}
    assert skipped > 100
