"""PDF with a text layer, by pypdf: page numbers kept, lines joined to paragraphs, hidden text told apart."""

from __future__ import annotations

import importlib
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from knowledge.errors import ReadingError
from knowledge.parsing.blocks import Block
from knowledge.parsing.numbering import marker
from knowledge.parsing.readers import Hidden, ReadText, TextBuilder

PAGES_MAX = 200
"""SE-21."""
_BROKEN = (ValueError, LookupError, TypeError, AttributeError, OSError, ArithmeticError)
"""What pypdf raises on broken files besides its own errors."""
_TINY = 2.5
"""Points below which text is not made to be read."""
_SHOWING = (b"Tj", b"TJ", b"'", b'"')
_CHARS_PER_PAGE = 8
"""Fewer visible characters a page than this: a scan."""


def read_pdf(data: bytes) -> ReadText:
    """The visible text of a PDF.

    Raises:
        ReadingError: when it is a scan without text, locked, broken or too long, or pypdf is not installed.
    """
    try:
        pypdf = importlib.import_module("pypdf")
    except ImportError:
        raise ReadingError(
            "pypdf, which reads PDF, is not installed. Install it, or save the file as .docx or text."
        ) from None
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReadingError("The PDF has a password. Remove it first.")
        if len(reader.pages) > PAGES_MAX:
            raise ReadingError(f"The PDF has {len(reader.pages)} pages, more than {PAGES_MAX}. Split it.")
        pages = [_Page(page, number).read() for number, page in enumerate(reader.pages, 1)]
    except (pypdf.errors.PyPdfError, *_BROKEN) as error:
        raise ReadingError(f"The PDF is damaged ({type(error).__name__}). Save it again.") from None
    visible = sum(len(line.strip()) for page in pages for line in page.lines)
    if visible < _CHARS_PER_PAGE * len(pages):
        raise ReadingError("This PDF has no text (a scan). Run OCR on it, check the result and take that in.")
    out = TextBuilder()
    for block in _paragraphs(pages):
        out.add(block)
    hidden = [item for page in pages for item in page.hidden]
    return ReadText("pdf", out.text, out.blocks, hidden, pages=len(pages))


@dataclass(slots=True)
class _Page:
    """One page while it is read: pypdf calls back for every drawing operator and every piece of text."""

    page: Any
    number: int
    lines: list[str] = field(default_factory=list)
    hidden: list[Hidden] = field(default_factory=list)
    _pieces: list[str] = field(default_factory=list)
    _white: bool = False
    _invisible: bool = False
    _saved: list[tuple[bool, bool]] = field(default_factory=list)
    _shown: str = ""
    """Why the text shown last could not be seen; empty if it could."""

    def read(self) -> _Page:
        self.page.extract_text(visitor_operand_before=self._operator, visitor_text=self._text)
        self.lines = [line for line in "".join(self._pieces).splitlines() if line.strip()]
        return self

    def _operator(self, operator: bytes, operands: list[Any], cm: Any, tm: Any) -> None:
        if operator == b"q":
            self._saved.append((self._white, self._invisible))
        elif operator == b"Q" and self._saved:
            self._white, self._invisible = self._saved.pop()
        elif operator in (b"g", b"rg", b"k", b"sc", b"scn"):
            self._white = _is_white(operands)
        elif operator == b"Tr":
            self._invisible = bool(operands) and operands[0] in (3, 7)
        elif operator in _SHOWING:
            self._shown = (
                "white letters" if self._white else "letters that are not drawn" if self._invisible else ""
            )

    def _text(self, text: str, cm: Any, tm: Any, font: Any, size: float) -> None:
        if not text.strip():
            self._pieces.append(text)
            return
        why = self._shown or self._why_by_place(cm, tm, size)
        if why:
            self.hidden.append(Hidden(" ".join(text.split()), why, self.number))
            self._pieces.append("\n")
        else:
            self._pieces.append(text)

    def _why_by_place(self, cm: Any, tm: Any, size: float) -> str:
        scale = abs(float(tm[3]) * float(cm[3])) or abs(float(tm[1]) * float(cm[1])) or 1.0
        if float(size) * scale < _TINY:
            return "letters too small to see"
        x = float(tm[4]) * float(cm[0]) + float(cm[4])
        y = float(tm[5]) * float(cm[3]) + float(cm[5])
        box = self.page.mediabox
        across = float(box.left) - 1 <= x <= float(box.right) + 1
        return "" if across and float(box.bottom) - 1 <= y <= float(box.top) + 1 else "outside the page"


def _is_white(operands: list[Any]) -> bool:
    try:
        values = [float(value) for value in operands]
    except (TypeError, ValueError):
        return False
    if len(values) == 4:
        return not any(values)
    return bool(values) and all(value >= 0.98 for value in values)


def _paragraphs(pages: list[_Page]) -> Iterator[Block]:
    """Lines joined again where a paragraph ran on; running heads and page numbers left out."""
    repeated = _running_heads(pages)
    width = max((len(line.strip()) for page in pages for line in page.lines), default=0)
    current, start_page = "", 1
    previous = ""
    for page in pages:
        for raw in page.lines:
            line = raw.strip()
            if line in repeated or re.fullmatch(r"[-—–\s]*\d{1,3}[-—–\s]*", line):
                continue
            if current and _runs_on(previous, line, width):
                current += line
            else:
                if current:
                    yield Block(current, 0, 0, page=start_page)
                current, start_page = line, page.number
            previous = line
    if current:
        yield Block(current, 0, 0, page=start_page)


def _runs_on(previous: str, line: str, width: int) -> bool:
    """Whether `line` continues the paragraph: the one before was full and ended in mid-sentence."""
    full = len(previous) >= 0.8 * width
    return full and not previous.endswith(("。", "；", "：", ":", ";")) and marker(line) is None


def _running_heads(pages: list[_Page]) -> set[str]:
    edges = Counter(line.strip() for page in pages for line in {*page.lines[:1], *page.lines[-1:]})
    return {line for line, count in edges.items() if count >= 3 and count * 2 >= len(pages)}
