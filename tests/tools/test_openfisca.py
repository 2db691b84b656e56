"""An independent port of five benefits agrees with ours on 10,000 made-up households (issue 4, item 3)."""

from __future__ import annotations

import importlib.util
import random

import pytest

from tests.conftest import missing
from tests.tools.conftest import TODAY
from tools.catalogue import Catalogue
from tools.engine import FALSE, TRUE
from tools.households import household

HOUSEHOLDS = 10_000


@pytest.mark.bench
def test_the_port_agrees(catalogue: Catalogue) -> None:
    if importlib.util.find_spec("openfisca_core") is None:
        missing("openfisca-core (the extra `bench`)")
    from eval.bench.openfisca_port import PORTED, calculate, system

    source = random.Random(9)
    families = [household(source, catalogue.facts) for _ in range(HOUSEHOLDS)]
    theirs = calculate(system(), families)
    differences = []
    for entry in PORTED:
        rule = catalogue.rule(entry, TODAY)
        certain, possible = theirs[entry]
        for index, family in enumerate(families):
            truth = rule.decide(family)
            if (truth == TRUE) != certain[index] or (truth == FALSE) == possible[index]:
                differences.append((entry, index, truth, certain[index], possible[index]))
        assert 0 < certain.sum() < HOUSEHOLDS, f"{entry}: households that say nothing about it"
    assert differences == []
