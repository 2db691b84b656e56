"""Web pages: visible text by block, tables with their headings, hidden text told apart. No script runs."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from knowledge.errors import ReadingError
from knowledge.parsing.blocks import Block, BlockKind, row_text
from knowledge.parsing.readers import Hidden, ReadText, TextBuilder
from knowledge.parsing.readers.plain import decode


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SKIPPED = _names(
    "script style noscript template head iframe object embed svg math select textarea nav footer "
)
_VOID = _names("area base br col embed hr img input link meta source track wbr ")
_BLOCKS = _names(
    "address article aside blockquote body center dd div dl dt fieldset figure form h1 h2 h3 h4 h5 h6 "
    "header hr html li main ol p pre section table tbody td tfoot th thead tr ul br title "
)
_HEADINGS = _names("h1 h2 h3 h4 h5 h6 ")
_IMPLIED = _names("p li td th tr dd dt option ")
_DEPTH = 400
"""Nesting beyond which a page is not made for readers."""
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([a-zA-Z0-9_-]{3,20})", re.I)
_HIDING = (
    (re.compile(r"display\s*:\s*none"), "not shown on the page"),
    (re.compile(r"visibility\s*:\s*(?:hidden|collapse)"), "not shown on the page"),
    (re.compile(r"opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)"), "transparent"),
    (
        re.compile(r"font-size\s*:\s*(?:0(?:\.0+)?(?![.\d])|[0-2](?:\.\d+)?\s*p[xt]|0?\.[0-2]\d*\s*r?em)"),
        "letters too small to see",
    ),
    (
        re.compile(r"(?:^|;|\s)color\s*:\s*(?:#fff(?:fff)?\b|white\b|rgba?\(\s*255\s*,\s*255\s*,\s*255)"),
        "white letters",
    ),
    (re.compile(r"(?:left|top|text-indent|margin-left)\s*:\s*-\d{3,}"), "outside the page"),
    (re.compile(r"clip(?:-path)?\s*:\s*(?:rect\(\s*0|inset\(\s*(?:50|100)%)"), "被裁掉"),
)


def read_html(data: bytes) -> ReadText:
    """The visible text of a page.

    Raises:
        ReadingError: when nothing can be read from it.
    """
    match = _CHARSET.search(data[:4096])
    reader = _Reader()
    reader.feed(decode(data, match[1].decode("ascii") if match else ""))
    reader.close()
    reader.flush()
    if not reader.out.blocks:
        raise ReadingError("The page has no text. Open it in a browser and save it from there.")
    return ReadText("html", reader.out.text, reader.out.blocks, reader.hidden, reader.title.strip())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out = TextBuilder()
        self.hidden: list[Hidden] = []
        self.title = ""
        self._open: list[tuple[str, str]] = []
        """(tag, why hidden or empty) of the elements around."""
        self._line: list[str] = []
        self._cells: list[str] | None = None
        self._headings: list[str] = []
        self._tables = 0
        self._rows = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.flush()
        if tag in _VOID:
            return
        top = self._open[-1][0] if self._open else ""
        if (top == "p" and tag in _BLOCKS) or (top == tag and tag in _IMPLIED):
            self._open.pop()  # HTML lets these be left open
        if len(self._open) >= _DEPTH:
            raise ReadingError("The page is nested too deeply to be meant for people; it was not taken in.")
        self._open.append((tag, _why_hidden(dict(attrs)) or self._why()))
        if tag == "table":
            self._tables, self._rows, self._headings = self._tables + 1, 0, []
        elif tag == "tr":
            self._cells = []

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.flush()
        if not any(name == tag for name, _ in self._open):
            return
        while self._open and self._open.pop()[0] != tag:
            pass
        if tag == "tr":
            self._row()

    def handle_data(self, data: str) -> None:
        tags = {name for name, _ in self._open}
        if "title" in tags:
            self.title += data
        elif not tags & _SKIPPED:
            if why := self._why():
                if data.strip():
                    self.hidden.append(Hidden(" ".join(data.split()), why))
            else:
                self._line.append(data)

    def _why(self) -> str:
        return self._open[-1][1] if self._open else ""

    def flush(self) -> None:
        """End the line that was being read."""
        text = re.sub(r"[ \t\r\n\u00a0]+", " ", "".join(self._line)).strip(" \u3000")
        self._line = []
        if not text:
            return
        if self._cells is not None and any(name in ("td", "th") for name, _ in self._open):
            self._cells.append(text)
            return
        heading = any(name in _HEADINGS for name, _ in self._open)
        self.out.add(Block(text, 0, 0, BlockKind.HEADING if heading else BlockKind.LINE))

    def _row(self) -> None:
        cells, self._cells = self._cells or [], None
        if len(cells) < 2:
            for cell in cells:  # layout tables hold ordinary text
                self.out.add(Block(cell, 0, 0))
        elif not self._headings:
            self._headings = cells
        else:
            self._rows += 1
            text = row_text(self._headings, cells)
            self.out.add(Block(text, 0, 0, BlockKind.ROW, None, self._tables, self._rows))


def _why_hidden(attrs: dict[str, str | None]) -> str:
    if "hidden" in attrs:
        return "not shown on the page"
    style = (attrs.get("style") or "").lower()
    return next((why for pattern, why in _HIDING if pattern.search(style)), "")
