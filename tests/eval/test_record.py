"""Item 11 of the agent's issue: a run that is killed goes on; what is kept holds nothing personal (PR-1)."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
from rich.console import Console

from eval.command import report_command, run_command
from eval.record import Header, Record, RecordError, load
from eval.types import CaseResult, Observation, TurnResult

NOBODY = "http://127.0.0.1:9"
HEADER = Header(target="t", started=dt.datetime(2026, 11, 22, tzinfo=dt.UTC), version="0.1.0")
PHONE = "13812345678"


def observation(**changes: object) -> Observation:
    values = {
        "route": "normal",
        "severity": "S0",
        "category": None,
        "intents": ("how_long",),
        "tools": ("search_policy",),
        "facts": {"child_age": 9},
        "verdicts": {"B02": "likely"},
        "citations": ({"number": "民发〔2019〕62号", "clause": "一"},),
        "reply": "满 10 个工作日会有答复。",
        "card": "",
        "ticket": None,
        "asked": None,
        "wire": f"all of it, {PHONE}",
        "seconds": 0.2,
    }
    return Observation(**{**values, **changes})  # type: ignore[arg-type]


def result(name: str, *, ok: bool = True, attempt: int = 1, digest: str = "d") -> CaseResult:
    turn = TurnResult(f"我电话{PHONE}，要多久", observation(), () if ok else ("route is x",))
    return CaseResult("s", name, "about", (turn,), "", 0.2, ("CR-5",), digest, attempt)


def record(path: Path, *cases: CaseResult) -> Path:
    book = Record(path, HEADER, resume=False)
    for case in cases:
        book.add(case)
    book.close()
    return path


def test_a_record_reads_back_what_was_written_but_for_personal_data(tmp_path: Path) -> None:
    path = record(tmp_path / "eval.jsonl", result("one"), result("two", ok=False))
    assert PHONE not in path.read_text("utf-8")
    back = load(path)
    assert [(case.name, case.passed) for case in back.cases] == [("s/one", True), ("s/two", False)]
    seen = back.cases[0].turns[0].observation
    assert seen == observation(wire="")
    assert back.cases[0].requirements == ("CR-5",)


def test_half_a_line_of_a_killed_run_is_passed_over_and_dropped(tmp_path: Path) -> None:
    path = record(tmp_path / "eval.jsonl", result("one"), result("two"))
    whole = path.read_text("utf-8")
    path.write_text(whole[:-40], "utf-8")
    assert [case.case for case in load(path).cases] == ["one"]
    again = Record(path, HEADER, resume=True)
    again.add(result("two"))
    again.close()
    assert [case.case for case in load(path).cases] == ["one", "two"]


@pytest.mark.parametrize("content", ["", "no json\n", '{"suite": "s"}\n'])
def test_what_is_no_record_is_refused_with_the_mend(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(content, "utf-8")
    with pytest.raises(RecordError, match=r"eval\.jsonl"):
        load(path)


def test_damage_in_the_middle_is_not_passed_over(tmp_path: Path) -> None:
    path = record(tmp_path / "eval.jsonl", result("one"), result("two"))
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([lines[0], lines[1][:50], lines[2]]), "utf-8")
    with pytest.raises(RecordError, match="line 2"):
        load(path)


def test_resume_runs_only_what_is_missing_or_rewritten(tmp_path: Path) -> None:
    """Killed after the first of two conversations; then the first is written anew."""
    suite = tmp_path / "s.yaml"
    text = "suite: s\nabout: x\ncases:\n" + "".join(
        f"- {{id: {name}, about: x, turns: [{{say: hi}}]}}\n" for name in ("one", "two")
    )
    suite.write_text(text, "utf-8")
    folder, quiet = tmp_path / "reports", Console(file=io.StringIO())
    run_command([suite], NOBODY, 1, folder, quiet, quiet)
    book = folder / "eval.jsonl"
    book.write_text("\n".join(book.read_text("utf-8").splitlines()[:2]) + "\n", "utf-8")
    marked = book.read_text("utf-8").replace("ConnectError", "from the first run")
    book.write_text(marked, "utf-8")
    run_command([suite], NOBODY, 1, folder, quiet, quiet, resume=True)
    errors = {case.case: case.error for case in load(book).cases}
    assert "from the first run" in errors["one"]
    assert "ConnectError" in errors["two"]
    suite.write_text(text.replace("say: hi", "say: hello", 1), "utf-8")
    run_command([suite], NOBODY, 1, folder, quiet, quiet, resume=True)
    assert "ConnectError" in load(book).cases[-1].error


def test_a_log_for_inspect_reads_back(tmp_path: Path) -> None:
    """Written and read with inspect_ai itself, so that `inspect view` opens it."""
    inspect_log = pytest.importorskip("inspect_ai.log", reason="needs the extra [inspect]")
    path = record(tmp_path / "eval.jsonl", result("one"), result("two", ok=False))
    quiet = Console(file=io.StringIO())
    assert report_command(path, None, tmp_path / "logs" / "run.eval", quiet, quiet) == 0
    log = inspect_log.read_eval_log(tmp_path / "logs" / "run.eval")
    assert log.status == "success"
    assert [(one.id, one.scores["holds"].value) for one in log.samples] == [("s/one", "C"), ("s/two", "I")]
    assert log.samples[0].messages[1].metadata["verdicts"] == {"B02": "likely"}
    assert log.results.scores[0].metrics["accuracy"].value == 0.5


def test_a_log_with_another_ending_is_refused(tmp_path: Path) -> None:
    said = Console(file=io.StringIO())
    path = record(tmp_path / "eval.jsonl", result("one"))
    assert report_command(path, None, tmp_path / "run.txt", said, said) == 2
    assert ".eval" in said.file.getvalue()  # type: ignore[attr-defined]
