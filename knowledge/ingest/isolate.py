"""Runs the reading of a file in a child process, so that no file can take Minxing down with it (SE-21)."""

from __future__ import annotations

import datetime as dt
import json
import multiprocessing
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.errors import ReadingError
from knowledge.ingest.child import work
from knowledge.ingest.report import Quarantined
from knowledge.parsing.blocks import Block
from knowledge.parsing.document import ParsedDocument
from knowledge.parsing.numbering import Rank
from knowledge.parsing.tree import Node

SIZE_MAX = 20 * 1024 * 1024
CPU_SECONDS = 30
MEMORY_BYTES = 1024 * 1024 * 1024
ANSWER_MAX = 200 * 1024 * 1024
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
            raise ReadingError("这是一个符号链接，没有跟过去。请直接给出文件。")
        if not stat.S_ISREG(status.st_mode):
            raise ReadingError("这不是普通文件。")
        if status.st_size > SIZE_MAX:
            raise ReadingError(f"文件有 {status.st_size / 1048576:.0f} MB，超过 {SIZE_MAX // 1048576} MB。")
        data = path.read_bytes()
    except OSError as error:
        raise ReadingError(f"文件读不了：{error.strerror}。") from None
    if not data.strip():
        raise ReadingError("文件是空的。")
    return data


def parse_isolated(
    data: bytes, *, cpu_seconds: int = CPU_SECONDS, memory_bytes: int = MEMORY_BYTES
) -> Parsed:
    """Read and cut a file in a child process under limits.

    Raises:
        ReadingError: when the file is refused or the child did not come back; says why.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["knowledge.ingest.child"])
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(sending, data, cpu_seconds, memory_bytes), daemon=True)
    process.start()
    sending.close()
    try:
        answer = _answer(receiving, cpu_seconds)
    finally:
        receiving.close()
        process.kill()
        process.join()
    if "refused" in answer:
        raise ReadingError(str(answer["refused"]))
    document = _document(answer["document"], answer["text"])
    quarantined = tuple(Quarantined(*item) for item in answer["quarantined"])
    return Parsed(document, quarantined, answer["format"])


def _answer(receiving: Any, cpu_seconds: int) -> dict[str, Any]:
    # A busy machine gives the child less than one processor: twice its time and a little to start.
    if not receiving.poll(2 * cpu_seconds + 10):
        raise ReadingError(f"{cpu_seconds} 秒内没有读完，没有收录。")
    try:
        answer: dict[str, Any] = json.loads(receiving.recv_bytes(ANSWER_MAX))
    except (EOFError, OSError):
        raise ReadingError("读这个文件用的时间或内存超过了上限，没有收录。") from None
    return answer


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
