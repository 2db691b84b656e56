"""A document of an issuer that we do not know waits until a second person has looked at it (SE-4)."""

from __future__ import annotations

import hashlib
import re
import shutil
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge.errors import ApprovalError
from knowledge.sources import Registry
from knowledge.types import Source

APPROVALS = "approvals.jsonl"
"""Who took in and who approved which file; lines are only ever added."""
_JOINT = re.compile(r"[、，,；;\s]+")


class Waiting(BaseModel):
    """A document that waits, with who took it in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    document: str
    title: str
    issuer: str
    file: str
    sha256: str
    by: str
    since: str


class Approval(Waiting):
    """What the second person said."""

    approved_by: str
    approved_on: str

    def note(self) -> str:
        """The line that the snapshot's manifest keeps with the document."""
        return f"Taken in by {self.by} on {self.since}, approved by {self.approved_by} on {self.approved_on}."


def known_issuers(registry: Registry) -> set[str]:
    """The issuers of all registered documents: the allow-list."""
    names = (name for source in registry.sources.values() for name in _JOINT.split(source.issuer))
    return {name for name in names if name}


class Gate:
    """Lets in what is registered, comes from a known issuer or was approved; keeps the rest waiting."""

    def __init__(self, folder: Path, registry: Registry, by: str, day: str, more: Iterable[str] = ()) -> None:
        self._folder = folder
        self._registered = registry
        self._issuers = known_issuers(registry) | set(more)
        self._by, self._day = named(by), day
        self._approved = {approval.sha256: approval for approval in approvals(folder)}

    def approval(self, data: bytes) -> Approval | None:
        """The approval of this very file, if there is one."""
        return self._approved.get(hashlib.sha256(data).hexdigest())

    def admits(self, source: Source, data: bytes) -> bool:
        """Whether the document needs no second person."""
        issuers = [name for name in _JOINT.split(source.issuer) if name]
        known = bool(issuers) and all(name in self._issuers for name in issuers)
        return self._registered.get(source.id) is not None or known or self.approval(data) is not None

    def hold(self, source: Source, path: Path, data: bytes) -> None:
        """Keep the file until somebody else approves it; who took it in first stays the first."""
        digest = hashlib.sha256(data).hexdigest()
        folder = self._folder / digest[:20]
        if (folder / "waiting.json").exists():
            return
        folder.mkdir(parents=True, exist_ok=True)
        (folder / path.name).write_bytes(data)
        row = Waiting(
            document=source.id,
            title=source.title,
            issuer=source.issuer,
            file=path.name,
            sha256=digest,
            by=self._by,
            since=self._day,
        )
        (folder / "waiting.json").write_text(row.model_dump_json() + "\n", "utf-8")


def waiting(folder: Path) -> list[Waiting]:
    """All that waits, oldest first."""
    found = []
    for path in folder.glob("*/waiting.json"):
        try:
            found.append(Waiting.model_validate_json(path.read_text("utf-8")))
        except (OSError, UnicodeDecodeError, ValidationError):
            raise ApprovalError(
                f"{path} cannot be read. Remove its folder and ingest the file again."
            ) from None
    return sorted(found, key=lambda row: (row.since, row.document))


def approvals(folder: Path) -> list[Approval]:
    """What was approved, in order."""
    path = folder / APPROVALS
    try:
        return [Approval.model_validate_json(line) for line in path.read_text("utf-8").splitlines() if line]
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError, ValidationError):
        raise ApprovalError(f"{path} cannot be read; restore it from a backup.") from None


def approve(folder: Path, document_id: str, by: str, day: str) -> Path:
    """Note that a second person approves a document; the file that may now be taken in.

    Raises:
        ApprovalError: when it does not wait, changed since, or `by` is who took it in.
    """
    row = next((row for row in waiting(folder) if row.document == document_id), None)
    if row is None:
        raise ApprovalError(f"No document {document_id!r} waits for approval.")
    by = named(by)
    if _same(by, row.by):
        raise ApprovalError(f"{row.by} took in {document_id}; another person has to approve it.")
    path = folder / row.sha256[:20] / row.file
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != row.sha256:
        raise ApprovalError(f"The waiting file of {document_id} was changed. Ingest it again.")
    approval = Approval(**row.model_dump(), approved_by=by, approved_on=day)
    with (folder / APPROVALS).open("a", encoding="utf-8") as file:
        file.write(approval.model_dump_json() + "\n")
    return path


def settle(path: Path) -> None:
    """Forget a waiting file once it is in the index."""
    shutil.rmtree(path.parent, ignore_errors=True)


def named(by: str) -> str:
    """A person's name as it is noted.

    Raises:
        ApprovalError: when it is empty.
    """
    if not by.strip():
        raise ApprovalError("Say who you are: --by NAME.")
    return " ".join(by.split())


def _same(one: str, other: str) -> bool:
    return unicodedata.normalize("NFKC", one).casefold() == unicodedata.normalize("NFKC", other).casefold()
