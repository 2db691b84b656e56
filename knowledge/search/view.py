"""One open snapshot: everything a search reads, immutable and shared between threads."""

from __future__ import annotations

import datetime as dt
import re
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import SnapshotError
from knowledge.index import snapshot
from knowledge.index.asked import AskIndex
from knowledge.index.dense import DenseIndex, vectors_of
from knowledge.index.lexical import LexicalIndex
from knowledge.index.records import RecordFile
from knowledge.parsing.clauses import Entry
from knowledge.sources import Registry
from knowledge.types import Source

_PART_OF_ARTICLE = re.compile(r"(#第[^条款项]+条(?:之[^第]+)?).*$")
NEVER = dt.date.max.toordinal()


def _as_held(source: Source, registry: Registry) -> Source:
    """A document whose text is present: as registered today, with the extent and the dates of its text."""
    registered = registry.get(source.id)
    if registered is None:
        return source
    found = {
        "extent": source.extent,
        "issued": registered.issued or source.issued,
        "in_force_from": registered.in_force_from or source.in_force_from,
    }
    return registered.model_copy(update=found)


class View:
    """Clauses, postings and vectors of one snapshot, and what search filters and orders by.

    A unit is a clause that is searched; `units` below are positions among them.
    """

    def __init__(self, folder: Path, registry: Registry) -> None:
        manifest = snapshot.read_manifest(folder)
        if manifest is None:
            raise SnapshotError(f"{folder} is no index. Remove it and start again; it is built anew.")
        self.folder = folder
        self.manifest = manifest
        self.scale = manifest.scale
        self.asks_scale = manifest.asks_scale
        texts = [record.source for record in manifest.documents if record.guide is None]
        self.registry = registry.with_sources(_as_held(source, registry) for source in texts)
        self.held = {record.source.id for record in manifest.documents if record.guide is None}
        """Documents whose text is present."""
        self.records = RecordFile(folder)
        self.lexical = LexicalIndex.load(folder / "lexical")
        self.vectors = vectors_of(folder / "rows.npy")
        """Of each row, for the exact nearness of what the words found."""
        self.dense = DenseIndex(folder / "dense", self.vectors)
        self.asks = AskIndex(folder / "asks")
        self._read_units(folder)

    def _read_units(self, folder: Path) -> None:
        with np.load(folder / "units.npz") as stored:
            self.rows: NDArray[np.int32] = stored["rows"]
            """The unit of each vector."""
            self.positions: NDArray[np.int32] = stored["positions"]
            self.regions = [str(name) for name in stored["regions"]]
            self.region: NDArray[np.int16] = stored["region"]
            self.since: NDArray[np.int32] = stored["since"]
            self.until: NDArray[np.int32] = stored["until"]
            self.guide: NDArray[np.str_] = stored["guide"]
            self.section: NDArray[np.str_] = stored["section"]
            self.length: NDArray[np.int32] = stored["length"]
            """Characters that are searched."""
            self.document: NDArray[np.int32] = stored["document"]
            documents = [str(name) for name in stored["documents"]]
        document = self.document
        superseded = np.asarray([self._superseded_on(name) for name in documents], np.int32)
        issued = np.asarray([self._issued_on(name) for name in documents], np.int32)
        empty = np.zeros(0, np.int32)
        self.superseded = superseded[document] if len(document) else empty
        """Day from which a later text prevails where the two differ."""
        self.age_rank = issued[document] if len(document) else empty
        self.size = len(self.positions)

    def _superseded_on(self, document_id: str) -> int:
        source = self.registry.get(document_id)
        later = self.registry.get(source.superseded_by) if source and source.superseded_by else None
        if later is None:
            return NEVER
        day = later.in_force_from or later.issued
        return day.toordinal() if day else 0

    def _issued_on(self, document_id: str) -> int:
        source = self.registry.get(document_id)
        day = (source.issued or source.in_force_from) if source else None
        return day.toordinal() if day else 0

    @cached_property
    def paragraphs(self) -> tuple[tuple[str, ...], NDArray[np.int64]]:
        """Ids of the paragraphs of guides, and their units."""
        units = np.flatnonzero(self.guide != "") if self.size else np.zeros(0, np.int64)
        return tuple(self.entry(int(unit)).clause.id for unit in units), units

    def entry(self, unit: int) -> Entry:
        """The clause of a unit."""
        return self.records.entry(int(self.positions[unit]))

    def unit(self, clause_id: str) -> int | None:
        """The unit through which a clause is found: itself, or the article that it is a part of."""
        for wanted in (clause_id, _PART_OF_ARTICLE.sub(r"\1", clause_id)):
            position = self.records.position(wanted)
            if position is not None:
                found = int(np.searchsorted(self.positions, position))
                if found < self.size and int(self.positions[found]) == position:
                    return found
        return None

    def allowed(self, regions: dict[str, int], as_of: dt.date) -> NDArray[np.bool_]:
        """Which units apply in these regions on this day, shape (size,)."""
        return self.in_regions(regions) & self.in_force(as_of)

    def in_regions(self, regions: dict[str, int]) -> NDArray[np.bool_]:
        """Which units are of these regions."""
        known = np.asarray([name in regions for name in self.regions] or [False], np.bool_)
        return known[self.region] if self.size else np.zeros(0, np.bool_)

    def in_force(self, as_of: dt.date) -> NDArray[np.bool_]:
        """Which units are in force on this day; one without a date counts as in force."""
        day = as_of.toordinal()
        return (self.since <= day) & (day <= self.until)

    def authority(self, regions: dict[str, int]) -> NDArray[np.float32]:
        """How near to the place each unit's region is: 0 nation, 1 province, 2 city, 3 district."""
        weights = np.asarray([regions.get(name, 0) for name in self.regions] or [0], np.float32)
        return weights[self.region] if self.size else np.zeros(0, np.float32)
