"""Item 7: whoever words an answer, its verdicts, figures and clauses are the offline composer's."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from agent.assembly import load_parts, make_agent
from agent.compose import Composer
from agent.turn import Agent
from eval.answers.questions import load_questions
from eval.same_truth.compare import Truth, differences, figures_of
from eval.same_truth.manners import BEHAVE, MISBEHAVE
from eval.same_truth.run import MakeAgent, compare, spread
from tests.conftest import test_settings

CHINA = ZoneInfo("Asia/Shanghai")
SAMPLE = 30


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> MakeAgent:
    settings = test_settings(tmp_path_factory.mktemp("truth"))
    whole = make_agent(load_parts(settings), settings, None, lambda: dt.datetime.now(CHINA), model=True)

    def with_composer(composer: Composer) -> Agent:
        return whole.worded_by(composer)

    return with_composer


def test_a_sample_has_the_same_truth(make: MakeAgent) -> None:
    """Each of thirty questions in one manner that behaves and one that does not, by turns."""
    questions = spread(load_questions("development"), SAMPLE)
    assert len(questions) == SAMPLE
    for manners in (BEHAVE, MISBEHAVE):
        for number, manner in enumerate(manners):
            (found,) = compare(make, questions[number :: len(manners)], [manner])
            assert not found.differing, (found.name, found.differing)
            if manner in BEHAVE:
                assert found.sentences, f"{found.name}: not one sentence of the model was released"
            else:
                assert found.dropped.total(), f"{found.name}: nothing was stopped"


def test_the_comparison_sees_a_difference() -> None:
    """A test of the test: it must be able to fail."""
    one = Truth(
        frozenset({("B02", "likely")}), frozenset(), frozenset({"15个工作日"}), frozenset({"a#1"}), None
    )
    other = Truth(one.verdicts, one.stated, frozenset({"30个工作日"}), frozenset({"a#1", "b#2"}), None)
    assert [(d.what, d.more, d.fewer) for d in differences(one, other)] == [
        ("figures", ("30个工作日",), ("15个工作日",)),
        ("citations", ("b#2",), ()),
    ]
    assert differences(one, one) == ()


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("十五个工作日内查好", {"15个工作日"}),
        ("请打12345问", {"12345"}),
        ("请打400-820-1234问", {"400-820-1234"}),
        ("打0571-88888888", {"0571-88888888"}),
        ("民发〔2019〕62号", {"民发[2019]62号"}),
        ("每月1800元", {"1800元"}),
        ("带户口簿", set()),
    ],
)
def test_the_evaluators_read_figures_themselves(text: str, figures: set[str]) -> None:
    assert {figure.replace("〔", "[").replace("〕", "]") for figure in figures_of(text)} == figures
