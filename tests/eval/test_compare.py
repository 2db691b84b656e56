"""Item 11: two runs paired, the exact McNemar test, and an exit code when something broke."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from eval.command import compare_command
from eval.compare import compare, mcnemar
from eval.types import RunResult
from tests.eval.test_record import record, result


def run(*cases: object) -> RunResult:
    return RunResult("t", tuple(cases), 1.0)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("mended", "broken", "p"),
    [(0, 0, 1.0), (1, 0, 1.0), (5, 5, 1.0), (6, 0, 0.03125), (1, 8, 0.0390625), (10, 2, 0.03857421875)],
)
def test_mcnemar_is_the_exact_binomial_one(mended: int, broken: int, p: float) -> None:
    """Values worked out by hand from the binomial coefficients."""
    assert mcnemar(mended, broken) == pytest.approx(p)
    assert mcnemar(broken, mended) == pytest.approx(p)


def test_pairs_are_sorted_into_the_four_fields() -> None:
    before = run(result("a"), result("b"), result("c", ok=False), result("d", ok=False), result("gone"))
    after = run(result("a"), result("b", ok=False), result("c"), result("d", ok=False), result("new"))
    found = compare(before, after)
    assert (found.both_passed, found.both_failed) == (1, 1)
    assert [change.name for change in found.broken] == ["s/b"]
    assert [change.name for change in found.mended] == ["s/c"]
    assert (found.gone, found.new) == (("s/gone",), ("s/new",))
    assert any(line.startswith("broken: s/b") and "route is x" in line for line in found.lines())


def test_a_conversation_passes_when_all_its_attempts_do() -> None:
    before = run(result("a"), result("a", attempt=2))
    after = run(result("a"), result("a", ok=False, attempt=2))
    assert [change.name for change in compare(before, after).broken] == ["s/a"]
    assert after.flips == ["s/a"]


def test_a_rewritten_case_is_told_apart() -> None:
    found = compare(run(result("a")), run(result("a", ok=False, digest="other")))
    assert found.broken[0].rewritten


@pytest.mark.parametrize(("ok", "code"), [(True, 0), (False, 1)])
def test_the_exit_code_tells_of_a_regression(tmp_path: Path, ok: bool, code: int) -> None:
    out = Console(file=io.StringIO(), width=200)
    before = record(tmp_path / "a.jsonl", result("x"))
    after = record(tmp_path / "b.jsonl", result("x", ok=ok))
    assert compare_command(before, after, out, out) == code
    assert compare_command(before, tmp_path / "none.jsonl", out, out) == 2
