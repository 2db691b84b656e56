"""The graph of entries: what a guide leads to (issue 6, item 4: suggestions from the clause graph)."""

from __future__ import annotations

from knowledge.neighbours import neighbours
from tests.knowledge.guide_text import guides


def test_a_guide_leads_to_what_it_names_and_what_rests_on_the_same_clause() -> None:
    graph = neighbours(guides().values())
    assert "B08" in graph["B04"]  # 低保边缘, named and sharing clauses
    assert "B20" in graph["B01"]  # 福彩圆梦, named
    assert graph["B12"][0] == "B13"  # the two allowances of disabled people rest on the same notice


def test_nothing_leads_to_itself_or_to_a_guide_that_is_no_entry() -> None:
    for entry, led in neighbours(guides().values()).items():
        assert entry not in led
        assert all(one.startswith("B") for one in led)
