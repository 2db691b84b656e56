"""An answer ends with who can help in its own matter, whatever office a neighbouring paragraph names."""

from __future__ import annotations

import pytest

from agent.compose.offline.policy import elsewhere
from agent.types import Role, Sentence
from knowledge.guides import load_guides
from knowledge.sources import Registry

GUIDES = load_guides(Registry.load())


@pytest.mark.parametrize(
    ("evidence", "entry", "other"),
    [
        (("c:B18#问谁/1",), "B09", True),
        (("c:B09#问谁/1",), "B09", False),
        (("c:L07#问谁/1", "p:intro"), "B09", True),
        (("c:hz_kunjing_2025_70#三(一)",), "B09", False),
        (("v:B09",), "B09", False),
        (("c:B18#问谁/1",), None, False),
    ],
)
def test_a_paragraph_of_another_guide_sends_nobody_anywhere(
    evidence: tuple[str, ...], entry: str | None, *, other: bool
) -> None:
    guide = GUIDES[entry] if entry else None
    assert elsewhere(Sentence("先问学校。", evidence, Role.ITEM), guide) is other
