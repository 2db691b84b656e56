"""Snapshot folders: how they are named, written whole, switched to, and cleared away."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge.asks import Asks
from knowledge.encoder import Embedder
from knowledge.encoder.alike import asker
from knowledge.errors import SnapshotError
from knowledge.index import vectors as vec
from knowledge.index.asked import AskIndex
from knowledge.index.dense import DenseIndex
from knowledge.index.lexical import LexicalIndex
from knowledge.index.records import RecordFile, dump
from knowledge.parsing.clauses import Entry
from knowledge.search.scale import Scale, measure, of_asks
from knowledge.types import Source

FORMAT = 8
"""Raised when the files of a snapshot change; older snapshots are then built anew."""
KEPT = 3
"""Snapshots kept: the current one, and those that another process may still be reading."""
CURRENT = "CURRENT"
BUILTIN = "builtin"
INGESTED = "ingested"


class DocumentRecord(BaseModel):
    """What a snapshot notes of one document."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Source
    origin: str
    """`builtin` or `ingested`."""
    content_hash: str
    clauses: int
    guide: str | None = None
    """Entry id where the document is a guide."""
    file: str = ""
    """Name of the file that was ingested."""
    resolved: int = 0
    unresolved: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class Manifest(BaseModel):
    """`manifest.json`, written last: a folder without it is no snapshot."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    name: str
    encoder: str
    builtin_hash: str
    scale: Scale
    """How near is near for this encoder."""
    asks_scale: Scale
    """The same where questions are compared with questions."""
    documents: tuple[DocumentRecord, ...]


@dataclass(frozen=True, slots=True)
class DocumentEntries:
    """One document ready to be indexed. Guides are documents too."""

    record: DocumentRecord
    entries: Sequence[Entry]
    text: str = ""
    """The text that the offsets of clauses count; empty for guides."""


@dataclass(frozen=True, slots=True)
class Caches:
    """Vectors that are known already."""

    clauses: vec.VectorCache
    asks: vec.VectorCache


def content_name(documents: Sequence[DocumentEntries], encoder: Embedder, asks: str) -> str:
    """The name of the snapshot that holds these clauses under this encoder, with the asks of this digest."""
    digest = hashlib.sha256(
        f"{FORMAT}\n{encoder.fingerprint}\n{asker(encoder).fingerprint}\n{asks}\n".encode()
    )
    for document in documents:
        digest.update(document.record.model_dump_json().encode())
        for entry in document.entries:
            digest.update(dump(entry).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:20]


def current(snapshots: Path) -> Path | None:
    """The folder of the snapshot in use; None where there is none."""
    try:
        name = (snapshots / CURRENT).read_text("utf-8").strip()
    except OSError:
        return None
    folder = snapshots / name
    return folder if name and (folder / "manifest.json").is_file() else None


def text_path(folder: Path, document_id: str) -> Path:
    """Where a snapshot keeps the text of a document; ids come from file names, so a digest names it."""
    return folder / "texts" / f"{hashlib.sha256(document_id.encode()).hexdigest()[:20]}.txt"


def read_text(folder: Path, document_id: str) -> str:
    """The text of a document as the snapshot holds it; empty where it holds none."""
    try:
        return text_path(folder, document_id).read_text("utf-8", "surrogatepass")
    except OSError:
        return ""


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a snapshot; None where it is missing or of another format."""
    try:
        return Manifest.model_validate_json((folder / "manifest.json").read_text("utf-8"))
    except (OSError, ValidationError, UnicodeDecodeError):
        return None


