"""Runs the reading of a file in a child process, so that no file can take Minxing down with it (SE-21)."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import select
import signal
import stat
import struct
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from knowledge.errors import ReadingError
from knowledge.ingest.child import read_frame, write_frame
from knowledge.ingest.report import Quarantined
from knowledge.parsing.blocks import Block
from knowledge.parsing.document import ParsedDocument
from knowledge.parsing.numbering import Rank
from knowledge.parsing.tree import Node

_PROJECT = Path(__file__).resolve().parents[2]
SIZE_MAX = 20 * 1024 * 1024
CPU_SECONDS = 30
MEMORY_BYTES = 1024 * 1024 * 1024
"""Limits of one file (SE-21)."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What the child gave back."""

    document: ParsedDocument
    quarantined: tuple[Quarantined, ...]
    format: str


def load(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        ReadingError: when it is no ordinary file, too large, empty or unreadable.
    """
    try:
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            raise ReadingError("This is a symbolic link, which is not followed. Name the file itself.")
        if not stat.S_ISREG(status.st_mode):
            raise ReadingError("This is no ordinary file.")
        if status.st_size > SIZE_MAX:
            raise ReadingError(
                f"The file has {status.st_size / 1048576:.0f} MB, more than {SIZE_MAX // 1048576} MB."
            )
        data = path.read_bytes()
    except OSError as error:
        raise ReadingError(f"The file cannot be read: {error.strerror}.") from None
    if not data.strip():
        raise ReadingError("The file is empty.")
    return data


class Isolation:
    """Reads files in child processes under limits. Their server is started when first needed."""

    def __init__(self, *, cpu_seconds: int = CPU_SECONDS, memory_bytes: int = MEMORY_BYTES) -> None:
        self._cpu_seconds = cpu_seconds
        self._limits = struct.pack("<QQ", cpu_seconds, memory_bytes)
        self._server: subprocess.Popen[bytes] | None = None

    def parse(self, data: bytes) -> Parsed:
        """Read and cut a file.

        Raises:
            ReadingError: when the file is refused or its process did not come back; says why.
        """
        try:
            answer = self._ask(data)
        except (OSError, ReadingError):
            self.close()
            raise
        if not answer:
            raise ReadingError(
                "Reading this file took more time or memory than is allowed; it was not taken in."
            )
        row: dict[str, Any] = json.loads(answer)
        if "refused" in row:
            raise ReadingError(str(row["refused"]))
        quarantined = tuple(Quarantined(*item) for item in row["quarantined"])
        return Parsed(_document(row["document"], row["text"]), quarantined, row["format"])

    def _ask(self, data: bytes) -> bytes:
        server = self._started()
        requests, answers = cast("IO[bytes]", server.stdin), cast("IO[bytes]", server.stdout)
        write_frame(cast("Any", requests), self._limits + data)
        # A busy machine gives the child less than one processor: twice its time and a little to start.
        ready, _, _ = select.select([answers], [], [], 2 * self._cpu_seconds + 10)
        if not ready:
            raise ReadingError(f"It was not read within {self._cpu_seconds} seconds; it was not taken in.")
        return read_frame(cast("Any", answers))

    def _started(self) -> subprocess.Popen[bytes]:
        if self._server is None or self._server.poll() is not None:
            self._server = subprocess.Popen(
                [sys.executable, "-m", "knowledge.ingest.child"],
                cwd=_PROJECT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,  # so that a kill reaches the children too
            )
        return self._server

    def close(self) -> None:
        """Stop the server and whatever it is reading."""
        server, self._server = self._server, None
        if server is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(server.pid, signal.SIGKILL)
        server.communicate()


@contextlib.contextmanager
def isolation(*, cpu_seconds: int = CPU_SECONDS, memory_bytes: int = MEMORY_BYTES) -> Iterator[Isolation]:
    """An `Isolation` for as long as the block runs."""
    running = Isolation(cpu_seconds=cpu_seconds, memory_bytes=memory_bytes)
    try:
        yield running
    finally:
        running.close()


def _document(row: dict[str, Any], text: str) -> ParsedDocument:
    return ParsedDocument(
        text=text,
        root=_node(row["root"]),
        title=row["title"],
        number=row["number"],
        issuer=row["issuer"],
        issued=_date(row["issued"]),
        in_force_from=_date(row["in_force_from"]),
        fields=row["fields"],
        warnings=row["warnings"],
        incomplete=row["incomplete"],
    )


def _node(row: Sequence[Any]) -> Node:
    rank, number, label, heading, article, blocks, children = row
    return Node(
        Rank(rank),
        number,
        label,
        heading,
        [Block(text, start, end, page=page) for text, start, end, page in blocks],
        [_node(child) for child in children],
        article,
    )


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
