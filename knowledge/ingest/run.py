"""One run: collect, read in isolation, compare with what is held, publish."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from knowledge.encoder import Embedder
from knowledge.errors import ReadingError, UnknownReferenceError
from knowledge.index import build, snapshot
from knowledge.ingest import Progress
from knowledge.ingest.approval import Gate
from knowledge.ingest.files import collect
from knowledge.ingest.identify import identify
from knowledge.ingest.isolate import Isolation, Parsed, isolation, load
from knowledge.ingest.report import FileReport, Outcome, Report
from knowledge.sources import Registry
from knowledge.types import Source

PARSER = 1
"""Raised when the parser cuts differently, so that unchanged files are read again."""


class Run:
    """The state of one run."""

    def __init__(
        self,
        snapshots: Path,
        encoder: Callable[[], Embedder],
        progress: Progress | None,
        today: dt.date | None,
        gate: Gate | None = None,
    ) -> None:
        self._snapshots = snapshots
        self._encoder = encoder
        self._progress = progress or (lambda stage, done, total: None)
        self._today = today
        self._gate = gate
        self._registered = Registry.load()
        self._registry = self._registered
        self._report = Report()
        self._held: dict[str, snapshot.DocumentEntries] = {}
        self._shipped: set[str] = set()
        self._taken: set[str] = set()

    def ingest(self, paths: Sequence[Path], *, dry_run: bool, wait: bool) -> Report:
        """Take in the files."""
        self._report.dry_run = dry_run
        # A dry run changes nothing and need not hold up anyone.
        lock = contextlib.nullcontext() if dry_run else snapshot.writer(self._snapshots, wait=wait)
        with lock:
            builtin = build.builtin_documents(self._registry)
            self._shipped = {document.record.source.id for document in builtin}
            held = build.ingested_documents(self._snapshots, self._registered)
            self._held = {document.record.source.id: document for document in held}
            self._registry = self._registry.with_sources(document.record.source for document in held)
            files = collect(paths)
            with isolation() as reader:
                for number, path in enumerate(files, 1):
                    self._report.files.append(self._file(path, reader))
                    self._progress("read", number, len(files))
            changed = self._report.count(Outcome.ADDED) + self._report.count(Outcome.CHANGED)
            if not dry_run and (changed or self._of_another_encoder()):
                self._publish(builtin)
        folder = snapshot.current(self._snapshots)
        self._report.snapshot = folder.name if folder else ""
        return self._report

    def retract(self, document_ids: Sequence[str]) -> Report:
        """Take documents out."""
        with snapshot.writer(self._snapshots):
            held = build.ingested_documents(self._snapshots, self._registered)
            self._held = {document.record.source.id: document for document in held}
            for document_id in document_ids:
                if document_id not in self._held:
                    raise UnknownReferenceError(f"{document_id} was not ingested; nothing was changed.")
            for document_id in document_ids:
                del self._held[document_id]
            folder = self._publish(build.builtin_documents(self._registry))
        self._report.snapshot = folder.name
        return self._report

    def _of_another_encoder(self) -> bool:
        folder = snapshot.current(self._snapshots)
        manifest = snapshot.read_manifest(folder) if folder else None
        if manifest is None or manifest.encoder == self._encoder().fingerprint:
            return False
        self._report.replaced_encoder = manifest.encoder
        return True

    def _publish(self, builtin: Sequence[snapshot.DocumentEntries]) -> Path:
        def encoded(done: int, total: int) -> None:
            self._report.encoded = total
            self._progress("encode", done, total)

        encoder = self._encoder()
        self._progress("write", 0, 1)
        ordered = [self._held[name] for name in sorted(self._held)]
        folder = build.publish(self._snapshots, builtin, ordered, encoder, encoded)
        self._progress("write", 1, 1)
        return folder

    def _file(self, path: Path, reader: Isolation) -> FileReport:
        try:
            data = load(path)
            digest = hashlib.sha256(f"{PARSER}\0".encode() + data).hexdigest()
            if known := self._unchanged(digest):
                return self._reported(path, known, Outcome.UNCHANGED)
            return self._new(path, reader.parse(data), data, digest)
        except ReadingError as error:
            return FileReport(str(path), Outcome.REFUSED, refused=str(error))

    def _unchanged(self, digest: str) -> snapshot.DocumentEntries | None:
        """The document that this very file gave before, if the registry still says the same of it."""
        for document in self._held.values():
            record = document.record
            if record.content_hash == digest and record.source.id not in self._taken:
                registered = self._registered.get(record.source.id)
                if registered is None or _same(registered, record.source):
                    self._taken.add(record.source.id)
                    return document
        return None

    def _new(self, path: Path, parsed: Parsed, data: bytes, digest: str) -> FileReport:
        today = self._today or dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC).date()
        source, warnings = identify(parsed.document, path.stem, self._registry, today)
        if source.id in self._shipped:
            return FileReport(str(path), Outcome.SHIPPED, source.id, source.title, source.number)
        if source.id in self._taken:
            raise ReadingError(
                f"Another file of this run is the same document ({source.title}); the first was taken in."
            )
        if self._gate and not self._gate.admits(source, data):
            return self._waiting(path, source, data, parsed, self._gate)
        if self._gate and (approval := self._gate.approval(data)):
            warnings = [*warnings, approval.note()]
        self._taken.add(source.id)
        self._registry = self._registry.with_sources([source])
        parsed.document.warnings += warnings
        document = build.text_document(
            parsed.document, source, self._registry, snapshot.INGESTED, path.name, digest
        )
        if not any(entry.search_text for entry in document.entries):
            raise ReadingError("The file holds no clause that could be searched.")
        outcome = Outcome.CHANGED if source.id in self._held else Outcome.ADDED
        self._held[source.id] = document
        report = self._reported(path, document, outcome)
        report.quarantined = parsed.quarantined
        return report

    def _waiting(self, path: Path, source: Source, data: bytes, parsed: Parsed, gate: Gate) -> FileReport:
        if not self._report.dry_run:
            gate.hold(source, path, data)
        why = f"The issuer {source.issuer} is not on the list; it waits for a second person."
        return FileReport(
            str(path),
            Outcome.WAITING,
            source.id,
            source.title,
            source.number,
            warnings=(why,),
            quarantined=parsed.quarantined,
        )

    def _reported(self, path: Path, document: snapshot.DocumentEntries, outcome: Outcome) -> FileReport:
        record = document.record
        return FileReport(
            path=str(path),
            outcome=outcome,
            document=record.source.id,
            title=record.source.title,
            number=record.source.number,
            clauses=sum(bool(entry.search_text) for entry in document.entries),
            resolved=record.resolved,
            unresolved=record.unresolved,
            warnings=record.warnings,
        )


def _same(registered: Source, held: Source) -> bool:
    """Whether the registry says of a held document what it said when it was taken in."""
    filled: dict[str, object] = {"extent": held.extent}
    filled |= {"issued": held.issued} if registered.issued is None else {}
    filled |= {"in_force_from": held.in_force_from} if registered.in_force_from is None else {}
    return registered.model_copy(update=filled) == held