@contextlib.contextmanager
def writer(snapshots: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold the folder for one writer; readers are never held up.

    Raises:
        SnapshotError: when another process writes and `wait` is False, or the folder cannot be written.
    """
    try:
        snapshots.mkdir(parents=True, exist_ok=True)
        handle = (snapshots / ".lock").open("a")
    except OSError as error:
        raise SnapshotError(
            f"{snapshots} cannot be written ({error.strerror}). Check MINXING_DATA_DIR."
        ) from None
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SnapshotError("Another process is building the index. Wait until it is done.") from None
        yield


def write(
    snapshots: Path,
    documents: Sequence[DocumentEntries],
    asks: Asks,
    encoder: Embedder,
    caches: Caches,
    builtin_hash: str,
    progress: vec.Progress | None = None,
) -> Path:
    """Write a snapshot and make it the current one. Call it inside `writer`."""
    name = content_name(documents, encoder, asks.digest)
    folder = snapshots / name
    if read_manifest(folder) is None:
        building = snapshots / f".building-{os.getpid()}"
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir()
        vectors = _fill(building, documents, asks, encoder, caches, progress)
        scale = measure(encoder, vectors)
        manifest = Manifest(
            format=FORMAT,
            name=name,
            encoder=encoder.fingerprint,
            builtin_hash=builtin_hash,
            scale=scale,
            asks_scale=of_asks(caches.asks.encoder, scale),
            documents=tuple(document.record for document in documents),
        )
        (building / "manifest.json").write_text(manifest.model_dump_json(), "utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        building.rename(folder)
    _switch(snapshots, name)
    _clear_away(snapshots, name)
    return folder


def _switch(snapshots: Path, name: str) -> None:
    temporary = snapshots / f".{CURRENT}-{os.getpid()}"
    with temporary.open("w", encoding="utf-8") as file:
        file.write(name + "\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(snapshots / CURRENT)


def _clear_away(snapshots: Path, name: str) -> None:
    """Delete what no one can be reading: unfinished folders, and all snapshots but the last few."""
    for folder in snapshots.glob(".building-*"):
        shutil.rmtree(folder, ignore_errors=True)
    old = [p for p in snapshots.iterdir() if (p / "manifest.json").is_file() and p.name != name]
    for folder in sorted(old, key=lambda p: (p / "manifest.json").stat().st_mtime)[: -(KEPT - 1)]:
        shutil.rmtree(folder, ignore_errors=True)


def _fill(
    folder: Path,
    documents: Sequence[DocumentEntries],
    asks: Asks,
    encoder: Embedder,
    caches: Caches,
    progress: vec.Progress | None,
) -> NDArray[np.float32]:
    """Write all parts but the manifest; the vectors, for measuring."""
    entries = [entry for document in documents for entry in document.entries]
    RecordFile.write(folder, entries)
    (folder / "texts").mkdir()
    for document in documents:
        if document.text:
            text_path(folder, document.record.source.id).write_text(document.text, "utf-8", "surrogatepass")
    searched = [(position, e) for position, e in enumerate(entries) if e.search_text]
    LexicalIndex.build(e.search_text for _, e in searched).save(folder / "lexical")
    pieces = [(unit, text) for unit, (_, e) in enumerate(searched) for text in vec.windows(e.search_text)]
    texts = [text for _, text in pieces]
    vectors = caches.clauses.encode(texts, progress)
    np.save(folder / "rows.npy", vectors.astype(np.float16))
    DenseIndex.write(folder / "dense", vectors)
    _write_units(folder, searched, [unit for unit, _ in pieces])
    lines = list(asks.lines(entries))
    questions = [question for _, question in lines]
    asked = caches.asks.encode([*questions, *asks.outside], progress, "query")
    AskIndex.write(
        folder / "asks", [unit for unit, _ in lines], questions, asked[: len(lines)], asked[len(lines) :]
    )
    vec.save(folder / "vectors.npz", encoder.fingerprint, texts, vectors)
    vec.save(
        folder / "asks.npz", caches.asks.encoder.fingerprint, [*questions, *asks.outside], asked, "query"
    )
    return vectors


def _write_units(folder: Path, searched: Sequence[tuple[int, Entry]], rows: Sequence[int]) -> None:
    """What search filters and orders by, one value per searched clause; `rows`: the unit of each vector."""
    clauses = [entry.clause for _, entry in searched]
    regions = {name: i for i, name in enumerate(sorted({clause.region for clause in clauses}))}
    documents = {name: i for i, name in enumerate(sorted({c.citation.document_id for c in clauses}))}
    last = dt.date.max.toordinal()
    np.savez(
        folder / "units.npz",
        rows=np.asarray(rows, np.int32),
        positions=np.asarray([position for position, _ in searched], np.int32),
        regions=np.asarray(list(regions), dtype=np.str_),
        region=np.asarray([regions[clause.region] for clause in clauses], np.int16),
        documents=np.asarray(list(documents), dtype=np.str_),
        document=np.asarray([documents[clause.citation.document_id] for clause in clauses], np.int32),
        since=np.asarray([_ordinal(entry.since, 0) for _, entry in searched], np.int32),
        until=np.asarray([_ordinal(clause.in_force_to, last) for clause in clauses], np.int32),
        guide=np.asarray([clause.guide or "" for clause in clauses], dtype=np.str_),
        section=np.asarray([clause.section or "" for clause in clauses], dtype=np.str_),
        length=np.asarray([len(entry.search_text) for _, entry in searched], np.int32),
    )


def _ordinal(date: dt.date | None, otherwise: int) -> int:
    return date.toordinal() if date else otherwise
