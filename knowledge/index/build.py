"""Builds snapshots: the built-in corpus, with the documents that an operator has added.

`python -m knowledge.index.build` computes the vectors of the built-in corpus anew and writes them to
`corpus/vectors.npz` and, of all asks, `corpus/asks.npz`; a test fails while they are stale.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import ValidationError

from knowledge.asks import digest as asks_digest
from knowledge.asks import load_asks
from knowledge.encoder import Embedder, Kind
from knowledge.encoder.alike import asker
from knowledge.errors import SnapshotError
from knowledge.guides import load_guides
from knowledge.index import snapshot
from knowledge.index import vectors as vec
from knowledge.index.records import RecordFile
from knowledge.parsing.blocks import lines
from knowledge.parsing.clauses import Entry, clauses, known_since
from knowledge.parsing.crossrefs import LinkReport, link
from knowledge.parsing.document import ParsedDocument, parse
from knowledge.parsing.header import read_header
from knowledge.sources import CORPUS, Registry
from knowledge.types import Clause, Confidence, Extent, Guide, Source, Standing

SHIPPED_VECTORS = CORPUS / "vectors.npz"
SHIPPED_ASKS = CORPUS / "asks.npz"

_log = logging.getLogger(__name__)


def builtin_documents(
    registry: Registry, guides: Iterable[Guide] | None = None
) -> list[snapshot.DocumentEntries]:
    """The guides and the official texts that ship, ready to be indexed."""
    read = load_guides(registry).values() if guides is None else guides
    documents = [guide_document(guide, registry) for guide in read]
    for path in sorted((CORPUS / "official").glob("*.txt")):
        text = path.read_text("utf-8")
        source = registry.get(path.stem)
        if source is None:
            raise SnapshotError(
                f"{path.name} ships but is not registered in sources.yaml; add an entry for it"
            )
        parsed = parse(text, title=source.title)
        documents.append(text_document(parsed, source, registry, snapshot.BUILTIN, path.name))
    return documents


def guide_document(guide: Guide, registry: Registry) -> snapshot.DocumentEntries:
    """A guide as entries; what is searched carries its name and what people call it."""
    names = " ".join((guide.name, *guide.also_called))
    entries = [
        Entry(clause, f"{names} {section}\n{clause.text}", since=_since(clause, registry))
        for section, paragraphs in guide.sections
        for clause in paragraphs
    ]
    source = Source(
        id=f"guide:{guide.entry}",
        title=guide.name,
        issuer="杭民星",
        region="杭州市",
        extent=Extent.WHOLE,
        standing=Standing.RESTATED,
        confidence=Confidence.CONFIRMED,
        checked_on=dt.date(2026, 11, 21),
        note=guide.summary,
    )
    digest = _digest("\n".join(entry.search_text for entry in entries))
    record = snapshot.DocumentRecord(
        source=source,
        origin=snapshot.BUILTIN,
        content_hash=digest,
        clauses=len(entries),
        guide=guide.entry,
    )
    return snapshot.DocumentEntries(record, entries)


def _since(clause: Clause, registry: Registry) -> dt.date | None:
    """A paragraph of a guide counts from when all documents that it rests on do."""
    sources = [registry.get(citation.document_id) for citation in (clause.citation, *clause.also)]
    days = [day for source in sources if source and (day := known_since(source))]
    return max(days, default=None)


def text_document(
    parsed: ParsedDocument, source: Source, registry: Registry, origin: str, file: str, content_hash: str = ""
) -> snapshot.DocumentEntries:
    """An official text as entries, with its cross-references resolved against the registry."""
    entries, report = link(clauses(parsed, source), registry.lookup)
    return snapshot.DocumentEntries(
        _record(source, origin, content_hash or _digest(parsed.text), entries, report, parsed, file),
        entries,
        parsed.text,
    )


def _record(
    source: Source,
    origin: str,
    content_hash: str,
    entries: Sequence[Entry],
    report: LinkReport,
    parsed: ParsedDocument,
    file: str,
) -> snapshot.DocumentRecord:
    return snapshot.DocumentRecord(
        source=source,
        origin=origin,
        content_hash=content_hash,
        clauses=len(entries),
        file=file,
        resolved=report.resolved,
        unresolved=tuple(report.unresolved),
        warnings=tuple(parsed.warnings),
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def stored_documents(
    folder: Path, manifest: snapshot.Manifest, origin: str
) -> list[snapshot.DocumentEntries]:
    """The documents of one origin as a snapshot holds them."""
    records = RecordFile(folder)
    documents, position = [], 0
    for record in manifest.documents:
        if record.origin == origin:
            entries = [records.entry(position + i) for i in range(record.clauses)]
            text = snapshot.read_text(folder, record.source.id)
            documents.append(snapshot.DocumentEntries(record, entries, text))
        position += record.clauses
    return documents


def ensure(
    snapshots: Path,
    registry: Registry,
    encoder: Embedder,
    guides: Iterable[Guide] | None = None,
    progress: vec.Progress | None = None,
) -> Path:
    """The current snapshot, brought up to the built-in corpus and this encoder if it is not.

    Documents that an operator ingested are carried over.

    Raises:
        SnapshotError: when the folder cannot be written.
    """
    builtin = builtin_documents(registry, guides)
    wanted = snapshot.content_name(builtin, encoder, asks_digest())
    if folder := _usable(snapshots, wanted, encoder):
        return folder
    with snapshot.writer(snapshots):
        if folder := _usable(snapshots, wanted, encoder):  # another process was faster
            return folder
        return publish(snapshots, builtin, ingested_documents(snapshots, registry), encoder, progress)


def _usable(snapshots: Path, wanted: str, encoder: Embedder) -> Path | None:
    folder = snapshot.current(snapshots)
    manifest = snapshot.read_manifest(folder) if folder else None
    fits = (
        manifest is not None
        and manifest.format == snapshot.FORMAT
        and manifest.encoder == encoder.fingerprint
        and manifest.builtin_hash == wanted
    )
    return folder if fits else None


def ingested_documents(snapshots: Path, registry: Registry) -> list[snapshot.DocumentEntries]:
    """What an operator added, as the current snapshot holds it."""
    folder = snapshot.current(snapshots)
    if folder is None:
        return []
    manifest = snapshot.read_manifest(folder)
    if manifest is None or manifest.format != snapshot.FORMAT:
        return _rescued(folder, registry)
    return stored_documents(folder, manifest, snapshot.INGESTED)


def _rescued(folder: Path, registry: Registry) -> list[snapshot.DocumentEntries]:
    """Documents of a snapshot that another version wrote: cut anew from the texts that it kept."""
    from knowledge.ingest.quarantine import screen

    documents = []
    rows = json.loads((folder / "manifest.json").read_text("utf-8")).get("documents", [])
    for row in rows:
        if row.get("origin") != snapshot.INGESTED:
            continue
        text = snapshot.read_text(folder, row["source"]["id"])
        source = _source(row["source"])
        if not text or source is None:
            _log.warning("%s was written by another version; ingest it again.", row.get("file", "A document"))
            continue
        kept, _ = screen(list(lines(text, read_header(text).body_start)), [])
        parsed = parse(text, kept, title=source.title)
        # Without the file's own hash the next run reads the file itself again.
        documents.append(
            text_document(parsed, source, registry, snapshot.INGESTED, row.get("file", ""), "rescued")
        )
    return documents


def _source(row: dict[str, object]) -> Source | None:
    try:
        return Source.model_validate(row)
    except ValidationError:
        return None


def publish(
    snapshots: Path,
    builtin: Sequence[snapshot.DocumentEntries],
    ingested: Iterable[snapshot.DocumentEntries],
    encoder: Embedder,
    progress: vec.Progress | None = None,
) -> Path:
    """Write a snapshot of all documents and switch to it. Call it inside `snapshot.writer`."""
    cache = vec.VectorCache(encoder, snapshots)
    cache.add_file(SHIPPED_VECTORS)
    if folder := snapshot.current(snapshots):
        cache.add_file(folder / "vectors.npz")
    asks = load_asks()
    caches = snapshot.Caches(cache, asked_cache(encoder, snapshots))
    wanted = snapshot.content_name(builtin, encoder, asks.digest)
    path = snapshot.write(snapshots, [*builtin, *ingested], asks, encoder, caches, wanted, progress)
    cache.forget_part()
    caches.asks.forget_part()
    return path


def asked_cache(encoder: Embedder, snapshots: Path | None = None) -> vec.VectorCache:
    """Known vectors of the asks, by what compares questions where `encoder` compares clauses."""
    cache = vec.VectorCache(asker(encoder), snapshots)
    cache.add_file(SHIPPED_ASKS)
    if snapshots and (folder := snapshot.current(snapshots)):
        cache.add_file(folder / "asks.npz")
    return cache


def builtin_texts(registry: Registry) -> list[str]:
    """Every text of the built-in corpus that has a vector."""
    entries = [entry for document in builtin_documents(registry) for entry in document.entries]
    return [text for entry in entries if entry.search_text for text in vec.windows(entry.search_text)]


def asked_questions() -> list[str]:
    """Every question of `corpus/asks/`, also about texts that an operator takes in: they are our words."""
    asks = load_asks()
    return list(dict.fromkeys((*(q for asked in asks.by_clause.values() for q in asked), *asks.outside)))


def stale(registry: Registry, encoder: Embedder) -> list[str]:
    """Texts of the built-in corpus, and asks, whose vectors do not ship yet."""
    cache = vec.VectorCache(encoder)
    cache.add_file(SHIPPED_VECTORS)
    return [
        *cache.missing(builtin_texts(registry)),
        *asked_cache(encoder).missing(asked_questions(), "query"),
    ]


def rebuild_shipped_vectors(encoder: Embedder, folder: Path = CORPUS) -> int:
    """Write the vectors of the built-in corpus and of all asks, computing the new ones; their number."""
    texts = list(dict.fromkeys(builtin_texts(Registry.load())))
    files: tuple[tuple[Path, Embedder, list[str], Kind], ...] = (
        (folder / SHIPPED_VECTORS.name, encoder, texts, "passage"),
        (folder / SHIPPED_ASKS.name, asker(encoder), asked_questions(), "query"),
    )
    for path, by, written, kind in files:
        cache = vec.VectorCache(by, path.parent)
        cache.add_file(path)
        vec.save(path, by.fingerprint, written, cache.encode(written, kind=kind), kind)
        cache.forget_part()
    return sum(len(written) for _, _, written, _ in files)


if __name__ == "__main__":
    from knowledge.encoder import load_encoder

    count = rebuild_shipped_vectors(load_encoder(threads=2))
    print(f"{SHIPPED_VECTORS.name}, {SHIPPED_ASKS.name}: {count} vectors")  # noqa: T201
