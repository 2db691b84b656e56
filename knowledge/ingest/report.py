"""What a run of `minxing ingest` did, for people and for machines."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path


class Outcome(StrEnum):
    """What became of a file."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    SHIPPED = "shipped"
    """It is part of the built-in corpus already."""
    REFUSED = "refused"
    WAITING = "waiting"
    """Its issuer is not known: a second person has to approve it (SE-4)."""


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A passage that was kept out of the index."""

    text: str
    """At most 80 characters of it."""
    reason: str
    page: int | None = None


@dataclass(slots=True)
class FileReport:
    """One file."""

    path: str
    outcome: Outcome
    document: str = ""
    title: str = ""
    number: str | None = None
    clauses: int = 0
    """Clauses that are searched; further parts of them can be cited."""
    resolved: int = 0
    unresolved: tuple[str, ...] = ()
    """References to documents that are not registered, in their words."""
    warnings: tuple[str, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    refused: str = ""
    """Why, and what to do."""


@dataclass(slots=True)
class Report:
    """The whole run."""

    files: list[FileReport] = field(default_factory=list)
    snapshot: str = ""
    """Name of the snapshot that serves now."""
    dry_run: bool = False
    encoded: int = 0
    """Texts whose vectors were computed; the others were known."""
    replaced_encoder: str = ""
    """Fingerprint of the encoder that the index had before, where it was built anew for another one."""

    def count(self, outcome: Outcome) -> int:
        """How many files had this outcome."""
        return sum(file.outcome is outcome for file in self.files)

    @property
    def waiting(self) -> list[FileReport]:
        """Files that wait for a second person."""
        return [file for file in self.files if file.outcome is Outcome.WAITING]

    @property
    def refused(self) -> list[FileReport]:
        """Files that were not taken in."""
        return [file for file in self.files if file.outcome is Outcome.REFUSED]

    def to_json(self) -> str:
        """The report as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2)

    def write(self, path: Path) -> None:
        """Write the JSON report."""
        path.write_text(self.to_json() + "\n", "utf-8")
