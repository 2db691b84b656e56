"""R-70: an exception, a timeout or an empty answer is a failure, never a skip."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console

from eval import page
from eval.client import Client
from eval.command import run_command
from eval.run import run_case, run_suites
from eval.suite import Case, SuiteError, load_suite, load_suites
from eval.types import CaseResult, RunResult

CASE = Case.model_validate({"id": "one", "about": "a test", "turns": [{"say": "你好"}]})
NOBODY = "http://127.0.0.1:9"


def test_a_target_that_is_not_there_fails_the_case() -> None:
    async def run() -> CaseResult:
        async with Client(NOBODY) as client:
            return await run_case(client, "s", CASE)

    result = asyncio.run(run())
    assert not result.passed
    assert "ConnectError" in result.failures[0]


def test_a_target_that_never_answers_fails_the_case() -> None:
    async def run() -> CaseResult:
        async def hold(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
            await asyncio.sleep(30)

        server = await asyncio.start_server(hold, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with Client(f"http://127.0.0.1:{port}") as client:
            result = await run_case(client, "s", CASE, case_seconds=0.3)
        server.close()
        return result

    assert "not finished" in asyncio.run(run()).failures[0]


def test_any_failure_gives_exit_code_1_and_is_in_both_reports(tmp_path: Path) -> None:
    suite = tmp_path / "s.yaml"
    suite.write_text("suite: s\nabout: x\ncases:\n- {id: a_case, about: x, turns: [{say: hi}]}\n", "utf-8")
    out = Console(file=io.StringIO())
    assert run_command([suite], NOBODY, 2, tmp_path / "reports", out, out) == 1
    junit = ET.parse(tmp_path / "reports" / "eval.xml").getroot()
    assert junit.find("./testsuite").get("failures") == "1"  # type: ignore[union-attr]
    assert "FAILED" in (tmp_path / "reports" / "eval.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("suite: [", "not valid YAML"),
        ("suite: s\nabout: x\ncases: []\n", "cases"),
        ("suite: s\nabout: x\ncases:\n- {id: a, about: x, turns: [{say: hi, expects: {}}]}\n", "expects"),
        (
            "suite: s\nabout: x\ncases:\n- {id: a, about: x, turns: [{say: hi, expect: {route: no}}]}\n",
            "route",
        ),
    ],
)
def test_a_wrong_suite_names_the_place(tmp_path: Path, content: str, complaint: str) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(content, "utf-8")
    with pytest.raises(SuiteError, match=complaint):
        load_suite(path)


def test_two_cases_may_not_share_an_id(tmp_path: Path) -> None:
    for name in ("a", "b"):
        text = f"suite: {name}\nabout: x\ncases:\n- {{id: same, about: x, turns: [{{say: hi}}]}}\n"
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
    with pytest.raises(SuiteError, match="same"):
        load_suites([tmp_path])


def test_an_empty_folder_is_not_a_passed_run(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match="No suite files"):
        load_suites([tmp_path])


def test_html_shows_what_families_wrote_as_text(tmp_path: Path) -> None:
    result = CaseResult("s", "c", "<script>alert(1)</script>", (), error="x")
    page.page(RunResult("t", (result,), 1.0), tmp_path / "r.html")
    assert "<script>alert" not in (tmp_path / "r.html").read_text("utf-8")


def test_results_keep_the_order_of_the_files(tmp_path: Path) -> None:
    lines = "".join(f"- {{id: case_{n}, about: x, turns: [{{say: hi}}]}}\n" for n in range(5))
    (tmp_path / "s.yaml").write_text(f"suite: s\nabout: x\ncases:\n{lines}", "utf-8")
    result = asyncio.run(run_suites(load_suites([tmp_path]), NOBODY))
    assert [case.case for case in result.cases] == [f"case_{n}" for n in range(5)]
