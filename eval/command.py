"""What `minxing eval run` does: suites in, progress, table, reports, exit code."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from eval import report as reports
from eval.client import TargetError
from eval.run import in_process_target, run_suites
from eval.suite import SuiteError, load_suites
from eval.types import CaseResult
from settings import Settings


@contextlib.contextmanager
def _given(target: str) -> Iterator[str]:
    yield target


def run_command(
    paths: list[Path], target: str, workers: int, folder: Path, out: Console, err: Console
) -> int:
    """Run the suites and write the reports.

    Returns:
        0 when every conversation passed, 1 when any failed, 2 when nothing could be run.
    """
    try:
        suites = load_suites(paths)
    except SuiteError as error:
        err.print(str(error), style="red", markup=False)
        return 2
    total = sum(len(suite.cases) for suite in suites)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    try:
        with (
            _given(target) if target else in_process_target() as address,
            Progress(*columns, console=err) as bar,
        ):
            task = bar.add_task("conversations", total=total)

            def advance(case: CaseResult) -> None:
                bar.advance(task)
                if not case.passed:
                    bar.console.print(f"failed: {case.case}: {case.failures[0]}", style="red", markup=False)

            result = asyncio.run(run_suites(suites, address, workers=workers, on_case=advance))
    except TargetError as error:
        err.print(str(error), style="red", markup=False)
        return 2
    out.print(reports.table(result))
    reports.junit(result, folder / "eval.xml")
    reports.page(result, folder / "eval.html")
    out.print(f"Reports: {folder / 'eval.xml'}, {folder / 'eval.html'}", markup=False)
    return 0 if result.passed == len(result.cases) else 1


def retrieval_command(
    settings: Settings, documents: Path | None, half: str, folder: Path, out: Console, *, peers: bool
) -> None:
    """Measure search over the built-in corpus, with an operator's documents if a folder is given."""
    from eval.retrieval import show
    from eval.retrieval.score import run
    from knowledge.encoder import load_encoder
    from knowledge.ingest import ingest
    from knowledge.library import Library

    encoder = load_encoder()
    if documents:
        with out.status(f"reading {documents} ..."):
            ingest([documents], settings)
    library = Library.open(settings.snapshots_dir, encoder)
    scores = []
    with out.status("measuring ..."):
        for score in run(library, encoder, half=half, with_peers=peers):
            scores.append(score)
    out.print(show.table(scores))
    show.page(scores, folder / "retrieval.html")
    out.print(f"Page: {folder / 'retrieval.html'}", markup=False)


def answers_command(
    settings: Settings,
    half: str,
    only: str,
    target: str,
    html: Path | None,
    out: Console,
    err: Console,
    *,
    show_reported: bool,
) -> int:
    """Ask the questions of one half and judge the answers.

    Returns:
        0 when every figure is reached, 1 when not, 2 when nothing could be asked.
    """
    from eval.answers import page, show
    from eval.answers.questions import HALVES, chosen, load_questions
    from eval.answers.score import run

    name = next((one for one in HALVES if one == half), None)
    questions = chosen(load_questions(name), only) if name else []
    if not questions:
        err.print(f"No questions: half {half} (of {', '.join(HALVES)}), only {only or 'all'}.", style="red")
        return 2
    open_half = name == "development" or show_reported
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err) as bar:
        task = bar.add_task("questions", total=len(questions))
        try:
            report = run(half, questions, settings, target=target, advance=lambda _: bar.advance(task))
        except TargetError as error:
            err.print(str(error), style="red", markup=False)
            return 2
    if open_half and report.failed:
        out.print(show.failures(report), markup=False, highlight=False, soft_wrap=True)
    out.print(show.table(report))
    out.print(show.faults(report), markup=False)
    if html:
        page.page(report, html, show_failures=open_half)
        out.print(f"Page: {html}", markup=False)
    return 0 if report.holds else 1
