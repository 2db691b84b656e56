"""What `minxing ingest` and `minxing knowledge …` show in a terminal. What operators read is English."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import pwd
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from knowledge.coverage import coverage, unused, write_page
from knowledge.diff import diff
from knowledge.engines import build_index, open_library
from knowledge.ingest import Report, approve, ingest, retract
from knowledge.ingest.approval import waiting
from settings import Settings

CHINA = ZoneInfo("Asia/Shanghai")
_STAGES = {"read": "reading files", "encode": "encoding clauses", "write": "writing the snapshot"}


def ingest_files(
    settings: Settings, paths: Sequence[Path], out: Console, *, by: str, dry_run: bool, report: Path | None
) -> bool:
    """Take in files and folders, with progress and a table; `by` is who does it.

    Returns:
        Whether no file was refused.
    """
    with _progress(out) as advance:
        result = ingest(paths, settings, dry_run=dry_run, progress=advance, by=by or account(), on=_today())
    out.print(_files(result))
    for file in result.refused:
        out.print(f"{file.path}: {file.refused}", style="red", markup=False, highlight=False)
    for file in result.waiting:
        out.print(
            f"{file.path} waits for a second person: minxing knowledge approve {file.document} --by NAME",
            style="yellow",
            markup=False,
            highlight=False,
        )
    done = "Nothing was changed (dry run)." if dry_run else f"Snapshot {result.snapshot} serves now."
    out.print(f"{done} {result.encoded} texts were encoded anew.", markup=False, highlight=False)
    if result.replaced_encoder:
        out.print(f"The index was that of the encoder {result.replaced_encoder} before.", markup=False)
    if report:
        result.write(report)
    return not result.refused


@contextlib.contextmanager
def _progress(out: Console) -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each stage, with the time that is left."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=out) as bar:
        tasks = {stage: bar.add_task(label, total=None, visible=False) for stage, label in _STAGES.items()}

        def advance(stage: str, done: int, total: int) -> None:
            bar.update(tasks[stage], completed=done, total=total, visible=True)

        yield advance


def build(settings: Settings, out: Console) -> None:
    """Build the index for the encoder of the settings, with progress; ingested documents come along."""
    with _progress(out) as advance:
        name, encoder = build_index(settings, lambda done, total: advance("encode", done, total))
    out.print(f"Snapshot {name} serves now, with the encoder {encoder}.", markup=False, highlight=False)


def _files(result: Report) -> Table:
    table = Table("document", "outcome", "clauses", "references", "unresolved", "warnings", "quarantined")
    for file in result.files:
        table.add_row(
            file.title or file.path,
            file.outcome,
            str(file.clauses),
            str(file.resolved),
            str(len(file.unresolved)),
            "; ".join(file.warnings)[:60],
            "; ".join(one.reason for one in file.quarantined)[:60],
        )
    return table


def show_waiting(settings: Settings, out: Console) -> None:
    """Documents that wait for a second person."""
    rows = waiting(settings.waiting_dir)
    table = Table("document", "title", "issuer", "taken in by", "on")
    for row in rows:
        table.add_row(row.document, row.title, row.issuer, row.by, row.since)
    out.print(table if rows else "Nothing waits.")


def approve_document(settings: Settings, document: str, by: str, out: Console) -> None:
    """Take in a document that waited, on the word of a second person (SE-4)."""
    result = approve(document, settings, by=by, on=_today())
    for file in result.refused:
        out.print(f"{file.path}: {file.refused}", style="red", markup=False, highlight=False)
    if not result.refused:
        out.print(f"{document} is in the index; snapshot {result.snapshot} serves now.", markup=False)


def account() -> str:
    """The name of this machine's account: who takes documents in, where no name is given."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return ""


def _today() -> dt.date:
    return dt.datetime.now(CHINA).date()


def retract_documents(settings: Settings, documents: Sequence[str], out: Console) -> None:
    """Take ingested documents out of the index at once (SE-4)."""
    result = retract(documents, settings)
    out.print(f"Snapshot {result.snapshot} serves now, without them.", markup=False)


def show_diff(settings: Settings, old: str, new: str, out: Console) -> None:
    """Clauses added, changed and gone, and who rests on them."""
    changes = diff(old, new, settings.snapshots_dir)
    table = Table("change", "document", "clause", "guides", "benefits", "cases", show_lines=True)
    for change in changes:
        users = change.users
        table.add_row(
            change.kind,
            change.document,
            change.clause,
            " ".join(users.guides),
            " ".join(users.benefits),
            " ".join(users.cases),
        )
    out.print(table if changes else "No clause differs.")


def show_coverage(settings: Settings, page: Path, out: Console) -> None:
    """Which clauses are used by what; those of the Hangzhou text that nothing uses are listed."""
    library = open_library(settings)
    rows = coverage(library)
    table = Table("document", "number", "clauses", "used", "text held")
    for document in dict.fromkeys(row.document_id for row in rows):
        mine = [row for row in rows if row.document_id == document]
        held = "yes" if any(row.held for row in mine) else "no"
        table.add_row(
            mine[0].document, mine[0].number or "", str(len(mine)), str(sum(r.used for r in mine)), held
        )
    out.print(table)
    for row in unused(rows):
        words = " ".join(row.text.split())[:40]
        out.print(
            f"not used: {row.clause} {words}", style="yellow", markup=False, highlight=False, soft_wrap=True
        )
    page.parent.mkdir(parents=True, exist_ok=True)
    write_page(rows, page)
    out.print(f"Every clause: {page}", markup=False)
