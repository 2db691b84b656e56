"""Figures of the rules: pre-checks a second beside OpenFisca, a register, the door, and questions asked."""

from __future__ import annotations

import datetime as dt
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np

from eval.bench.server import serving
from eval.bench.timing import Row
from knowledge.sources import Registry
from tools.catalogue import Catalogue
from tools.households import household

TODAY = dt.date(2026, 11, 21)
PART = "tools"


def measure_tools() -> Iterator[Row]:
    """All figures of the room, in one run."""
    catalogue = Catalogue.load(Registry.load().cite)
    yield from _one_household(catalogue)
    yield from _beside_openfisca(catalogue)
    yield from _register(catalogue)
    yield from _door(catalogue)
    yield from _questions(catalogue)


def _one_household(catalogue: Catalogue) -> Iterator[Row]:
    from tools.measure import speed

    ours = max(
        (speed(catalogue, TODAY, seed=seed) for seed in (1, 2, 3)), key=lambda s: s.verdicts_per_second
    )
    rate = ours.verdicts_per_second
    what = f"all {ours.benefits} benefits for one household, traces included, best of 3"
    yield Row(PART, what, f"{rate:,.0f} /s", "5,000 /s", rate >= 5000)
    yield Row(PART, "the same, outcomes alone", f"{ours.truths_per_second:,.0f} /s")
    yield Row(PART, "one pre-check with its next question, mean", f"{ours.with_question_ms:.1f} ms")


def _beside_openfisca(catalogue: Catalogue, count: int = 2000, single: int = 200) -> Iterator[Row]:
    from eval.bench.openfisca_port import PORTED, calculate, system

    dice = random.Random(7)
    families = [household(dice, catalogue.facts) for _ in range(count)]
    rules = [catalogue.rule(entry, TODAY) for entry in PORTED]
    started = time.perf_counter()
    for family in families:
        for rule in rules:
            rule.decide(family)
    ours = count / (time.perf_counter() - started)
    built = system()
    started = time.perf_counter()
    calculate(built, families)
    together = count / (time.perf_counter() - started)
    started = time.perf_counter()
    for family in families[:single]:
        calculate(built, [family])
    apart = single / (time.perf_counter() - started)
    five = f"{len(PORTED)} benefits"
    yield Row(PART, f"Minxing, {five}, one household at a time", f"{ours:,.0f} /s")
    yield Row(PART, f"peer: OpenFisca, {five}, one household at a time", f"{apart:,.0f} /s")
    yield Row(PART, f"peer: OpenFisca, {five}, {count:,} households as one batch", f"{together:,.0f} /s")


def _register(catalogue: Catalogue, rows: int = 200_000, kinds: int = 1000) -> Iterator[Row]:
    """A register on disk: read, checked against every benefit, result and rejects written."""
    import polars as pl

    from tools.table.mapping import Column, Mapping
    from tools.table.register import check_register

    dice = random.Random(11)
    names = catalogue.facts.names
    told = [household(dice, catalogue.facts) for _ in range(kinds)]
    cells = [[catalogue.facts[n].say(one[n]) if dice.random() < 0.7 else "" for n in names] for one in told]
    table = pl.DataFrame(cells, schema=list(names), orient="row").sample(rows, with_replacement=True, seed=1)
    with tempfile.TemporaryDirectory(prefix="minxing-bench-") as folder:
        path = Path(folder)
        table.with_row_index("key").write_csv(path / "register.csv")
        mapping = Mapping(key="key", columns={name: Column(fact=name) for name in names})
        started = time.perf_counter()
        check_register(
            path / "register.csv",
            path / "result.parquet",
            path / "rejects.csv",
            mapping=mapping,
            catalogue=catalogue,
            as_of=TODAY,
        )
        rate = rows / (time.perf_counter() - started)
    what = f"register of {rows:,} rows, {len(names)} columns, {len(catalogue.benefits)} benefits"
    yield Row(PART, what, f"{rate:,.0f} rows/s", "20,000 rows/s", rate >= 20_000)


def _door(catalogue: Catalogue, requests: int = 300) -> Iterator[Row]:
    """`POST /api/precheck` of a server in a process of its own, one caller, half-told families."""
    dice = random.Random(5)
    taken = []
    with serving() as process, httpx.Client(base_url=process.address, trust_env=False) as http:
        for number in range(requests + 20):
            whole = household(dice, catalogue.facts)
            told = {name: value for name, value in whole.items() if dice.random() < 0.5}
            started = time.perf_counter()
            answer = http.post("/api/precheck", json={"facts": told, "as_of": TODAY.isoformat()})
            spent = (time.perf_counter() - started) * 1000
            answer.raise_for_status()
            taken += [spent] if number >= 20 else []
    p50, p95 = (float(np.percentile(taken, share)) for share in (50, 95))
    said = f"{p95:.1f} ms (p50 {p50:.1f})"
    yield Row(PART, f"POST /api/precheck, p95 of {requests} families", said, "10 ms", p95 <= 10)


def _questions(
    catalogue: Catalogue, count: int = 500, compared: int = 60, orders: int = 1000
) -> Iterator[Row]:
    from tools.measure_asking import best_order, families, questions, questions_after_opening

    drawn = families(catalogue, count)
    form = questions(catalogue, TODAY, drawn)
    talk = questions(catalogue, TODAY, drawn, talking=True)
    single = questions(catalogue, TODAY, drawn, compound=False)
    every = questions(catalogue, TODAY, drawn, entries=tuple(catalogue.benefits))
    opened = questions_after_opening(catalogue, TODAY, drawn)
    for what, found, figure in (
        ("questions until all is settled, on a form", form, 9),
        ("the same in a talk: what was not denied is asked again", talk, 9),
        ("the same, one fact a question", single, None),
        ("the same on a form, services and sensitive ones too", every, None),
        ("after the family has told its story, likely needs", opened, None),
    ):
        said = f"median {found.median:g}, mean {found.mean:.1f}, 90% {found.ninety}, most {found.most}"
        holds = None if figure is None else found.median <= figure
        yield Row(PART, f"{what}, {count} families", said, f"median {figure}" if figure else "", holds)
    few = drawn[:compared]
    mean = questions(catalogue, TODAY, few).mean
    best = best_order(catalogue, TODAY, few, orders=orders)
    said = f"{mean:.2f} against {best:.2f}, {mean / best:.2f} times"
    what = f"mean beside the best of {orders:,} random orders, {compared} families"
    yield Row(PART, what, said, "1.25 times", mean <= 1.25 * best)
