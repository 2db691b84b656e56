"""One reader per file format. The type is told by the content, never by the name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from knowledge.errors import ReadingError
from knowledge.parsing.blocks import Block


@dataclass(frozen=True, slots=True)
class Hidden:
    """Text that a reader of the page would not have seen."""

    text: str
    why: str
    page: int | None = None


@dataclass(slots=True)
class ReadText:
    """What a reader found in a file."""

    format: str
    text: str
    """All visible text; offsets of blocks and clauses count its characters."""
    blocks: list[Block] | None = None
    """Lines and table rows where the format tells them; None: they are read from `text`."""
    hidden: list[Hidden] = field(default_factory=list)
    title: str = ""
    pages: int | None = None


class TextBuilder:
    """Joins lines to one text and keeps their places, for formats whose text is not a plain file."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.blocks: list[Block] = []
        self._length = 0

    def add(self, block: Block) -> None:
        """Append a line; its offsets are set here."""
        start = self._length
        self.parts.append(block.text + "\n")
        self._length += len(block.text) + 1
        self.blocks.append(
            Block(block.text, start, start + len(block.text), block.kind, block.page, block.table, block.row)
        )

    @property
    def text(self) -> str:
        """Everything so far."""
        return "".join(self.parts)


def read(data: bytes) -> ReadText:
    """The text of a file.

    Raises:
        ReadingError: when the format is not one we read, or the file is broken; says what to do.
    """
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data.startswith(b"%PDF-"):
        from knowledge.parsing.readers.pdf import read_pdf

        return read_pdf(data)
    if data.startswith(b"PK\x03\x04"):
        from knowledge.parsing.readers.docx import read_docx

        return read_docx(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise ReadingError("This is an old Word or Excel file; save it as .docx first.")
    if data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")):
        raise ReadingError("This is a picture without text. Run OCR on it and take in the text.")
    lowered = head.lower()
    if lowered.startswith((b"<!doctype html", b"<html")) or b"<body" in lowered or b"<head" in lowered:
        from knowledge.parsing.readers.html import read_html

        return read_html(data)
    from knowledge.parsing.readers.plain import read_plain

    return read_plain(data)


Reader = Callable[[bytes], ReadText]
