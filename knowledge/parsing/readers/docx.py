"""Word files (.docx): paragraphs numbered by Word or by hand, tables with headings, hidden text told apart.

Read with the standard library alone: the file is a zip of XML, and a document type declaration, which is what
entity bombs and outside references need, is refused before it is parsed.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from knowledge.errors import ReadingError
from knowledge.parsing.blocks import Block, BlockKind, row_text
from knowledge.parsing.readers import Hidden, ReadText, TextBuilder
from knowledge.parsing.readers.docx_numbering import Numbering

PARTS_MAX = 200 * 1024 * 1024
"""Bytes of all parts together, unpacked (SE-21)."""
RATIO_MAX = 100
"""How many times larger a part may be than its packed form (SE-21); small parts are let off."""
_SMALL = 1024 * 1024
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DOCUMENT = "word/document.xml"
_NUMBERING = "word/numbering.xml"
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.I)


def read_docx(data: bytes) -> ReadText:
    """The visible text of a Word file.

    Raises:
        ReadingError: when it is another kind of zip, broken, or a bomb.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check(archive)
            part = archive.read(_DOCUMENT)
            lists = archive.read(_NUMBERING) if _NUMBERING in archive.namelist() else b""
    except KeyError:
        raise ReadingError(
            "This is an archive or another office file, not Word. Unpack it, or save it as .docx."
        ) from None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise ReadingError(
            f"The Word file is damaged or has a password ({type(error).__name__}). Save it again."
        ) from None
    if _DOCTYPE.search(part) or _DOCTYPE.search(lists):
        raise ReadingError(
            "The Word file has a document type declaration, as no ordinary one has; it was not taken in."
        )
    try:
        body = ElementTree.fromstring(part).find(f"{_W}body")
        numbering = Numbering(ElementTree.fromstring(lists) if lists else None)
    except ElementTree.ParseError:
        raise ReadingError("The Word file is damaged inside. Save it again.") from None
    if body is None:
        raise ReadingError("The Word file has no body.")
    return _Reader(numbering).read(body)


def _check(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    bomb = any(p.file_size > _SMALL and p.file_size > RATIO_MAX * max(1, p.compress_size) for p in parts)
    if total > PARTS_MAX or bomb or len(parts) > 5_000:
        raise ReadingError("Unpacked, the file would be abnormally large; it was not taken in.")
    archive.getinfo(_DOCUMENT)


class _Reader:
    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._out = TextBuilder()
        self._hidden: list[Hidden] = []
        self._tables = 0

    def read(self, body: ElementTree.Element) -> ReadText:
        for element in body:
            if element.tag == f"{_W}p":
                self._paragraph(element)
            elif element.tag == f"{_W}tbl":
                self._table(element)
        if not self._out.blocks:
            raise ReadingError("The Word file has no text. If it holds scans, run OCR first.")
        return ReadText("docx", self._out.text, self._out.blocks, self._hidden)

    def _paragraph(self, paragraph: ElementTree.Element) -> None:
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        heading = style is not None and str(style.get(f"{_W}val", "")).lower().startswith(
            ("heading", "title")
        )
        number = self._numbering.of(paragraph)
        for line in self._text(paragraph).split("\n"):
            if line.strip():
                line, number = number + line.strip(), ""
                self._out.add(Block(line, 0, 0, BlockKind.HEADING if heading else BlockKind.LINE))

    def _text(self, element: ElementTree.Element) -> str:
        return "".join(self._runs(element))

    def _runs(self, element: ElementTree.Element) -> Iterator[str]:
        for run in element.iter(f"{_W}r"):
            text = "".join(_pieces(run))
            why = _why_hidden(run.find(f"{_W}rPr"))
            if why and text.strip():
                self._hidden.append(Hidden(text.strip(), why))
            else:
                yield text

    def _table(self, table: ElementTree.Element) -> None:
        self._tables += 1
        headings: list[str] = []
        number = 0
        for row in table.iter(f"{_W}tr"):
            cells = [" ".join(self._text(cell).split()) for cell in row.findall(f"{_W}tc")]
            if not any(cells):
                continue
            if len(cells) < 2:
                self._out.add(Block(cells[0], 0, 0))
            elif not headings:
                headings = cells
            else:
                number += 1
                text = row_text(headings, cells)
                self._out.add(Block(text, 0, 0, BlockKind.ROW, None, self._tables, number))


def _pieces(run: ElementTree.Element) -> Iterator[str]:
    for piece in run:
        if piece.tag == f"{_W}t":
            yield piece.text or ""
        elif piece.tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        elif piece.tag == f"{_W}tab":
            yield " "


def _why_hidden(properties: ElementTree.Element | None) -> str:
    if properties is None:
        return ""
    vanish = properties.find(f"{_W}vanish")
    if vanish is not None and vanish.get(f"{_W}val", "true") not in ("0", "false"):
        return "hidden letters"
    size = properties.find(f"{_W}sz")
    if size is not None and str(size.get(f"{_W}val", "")).isdigit() and int(str(size.get(f"{_W}val"))) <= 6:
        return "letters too small to see"
    color = properties.find(f"{_W}color")
    if color is not None and str(color.get(f"{_W}val", "")).upper() in ("FFFFFF", "FEFEFE"):
        return "white letters"
    return ""
