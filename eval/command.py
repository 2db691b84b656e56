"""What `minxing eval run` does: suites in, progress, table, reports, exit code."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import importlib.metadata
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from eval import page
from eval import report as reports
from eval.client import TargetError
from eval.record import Header, Record, RecordError, load
from eval.run import Restart, run_suites
from eval.suite import SuiteError, load_suites
from eval.types import CaseResult
from settings import Settings


@contextlib.contextmanager
def _target(address: str) -> Iterator[tuple[str, Restart | None]]:
    """The address to talk to and how to restart what is there: ours when none is given."""
    if address:
        yield address, None
        return
    from eval.target import in_process_target

    with in_process_target() as own:
        yield own.address, own.restart


def run_command(
    paths: list[Path],
    target: str,
    workers: int,
    folder: Path,
    out: Console,
    err: Console,
    *,
    repeat: int = 1,
    resume: bool = False,
) -> int:
    """Run the suites and write the record and the reports.

    Returns:
        0 when no conversation failed in any attempt, 1 when one did, 2 when nothing could be run.
    """
    try:
        suites = load_suites(paths)
    except SuiteError as error:
        err.print(str(error), style="red", markup=False)
        return 2
    total = repeat * sum(len(suite.cases) for suite in suites)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    header = Header(
        target=target or "in-process",
        started=dt.datetime.now(dt.UTC),
        version=importlib.metadata.version("minxing"),
        repeat=repeat,
    )
    try:
        record = Record(folder / "eval.jsonl", header, resume=resume)
        with (
            contextlib.closing(record),
            _target(target) as (address, restart),
            Progress(*columns, console=err) as bar,
        ):
            task = bar.add_task("conversations", total=total, completed=len(record.done))

            def advance(case: CaseResult) -> None:
                clean = record.add(case)
                bar.advance(task)
                if case.failed:
                    bar.console.print(f"failed: {case.case}: {clean.failures[0]}", style="red", markup=False)

            result = asyncio.run(
                run_suites(
                    suites,
                    address,
                    workers=workers,
                    on_case=advance,
                    repeat=repeat,
                    done=record.done,
                    restart=restart,
                )
            )
    except (TargetError, RecordError) as error:
        err.print(str(error), style="red", markup=False)
        return 2
    out.print(reports.table(result))
    for case in result.cases:
        if case.state in ("pending", "skipped"):
            why = case.pending or case.skipped
            out.print(f"{case.state}: {case.name}: {why}", style="yellow", markup=False, soft_wrap=True)
    for name in result.flips:
        out.print(f"flips between attempts: {name}", style="yellow", markup=False)
    reports.junit(result, folder / "eval.xml")
    page.page(result, folder / "eval.html")
    out.print(
        f"Record: {folder / 'eval.jsonl'}. Reports: {folder / 'eval.xml'}, {folder / 'eval.html'}",
        markup=False,
    )
    return 1 if result.failed else 0


def compare_command(before: Path, after: Path, out: Console, err: Console) -> int:
    """What changed between two records.

    Returns:
        0 when nothing broke, 1 when a conversation that passed fails now, 2 when a record cannot be read.
    """
    from eval.compare import compare, table

    try:
        found = compare(load(before), load(after))
    except RecordError as error:
        err.print(str(error), style="red", markup=False)
        return 2
    out.print(table(found))
    for line in found.lines():
        out.print(line, markup=False, soft_wrap=True)
    return 1 if found.broken else 0


def report_command(record: Path, html: Path | None, inspect: Path | None, out: Console, err: Console) -> int:
    """Show a record: the table, and as a page or as a log for `inspect view` if asked.

    Returns:
        0, or 2 when the record cannot be read or Inspect is not installed.
    """
    try:
        result = load(record)
        out.print(reports.table(result))
        if html or not inspect:
            page.page(result, html or record.with_suffix(".html"))
            out.print(f"Page: {html or record.with_suffix('.html')}", markup=False)
        if inspect:
            from eval.inspect_log import write

            write(result, inspect)
            out.print(f"Log: {inspect} (inspect view --log-dir {inspect.parent})", markup=False)
    except RecordError as error:
        err.print(str(error), style="red", markup=False)
        return 2
    return 0


def retrieval_command(
    settings: Settings, documents: Path | None, half: str, folder: Path, out: Console, *, peers: bool
) -> None:
    """Measure search over the built-in corpus, with an operator's documents if a folder is given.

    With the encoder and reranker of the settings.
    """
    from eval.retrieval import show
    from eval.retrieval.score import run
    from knowledge.engines import open_library
    from knowledge.ingest import ingest

    if documents:
        with out.status(f"reading {documents} ..."):
            ingest([documents], settings)
    library = open_library(settings)
    scores = []
    with out.status("measuring ..."):
        for score in run(library, half=half, with_peers=peers):
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


def simulate_command(talks: int, seed: int, workers: int, out: Console, err: Console, *, show: bool) -> int:
    """Play made-up families.

    Returns:
        0 when every talk keeps every invariant, 1 when not.
    """
    from eval.simulate.run import Played, play_all, table, transcript

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err) as bar:
        task = bar.add_task("talks", total=talks)

        def advance(_: Played) -> None:
            bar.advance(task)

        played = play_all(range(seed, seed + talks), workers=workers, advance=advance)
    for one in played:
        if show:
            out.print("\n".join(transcript(one)), markup=False, highlight=False, soft_wrap=True)
        for line in one.broken:
            out.print(f"--seed {one.seed}: {line}", markup=False, highlight=False, soft_wrap=True)
    out.print(table(played))
    return 1 if any(one.broken for one in played) else 0


def understanding_command(
    settings: Settings, files: str, html: Path | None, out: Console, err: Console, *, lines: bool
) -> int:
    """Read every labelled utterance and compare.

    Returns:
        0 when every figure is reached, 1 when not, 2 when no file matches.
    """
    from eval.understanding import page, show
    from eval.understanding.lines import load_lines
    from eval.understanding.read import Reader
    from eval.understanding.score import judge, report

    labelled = load_lines(files)
    if not labelled:
        err.print(f"No lines: eval/understanding/lines has no file {files}.", style="red", markup=False)
        return 2
    reader = Reader.open(settings)
    with Progress(TextColumn("lines"), BarColumn(), MofNCompleteColumn(), console=err) as bar:
        judged = tuple(judge(line, reader.read(line)) for line in bar.track(labelled))
    result = report(judged)
    if lines:
        wrong = (show.wrong(one) for one in result.judged if one.mistaken)
        out.print("\n".join(wrong), markup=False, highlight=False, soft_wrap=True)
    out.print(show.table(result))
    out.print(show.pairs("intent", result.intents_right, result.intents_found))
    out.print(show.pairs("fact", result.facts_right, result.facts_found))
    if html:
        page.page(result, html, show_lines=lines)
        out.print(f"Page: {html}", markup=False)
    return 0 if result.holds else 1
