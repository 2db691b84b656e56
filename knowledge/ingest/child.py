"""What runs in the child process: read a file, keep out what must be, cut it into clauses.

`python -m knowledge.ingest.child` is a small server on its standard streams: for each file it forks a process
that works under limits and is gone afterwards. It imports the standard library and our parser only, so that
starting is quick and the memory limit is left to the file.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import struct
import sys
from typing import Any, BinaryIO

from knowledge.errors import KnowledgeError
from knowledge.ingest.quarantine import screen
from knowledge.parsing.blocks import Block, lines
from knowledge.parsing.document import ParsedDocument, parse
from knowledge.parsing.header import read_header
from knowledge.parsing.readers import read
from knowledge.parsing.tree import Node

ANSWER_MAX = 200 * 1024 * 1024
"""Bytes that a file may give (SE-21)."""
TEXT_MAX = 20 * 1024 * 1024
"""Characters of one document; a law has fifty thousand."""
_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.system",
    "os.spawn",
    "ctypes.",
)


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer each file with JSON: the parsed document, or why it was refused. Empty: the process died."""
    while data := read_frame(requests):
        cpu_seconds, memory_bytes = struct.unpack("<QQ", data[:16])
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            with os.fdopen(writing, "wb") as out:
                out.write(work(data[16:], cpu_seconds, memory_bytes))
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as found:
            answer = found.read(ANSWER_MAX)
        _, status = os.waitpid(child, 0)
        write_frame(answers, answer if status == 0 else b"")


def read_frame(stream: BinaryIO) -> bytes:
    """One message; empty at the end of the stream."""
    head = stream.read(8)
    return stream.read(struct.unpack("<Q", head)[0]) if len(head) == 8 else b""


def write_frame(stream: BinaryIO, data: bytes) -> None:
    """Send one message."""
    stream.write(struct.pack("<Q", len(data)) + data)
    stream.flush()


def work(data: bytes, cpu_seconds: int, memory_bytes: int) -> bytes:
    """Parse `data` under limits: the result, or why there is none, as JSON."""
    _limit(cpu_seconds, memory_bytes)
    try:
        answer = _parsed(data)
    except KnowledgeError as error:
        answer = {"refused": str(error)}
    except MemoryError:
        answer = {"refused": "Unpacked, the file is too large for the memory allowed; it was not taken in."}
    except RecursionError:
        answer = {"refused": "The file is nested too deeply; it was not taken in."}
    except Exception as error:  # whatever a broken file makes a reader do, the queue goes on
        answer = {"refused": f"The file cannot be read ({type(error).__name__}); it was not taken in."}
    return json.dumps(answer, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _limit(cpu_seconds: int, memory_bytes: int) -> None:
    """Processor time, memory, no files written, no network, no further processes (SE-21)."""
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def watch(event: str, _: Any) -> None:
        if event.startswith(_FORBIDDEN):
            raise PermissionError(event)

    sys.addaudithook(watch)


def _parsed(data: bytes) -> dict[str, Any]:
    found = read(data)
    text = found.text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > TEXT_MAX:
        return {"refused": "The text is too long for one document; it was not taken in."}
    header = read_header(text)
    blocks = found.blocks if found.blocks is not None else list(lines(text, header.body_start))
    kept, out = screen(blocks, found.hidden)
    if not kept:
        return {"refused": "The file holds no text that may be taken in."}
    document = parse(text, kept, title=header.fields.get("title", "") or _page_title(found.title))
    return {
        "format": found.format,
        "pages": found.pages,
        "text": text,
        "document": dump_document(document),
        "quarantined": [[item.text, item.reason, item.page] for item in out],
    }


def _page_title(title: str) -> str:
    """The title of a web page without the name of the site behind it."""
    return title.replace("—", "_").replace("|", "_").replace("-", "_").split("_")[0].strip()


def dump_document(document: ParsedDocument) -> dict[str, Any]:
    """The tree and what the text says of itself, as JSON values."""
    return {
        "title": document.title,
        "number": document.number,
        "issuer": document.issuer,
        "issued": document.issued.isoformat() if document.issued else None,
        "in_force_from": document.in_force_from.isoformat() if document.in_force_from else None,
        "fields": document.fields,
        "warnings": document.warnings,
        "incomplete": document.incomplete,
        "root": _dump_node(document.root),
    }


def _dump_node(node: Node) -> list[Any]:
    return [
        int(node.rank),
        node.number,
        node.label,
        node.heading,
        node.article,
        [_dump_block(block) for block in node.blocks],
        [_dump_node(child) for child in node.children],
    ]


def _dump_block(block: Block) -> list[Any]:
    return [block.text, block.start, block.end, block.page]


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        serve(sys.stdin.buffer, sys.stdout.buffer)
