"""What changed between two versions of a text or of the whole index, and who rests on what changed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from knowledge.errors import SnapshotError
from knowledge.guides import load_guides
from knowledge.index import snapshot
from knowledge.index.records import RecordFile
from knowledge.ingest.identify import identify
from knowledge.ingest.isolate import isolation, load
from knowledge.parsing.clauses import clauses
from knowledge.sources import Registry
from knowledge.types import Clause
from knowledge.usage import Usage, Users


class Kind(StrEnum):
    """How a clause differs."""

    ADDED = "added"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Change:
    """One clause that differs."""

    kind: Kind
    clause_id: str
    document: str
    clause: str
    old: str
    new: str
    users: Users
    """Guides, benefits and suite cases to look through again."""


def diff(old: Path | str, new: Path | str, snapshots: Path, usage: Usage | None = None) -> list[Change]:
    """Clauses that differ between two snapshots or two files.

    Args:
        old: a snapshot's name or folder, or a file with the text of a document.
        new: the same; the later one.
        snapshots: where snapshots lie, for names; `current` is the one in use.
        usage: who rests on what; None: read from the project.

    Raises:
        SnapshotError: when `old` or `new` names neither.
        ReadingError: when a file cannot be read.
    """
    registry = Registry.load()
    before, after = _clauses(old, snapshots, registry), _clauses(new, snapshots, registry)
    who = usage or Usage.collect(registry, load_guides(registry).values())
    if (
        len({clause_id.partition("#")[0] for clause_id in (*before, *after)}) == 2
        and _one(before)
        and _one(after)
    ):
        # Two versions of one text under two file names: compared by label.
        before = {f"{_one(after)}#{key.partition('#')[2]}": clause for key, clause in before.items()}
    changes = []
    for clause_id in dict.fromkeys((*before, *after)):
        kind = _kind(before.get(clause_id), after.get(clause_id))
        if kind is not None:
            changes.append(_change(kind, clause_id, before.get(clause_id), after.get(clause_id), who))
    return changes


def _one(found: Mapping[str, Clause]) -> str:
    """The only document among these clauses; empty if there are several."""
    documents = {clause_id.partition("#")[0] for clause_id in found}
    return documents.pop() if len(documents) == 1 else ""


def _kind(old: Clause | None, new: Clause | None) -> Kind | None:
    if old is None:
        return Kind.ADDED
    if new is None:
        return Kind.GONE
    return Kind.CHANGED if _plain(old.text) != _plain(new.text) else None


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _change(kind: Kind, clause_id: str, old: Clause | None, new: Clause | None, usage: Usage) -> Change:
    shown = new or old
    if shown is None:
        raise ValueError(f"{clause_id} is in neither version")
    citation = shown.citation
    return Change(
        kind=kind,
        clause_id=clause_id,
        document=citation.document,
        clause=citation.clause,
        old=old.text if old else "",
        new=new.text if new else "",
        users=usage.of(clause_id.partition("#")[0], citation.clause),
    )


def _clauses(version: Path | str, snapshots: Path, registry: Registry) -> Mapping[str, Clause]:
    """The smallest clauses that are searched, by id; guides are our own words and are not compared."""
    folder = snapshot.current(snapshots) if str(version) == "current" else snapshots / str(version)
    for candidate in (folder, Path(version)):
        manifest = snapshot.read_manifest(candidate) if candidate is not None else None
        if candidate is not None and manifest is not None:
            if manifest.format != snapshot.FORMAT:
                raise SnapshotError(
                    f"{version} was written by another version of Minxing and cannot be compared."
                )
            entries = [entry for entry in RecordFile(candidate) if entry.search_text]
            return {entry.clause.id: entry.clause for entry in entries if entry.clause.guide is None}
    if Path(version).is_file():
        return _clauses_of_file(Path(version), registry)
    names = ", ".join(_names(snapshots)) or "none"
    raise SnapshotError(f"{version} is neither a snapshot nor a file. Snapshots here: {names}.")


def _names(snapshots: Path) -> Sequence[str]:
    if not snapshots.is_dir():
        return []
    return sorted(path.name for path in snapshots.iterdir() if (path / "manifest.json").is_file())


def _clauses_of_file(path: Path, registry: Registry) -> Mapping[str, Clause]:
    with isolation() as reader:
        parsed = reader.parse(load(path))
    day = parsed.document.in_force_from or parsed.document.issued
    source, _ = identify(parsed.document, path.stem, registry, day or dt.date.min)
    found = [entry for entry in clauses(parsed.document, source) if entry.search_text]
    return {entry.clause.id: entry.clause for entry in found}
