"""How fast the rules are, for `minxing bench tools`."""

from __future__ import annotations

import datetime as dt
import gc
import random
import time
from dataclasses import dataclass

from tools.catalogue import Catalogue
from tools.households import household
from tools.precheck import precheck
from tools.types import FactValue


@dataclass(frozen=True, slots=True)
class Speed:
    """Pre-checks of all benefits a second, on one core, by process time."""

    benefits: int
    verdicts_per_second: float
    """With traces, reasons and notes."""
    truths_per_second: float
    """The outcome alone."""
    with_question_ms: float
    """One `precheck` with its next question, mean."""


def speed(catalogue: Catalogue, as_of: dt.date, families: int = 2000, seed: int = 1) -> Speed:
    """Measure on half-told families, no two alike, each judged once, with all steps of all traces."""
    source = random.Random(seed)
    drawn: dict[frozenset[tuple[str, FactValue]], dict[str, FactValue]] = {}
    while len(drawn) < families:
        whole = household(source, catalogue.facts)
        half = {name: value for name, value in whole.items() if source.random() < 0.5}
        drawn[frozenset(half.items())] = half
    told = list(drawn.values())
    rules = catalogue.rules(as_of, "")
    catalogue.verdicts({}, as_of)
    gc.collect()
    gc.freeze()  # as a server does after its start: what is loaded for good is not looked through again
    began = time.process_time()
    for family in told:
        catalogue.verdicts(family, as_of)
    verdicts = time.process_time() - began
    began = time.process_time()
    for family in told:
        for rule in rules:
            rule.decide(family)
    truths = time.process_time() - began
    began = time.process_time()
    for family in told[:200]:
        precheck(catalogue, family, as_of=as_of)
    whole_checks = time.process_time() - began
    return Speed(len(rules), families / verdicts, families / truths, whole_checks / min(families, 200) * 1000)
