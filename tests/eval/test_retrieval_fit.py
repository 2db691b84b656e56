"""The small models behind search: they learn what is there, and judge only what they did not see."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from eval.retrieval import show
from eval.retrieval.fit import Ranks, cross_validated, listwise, logistic
from eval.retrieval.questions import RetrievalQuestion
from eval.retrieval.score import Judged, Score


def questions(count: int = 60) -> tuple[list[np.ndarray], list[np.ndarray], list[np.ndarray]]:
    """Of each ten candidates the one with the highest first column is right; the second column is noise."""
    chance = np.random.default_rng(7)
    matrices = [chance.normal(size=(10, 2)).astype(np.float32) for _ in range(count)]
    return (
        matrices,
        [np.zeros(10, np.float32) for _ in matrices],
        [matrix[:, 0] == matrix[:, 0].max() for matrix in matrices],
    )


def test_the_telling_measurement_gets_the_weight() -> None:
    matrices, fixed, right = questions()
    weights = listwise(matrices, fixed, right, np.ones(60))
    assert weights[0] > 1
    assert abs(weights[1]) < 0.2 * weights[0]
    np.testing.assert_array_equal(weights, listwise(matrices, fixed, right, np.ones(60)))


def test_what_is_fixed_is_not_learned_again() -> None:
    matrices, _, right = questions()
    told = [20 * row.astype(np.float32) for row in right]
    weights = listwise(matrices, told, right, np.ones(60))
    assert np.abs(weights).max() < 0.1


def test_a_question_without_weight_teaches_nothing() -> None:
    matrices, fixed, right = questions()
    upside_down = [~row for row in right]
    weight = np.concatenate([np.ones(60), np.full(60, 1e-9)])
    both = listwise(matrices * 2, fixed * 2, right + upside_down, weight)
    alone = listwise(matrices, fixed, right, np.ones(60))
    np.testing.assert_allclose(both, alone, rtol=1e-2, atol=1e-2)


def test_cross_validation_finds_what_can_be_found_and_nothing_in_noise() -> None:
    matrices, fixed, right = questions()
    asked = np.ones(60, np.bool_)
    found = cross_validated(matrices, fixed, right, np.ones(60), asked)
    assert (found.ranks == 1).mean() > 0.9
    chance = np.random.default_rng(3)
    noise = [chance.permutation(row) for row in right]
    lost = cross_validated(matrices, fixed, noise, np.ones(60), asked)
    assert (lost.ranks == 1).mean() < 0.3


def test_a_question_without_a_right_candidate_counts_as_missed() -> None:
    matrices, fixed, right = questions(10)
    right[0] = np.zeros(10, np.bool_)
    found = cross_validated(matrices, fixed, right, np.ones(10), np.ones(10, np.bool_))
    assert found.ranks[0] == 999
    assert "R@1" in str(found)
    assert len(Ranks(found.ranks)) == 10


@pytest.mark.parametrize("shift", [0.0, 5.0])
def test_yes_and_no_are_told_apart(shift: float) -> None:
    chance = np.random.default_rng(5)
    labels = chance.random(200) < 0.7
    matrix = np.column_stack([labels * 2 + chance.normal(size=200) * 0.3 + shift, chance.normal(size=200)])
    bias, weights, kept, refused = logistic(matrix, labels, np.ones(200))
    assert kept > 0.97
    assert refused > 0.95
    assert ((matrix @ weights + bias > 0) == labels).mean() > 0.97


def test_the_page_names_missed_questions_but_keeps_the_words_of_the_reported_half(tmp_path: Path) -> None:
    row = {"id": "q1", "text": "谁来管这个孩子", "want": ["民法典 第二十七条"], "by": "hand"}
    judged = [
        Judged(RetrievalQuestion.model_validate({**row, "id": f"q_{half}", "half": half}), None, True)
        for half in ("tune", "report")
    ]
    show.page([Score("Minxing", tuple(judged), 1.0)], tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "q_tune: 谁来管这个孩子" in page
    assert "q_report" in page
    assert page.count("谁来管这个孩子") == 1
