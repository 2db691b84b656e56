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
    from settings import Settings

__all__ = ["FileReport", "Outcome", "Progress", "Report", "ingest", "retract"]

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

    Raises:
        SnapshotError: when the folder cannot be written, or another process writes and `wait` is False.
        RegistryError, GuideError: when the built-in corpus is not right.
    """
    from knowledge.ingest.run import Run

    return Run(settings.snapshots_dir, _chosen(settings, encoder), progress, today).ingest(
        paths, dry_run=dry_run, wait=wait
    )


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
