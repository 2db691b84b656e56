"""Lines of a document with their place in it: what every reader gives and the tree is built from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum


class BlockKind(StrEnum):
    """What a block is, as far as its format tells."""

    LINE = "line"
    HEADING = "heading"
    ROW = "row"
    """One row of a table, each cell after its heading: `对象：孤儿；标准：…`."""


@dataclass(frozen=True, slots=True)
class Block:
    """One line or table row, in character offsets of the document's text, end exclusive."""

    text: str
    start: int
    end: int
    kind: BlockKind = BlockKind.LINE
    page: int | None = None
    table: int = 0
    """Number of the table in the document, from 1, for rows."""
    row: int = 0
    """Number of the row below the headings, from 1."""


_MARKDOWN = re.compile(r"^(?:#{1,6}\s+|>\s*|[-*+]\s+(?=第|\S))")
_EMPHASIS = re.compile(r"\*\*|__|`")
_BLANK = " \t\r\n\u3000\u00a0\u200b\ufeff\u2003\u2002"
_RULE = re.compile(r"^\s*\|?[\s:|-]*-{3,}[\s:|-]*\|?\s*$")


def lines(text: str, start: int = 0) -> Iterator[Block]:
    """The non-empty lines of `text` from `start`, without Markdown marks and outer blanks.

    Pipe tables become rows that carry their headings. Offsets point at the cleaned line in `text`.
    """
    table: _PipeTable | None = None
    tables = 0
    for block in _plain_lines(text, start):
        if block.text.count("|") < 2 or not block.text.startswith("|"):
            table = None
            yield block
        elif table is None:
            tables += 1
            table = _PipeTable(tables, _cells(block.text))
        elif not _RULE.match(block.text):
            yield table.row(block)


def _plain_lines(text: str, start: int) -> Iterator[Block]:
    position = start
    for raw in text[start:].splitlines(keepends=True):
        begin, position = position, position + len(raw)
        kind = BlockKind.LINE
        body = raw.rstrip(_BLANK)
        offset = len(body) - len(body.lstrip(_BLANK))
        while match := _MARKDOWN.match(body[offset:]):
            kind = BlockKind.HEADING if match[0].startswith("#") else kind
            offset += match.end()
            offset += len(body[offset:]) - len(body[offset:].lstrip(_BLANK))
        if body[offset:]:
            yield Block(_EMPHASIS.sub("", body[offset:]), begin + offset, begin + len(body), kind)


def _cells(line: str) -> list[str]:
    return [cell.strip(_BLANK) for cell in line.strip("| ").split("|")]


def row_text(headings: list[str], cells: list[str]) -> str:
    """One table row in words, each cell after its heading; empty cells are left out."""
    pairs = zip(headings + [""] * len(cells), cells, strict=False)
    return "；".join(f"{heading}：{cell}" if heading else cell for heading, cell in pairs if cell)


@dataclass(slots=True)
class _PipeTable:
    number: int
    headings: list[str]
    rows: int = 0

    def row(self, block: Block) -> Block:
        self.rows += 1
        text = row_text(self.headings, _cells(block.text))
        return replace(block, text=text, kind=BlockKind.ROW, table=self.number, row=self.rows)
