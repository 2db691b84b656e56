"""Clauses on disk: one JSON line each, opened one at a time."""

from __future__ import annotations

import datetime as dt
import json
import mmap
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.parsing.clauses import Entry
from knowledge.types import Citation, Clause, Confidence, Standing


def dump(entry: Entry) -> str:
    """The entry as one line of JSON."""
    clause = entry.clause
    return json.dumps(
        {
            "id": clause.id,
            "text": clause.text,
            "path": clause.heading_path,
            "cites": [_dump_citation(c) for c in (clause.citation, *clause.also)],
            "region": clause.region,
            "from": clause.in_force_from.isoformat() if clause.in_force_from else None,
            "to": clause.in_force_to.isoformat() if clause.in_force_to else None,
            "span": [clause.start, clause.end],
            "page": clause.page,
            "guide": clause.guide,
            "section": clause.section,
            "links": clause.links,
            "searched": entry.search_text,
            "aliases": entry.aliases,
            "since": entry.since.isoformat() if entry.since else None,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def parse(line: str | bytes) -> Entry:
    """The entry that `dump` wrote."""
    row: dict[str, Any] = json.loads(line)
    cites = [_citation(c) for c in row["cites"]]
    clause = Clause(
        id=row["id"],
        text=row["text"],
        heading_path=tuple(row["path"]),
        citation=cites[0],
        region=row["region"],
        in_force_from=_date(row["from"]),
        in_force_to=_date(row["to"]),
        start=row["span"][0],
        end=row["span"][1],
        guide=row["guide"],
        section=row["section"],
        also=tuple(cites[1:]),
        links=tuple(row["links"]),
        page=row["page"],
    )
    return Entry(clause, row["searched"], tuple(row["aliases"]), _date(row["since"]))


def _dump_citation(citation: Citation) -> list[str | None]:
    return [
        citation.clause_id,
        citation.document,
        citation.document_id,
        citation.number,
        citation.clause,
        citation.standing.value,
        citation.confidence.value,
    ]


def _citation(row: list[Any]) -> Citation:
    clause_id, document, document_id, number, clause, standing, confidence = row
    return Citation(
        clause_id, document, document_id, number, clause, Standing(standing), Confidence(confidence)
    )


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


_READY = 4_096
"""Entries kept as objects, some 4 KB each: every question looks through ninety of much the same."""


class RecordFile:
    """The clauses of a snapshot by position or id. Reads the file through the page cache, thread-safe."""

    def __init__(self, folder: Path) -> None:
        self._offsets = np.load(folder / "offsets.npy")
        self._positions: Mapping[str, int] = json.loads((folder / "positions.json").read_text("utf-8"))
        with (folder / "clauses.jsonl").open("rb") as file:
            empty = len(self._offsets) <= 1
            self._data: mmap.mmap | bytes = (
                b"" if empty else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            )
        self.entry = lru_cache(_READY)(self._entry)
        """The entry at a position."""

    @staticmethod
    def write(folder: Path, entries: Iterable[Entry]) -> None:
        """Write all entries, in order; their ids and aliases lead to them."""
        offsets = [0]
        positions: dict[str, int] = {}
        with (folder / "clauses.jsonl").open("wb") as file:
            for position, entry in enumerate(entries):
                line = (dump(entry) + "\n").encode("utf-8")
                file.write(line)
                offsets.append(offsets[-1] + len(line))
                positions[entry.clause.id] = position
                document = entry.clause.citation.document_id
                for alias in entry.aliases:
                    positions.setdefault(f"{document}#{alias}", position)
        np.save(folder / "offsets.npy", np.asarray(offsets, np.int64))
        (folder / "positions.json").write_text(json.dumps(positions, ensure_ascii=False), "utf-8")

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def _entry(self, position: int) -> Entry:
        return parse(self._data[self._offsets[position] : self._offsets[position + 1]])

    def position(self, clause_id: str) -> int | None:
        """Where the clause with this id (or an alias of it) is."""
        return self._positions.get(clause_id)

    def __iter__(self) -> Iterator[Entry]:
        return (self._entry(position) for position in range(len(self)))
