"""Taking in an operator's documents, and taking them out again.

The work is imported when it is called: the child process that reads files starts from this package too.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.ingest.report import FileReport, Outcome, Report

if TYPE_CHECKING:
    from knowledge.encoder import Embedder
    from knowledge.ingest.approval import Gate
    from settings import Settings

__all__ = ["FileReport", "Outcome", "Progress", "Report", "approve", "ingest", "retract"]

Progress = Callable[[str, int, int], None]
"""(stage, done, total); stages are `read` (files), `encode` (texts) and `write`."""


def ingest(
    paths: Sequence[Path],
    settings: Settings,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    wait: bool = True,
    encoder: Embedder | None = None,
    today: dt.date | None = None,
    by: str | None = None,
    on: dt.date | None = None,
) -> Report:
    """Take in files and folders, and switch to a snapshot that holds them.

    Only what changed is parsed, and only new texts are encoded. A file that is refused stops no other.
    Killed at any moment, the old snapshot serves on and the next run takes up what was encoded.

    Args:
        paths: files, and folders that are searched for files.
        settings: where snapshots lie.
        dry_run: read, cut and report; change nothing.
        progress: called as work goes on.
        wait: wait for another writer; otherwise say that there is one.
        encoder: the encoder of the snapshot; None: the one that the settings choose.
        today: noted as the day on which new sources were checked; None: the day the file was last changed.
        by: who takes them in: documents of unknown issuers then wait for a second person (SE-4). None: no
            one is asked, for measuring and tests; `minxing ingest` always says who.
        on: the day that is noted with `by`.

    Raises:
        ApprovalError: when `by` is empty.
        SnapshotError: when the folder cannot be written, or another process writes and `wait` is False.
        RegistryError, GuideError: when the built-in corpus is not right.
    """
    from knowledge.ingest.run import Run

    gate = None if by is None else _gate(settings, by, on)
    run = Run(settings.snapshots_dir, _chosen(settings, encoder), progress, today, gate)
    return run.ingest(paths, dry_run=dry_run, wait=wait)


def approve(
    document_id: str, settings: Settings, *, by: str, on: dt.date, encoder: Embedder | None = None
) -> Report:
    """Take in a document that waited, because a second person says so (SE-4).

    Raises:
        ApprovalError: when it does not wait, was changed, or `by` is who took it in.
    """
    from knowledge.ingest import approval

    path = approval.approve(settings.waiting_dir, document_id, by, on.isoformat())
    report = ingest([path], settings, encoder=encoder, by=by, on=on)
    if not report.refused:
        approval.settle(path)
    return report


def _gate(settings: Settings, by: str, on: dt.date | None) -> Gate:
    from knowledge.ingest.approval import Gate
    from knowledge.sources import Registry

    day = on.isoformat() if on else ""
    return Gate(settings.waiting_dir, Registry.load(), by, day, settings.ingest_issuers)


def retract(document_ids: Sequence[str], settings: Settings, *, encoder: Embedder | None = None) -> Report:
    """Take ingested documents out of the index at once (SE-4).

    Raises:
        UnknownReferenceError: when one of them was not ingested; then nothing is changed.
        SnapshotError: when the folder cannot be written.
    """
    from knowledge.ingest.run import Run

    return Run(settings.snapshots_dir, _chosen(settings, encoder), None, None).retract(document_ids)


def _chosen(settings: Settings, encoder: Embedder | None) -> Callable[[], Embedder]:
    """The encoder given, or that of the settings, loaded when it is first needed."""

    @cache
    def load() -> Embedder:
        from knowledge.engines import search_encoder

        return encoder or search_encoder(settings, threads=min(2, os.cpu_count() or 1))

    return load
