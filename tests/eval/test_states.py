"""Item 10: a known fault stays in sight, an error is never excused (R-70), a restart is done or skipped."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console

from eval import page, report
from eval.compare import compare
from eval.record import digest
from eval.run import NO_RESTART, run_suites
from eval.suite import load_suite
from eval.types import CaseResult, RunResult
from tests.eval.test_record import result

FAILS = result("one", ok=False)
HOLDS = result("one")


@pytest.mark.parametrize(
    ("case", "state"),
    [
        (HOLDS, "passed"),
        (FAILS, "failed"),
        (replace(FAILS, pending="known"), "pending"),
        (replace(HOLDS, pending="known"), "failed"),
        (replace(FAILS, pending="known", error="TimeoutError"), "failed"),
        (replace(HOLDS, turns=()), "failed"),
        (replace(HOLDS, turns=(), skipped="remote"), "skipped"),
    ],
)
def test_what_becomes_of_a_case(case: CaseResult, state: str) -> None:
    assert case.state == state
    assert (case.passed, case.failed) == (state == "passed", state == "failed")
    assert bool(case.failures) or state in ("passed", "skipped") or not case.turns


def test_a_mark_that_is_no_longer_true_says_so() -> None:
    assert "take the mark off" in replace(HOLDS, pending="known").failures[0]


def test_a_mended_pending_case_counts_as_mended() -> None:
    was = RunResult("t", (replace(FAILS, pending="known"), replace(HOLDS, case="two", skipped="x")), 1.0)
    now = RunResult("t", (replace(HOLDS, pending="known"), replace(HOLDS, case="two")), 1.0)
    found = compare(was, now)
    assert [change.name for change in found.mended] == ["s/one"]
    assert found.new == ("s/two",)


def test_reports_tell_the_four_states_apart(tmp_path: Path) -> None:
    cases = (HOLDS, replace(FAILS, case="two", pending="known"), replace(HOLDS, case="three", skipped="far"))
    run = RunResult("t", cases, 1.0)
    report.junit(run, tmp_path / "r.xml")
    suite = ET.parse(tmp_path / "r.xml").getroot().find("testsuite")
    assert suite is not None
    assert (suite.get("failures"), suite.get("skipped")) == ("0", "2")
    page.page(run, tmp_path / "r.html")
    shown = (tmp_path / "r.html").read_text("utf-8")
    assert "PENDING" in shown
    assert "far" in shown
    out = Console(file=io.StringIO(), width=120)
    out.print(report.table(run))
    assert "pending" in out.file.getvalue()  # type: ignore[attr-defined]


SUITE = """
suite: s
about: x
every_turn: {route: normal, never: [forbidden everywhere], card: false}
cases:
- id: one
  about: x
  turns:
  - say: hi
    expect: {never: here, card: null}
  - {say: again, restart: true}
"""


def test_what_holds_for_every_turn_is_spread_and_may_be_overruled(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(SUITE, "utf-8")
    first, second = (turn.expect for turn in load_suite(tmp_path / "s.yaml").cases[0].turns)
    assert (first.route, first.card, first.never) == (("normal",), None, ("here", "forbidden everywhere"))
    assert (second.card, second.never) == (False, ("forbidden everywhere",))


def test_a_mark_makes_no_other_test_of_it_but_what_holds_for_every_turn_does(tmp_path: Path) -> None:
    def read(text: str) -> str:
        (tmp_path / "s.yaml").write_text(text, "utf-8")
        return digest(load_suite(tmp_path / "s.yaml").cases[0])

    assert read(SUITE) == read(SUITE.replace("  turns:", "  pending: known\n  turns:"))
    assert read(SUITE) != read(SUITE.replace("card: false", "card: true"))


def test_a_target_of_others_is_not_restarted(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(SUITE, "utf-8")
    run = asyncio.run(run_suites([load_suite(tmp_path / "s.yaml")], "http://127.0.0.1:9"))
    assert [(case.state, case.skipped) for case in run.cases] == [("skipped", NO_RESTART)]


def test_cases_that_restart_are_run_alone_and_last(tmp_path: Path) -> None:
    """Nothing listens there: what is tested is the order, and that each still gets its place."""
    text = SUITE + "- {id: two, about: x, turns: [{say: hi}]}\n"
    (tmp_path / "s.yaml").write_text(text, "utf-8")
    seen: list[str] = []
    run = asyncio.run(
        run_suites(
            [load_suite(tmp_path / "s.yaml")],
            "http://127.0.0.1:9",
            on_case=lambda case: seen.append(case.case),
            restart=lambda: None,
        )
    )
    assert seen == ["two", "one"]
    assert [case.case for case in run.cases] == ["one", "two"]
