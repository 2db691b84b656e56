"""What search measures, weighs and decides: asks, kinds of questions, talks, and what is not our matter."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from knowledge.encoder import Embedder
from knowledge.library import Library
from knowledge.search.combine import Learned, learned
from knowledge.search.features import NAMES, best, measure, query_weights, sections_wanted, talk_weights
from knowledge.search.places import HOME, applicable_regions
from knowledge.search.ranking import policy
from knowledge.types import UnansweredReason

TODAY = dt.date(2026, 11, 21)
OUTSIDE = yaml.safe_load((Path(__file__).parent / "outside.yaml").read_text("utf-8"))["questions"]


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("要带什么材料", "怎么办理"),
        ("多少天批下来", "怎么办理"),
        ("这样符合条件吗", "谁可以"),
        ("一共给多少", "给什么"),
        ("会不会被取消", "注意什么"),
    ],
)
def test_the_kind_of_a_question_leads_to_a_section(question: str, section: str) -> None:
    shares = sections_wanted(question)
    assert max(shares, key=shares.__getitem__) == section


@given(st.text(max_size=80))
def test_shares_of_sections_are_shares(text: str) -> None:
    shares = sections_wanted(text)
    assert not shares or sum(shares.values()) == pytest.approx(1)


def test_a_talk_counts_earlier_words_for_less() -> None:
    last, whole = query_weights("多久能批", ()), query_weights("低保申请，多久能批", ())
    weights = talk_weights(last, whole)
    assert weights["多久"] == 1
    assert weights["低保"] == 0.5


def test_what_is_measured_has_a_weight_and_a_row(library: Library) -> None:
    view = library.view
    query = library.query(view, "孩子爸爸坐牢，妈妈重病，能领什么", as_of=TODAY)
    allowed = view.in_regions(applicable_regions(HOME)) & view.in_force(TODAY)
    found = measure(view, query.asked, allowed)
    assert found.matrix.shape == (len(found.units), len(NAMES))
    assert np.isfinite(found.matrix).all()
    assert allowed[found.units].all()
    assert list(found.units) == sorted(set(found.units.tolist()))
    none = measure(view, query.asked, np.zeros(view.size, np.bool_))
    assert none.matrix.shape == (0, len(NAMES))


def test_weights_of_other_measurements_are_refused() -> None:
    row = learned().model_dump()
    row["ranking"]["weights"]["surprise"] = 1.0
    with pytest.raises(ValueError, match="surprise"):
        Learned.model_validate(row)


def test_the_city_comes_before_the_nation_and_a_replaced_text_later(library: Library) -> None:
    view = library.view
    regions = applicable_regions(HOME)
    units = np.arange(view.size)
    added = policy(view, units, regions, TODAY, "B02")
    assert added[view.guide == "B02"].min() > added[view.guide == "B10"].max()
    plain = policy(view, units, regions, None, None)
    authority = view.authority(regions)
    assert plain[authority == 2].min() > plain[authority == 0].max()


@given(st.lists(st.floats(0, 1, width=32), max_size=40), st.integers(0, 50))
def test_the_best_are_the_highest_in_order(values: list[float], count: int) -> None:
    found = best(np.asarray(values, np.float32), count)
    assert len(found) == min(count, sum(value > 0 for value in values))
    picked = [values[place] for place in found]
    assert picked == sorted(picked, reverse=True)


def test_a_follow_up_is_answered_by_what_was_said_before(library: Library) -> None:
    """Without a topic from the agent: the earlier message alone tells what 要交哪些材料 is about."""
    for earlier, entry in (("我家想申请低保", "B06"), ("想给孩子申请困难残疾人生活补贴", "B12")):
        hits = library.search("去哪里办", earlier=(earlier,), as_of=TODAY, limit=3).hits
        assert entry in {hit.clause.guide for hit in hits}, earlier


def test_an_ask_finds_a_paragraph_that_shares_none_of_its_words(library: Library) -> None:
    hits = library.search("爹死娘坐牢", as_of=TODAY, limit=5).hits
    assert any(hit.clause.guide in ("B02", "G02") for hit in hits[:3])


def test_near_neighbours_of_our_matter_are_not_answered(library: Library, encoder: Embedder) -> None:
    """公租房排号, 结婚登记预约, 驾照换证: development material, over the built-in corpus."""
    assert len(OUTSIDE) >= 60
    vectors = encoder.encode(OUTSIDE)
    passed = [
        question
        for question, vector in zip(OUTSIDE, vectors, strict=True)
        if library.search(question, vector=vector, as_of=TODAY).reason is not UnansweredReason.NOTHING_FOUND
    ]
    assert len(passed) <= 0.1 * len(OUTSIDE), passed


def test_what_families_ask_is_not_turned_away(library: Library, encoder: Embedder) -> None:
    """A line of each fiftieth ask, reworded by the words around it: none of them is outside our matter."""
    asks = library.view.asks
    lines = [asks.questions[i] for i in range(0, len(asks), 60)]
    told = [f"请问一下，{line}，谢谢" for line in lines]
    vectors = encoder.encode(told)
    refused = [
        line
        for line, vector in zip(told, vectors, strict=True)
        if library.search(line, vector=vector, as_of=TODAY).reason is UnansweredReason.NOTHING_FOUND
    ]
    assert len(refused) <= 0.03 * len(told), refused
