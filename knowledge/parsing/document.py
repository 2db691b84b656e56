"""From the text of one official document to its tree, its own details, and what was left aside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from knowledge.numerals import from_chinese
from knowledge.parsing import furniture as f
from knowledge.parsing.blocks import Block, BlockKind, lines
from knowledge.parsing.header import read_header
from knowledge.parsing.numbering import Marker, Rank, marker
from knowledge.parsing.tree import Node, TreeBuilder

_SHORT = 45
"""Characters of a line that may be a title, a signer or an item of a list of annexes."""


@dataclass(slots=True)
class ParsedDocument:
    """One document as a tree, with what the text says of itself."""

    text: str
    root: Node = field(default_factory=lambda: Node(Rank.ANNEX, 0, ""))
    title: str = ""
    number: str | None = None
    issuer: str = ""
    issued: dt.date | None = None
    in_force_from: dt.date | None = None
    fields: dict[str, str] = field(default_factory=dict)
    """The header of the stored copy, if it has one."""
    aside: list[Block] = field(default_factory=list)
    """Lines that are no clause: page furniture, title, adoption, addressee, list of annexes, signature."""
    warnings: list[str] = field(default_factory=list)
    incomplete: bool = False
    """Whether the copy says of itself that a part is missing."""


def parse(text: str, blocks: Sequence[Block] | None = None, *, title: str = "") -> ParsedDocument:
    """Parse the text of a law or notice.

    Args:
        text: the whole text, header of the stored copy included.
        blocks: its lines and table rows where a reader knows them; otherwise they are read from `text`.
        title: the registered title, if known: helps to tell title lines from text.
    """
    header = read_header(text)
    found = list(lines(text, header.body_start)) if blocks is None else list(blocks)
    document = ParsedDocument(text, title=title or header.fields.get("title", ""), fields=dict(header.fields))
    builder = TreeBuilder(articles=any(_is_article(block) for block in found))
    document.root = builder.root
    kept = [block for block in found if not _set_aside(block, document)]
    first = next((i for i, block in enumerate(kept) if _structural(block)), len(kept))
    if first == len(kept):
        _without_numbers(kept, builder, document)
    else:
        signed = _signature(kept, first, document)
        for block in _front(kept[:first], document):
            _hang(block, builder, document)
        _body(kept[first : signed.start], builder, document)
        _tail(kept[signed.stop :], builder, document)
    document.in_force_from = f.in_force_date(text[header.body_start :])
    if f.NOT_HAD.search(text[header.body_start :]):
        document.incomplete = True
    if header.fields.get("whole or partial", "").startswith("PARTIAL"):
        document.incomplete = True
    if document.incomplete:
        document.warnings.append("This text is not complete.")
    return document


def _set_aside(block: Block, document: ParsedDocument) -> bool:
    if block.kind is not BlockKind.ROW and (f.FURNITURE.match(block.text) or f.PUBLIC.match(block.text)):
        document.aside.append(block)
        return True
    return False


def _hang(block: Block, builder: TreeBuilder, document: ParsedDocument) -> None:
    if not builder.add(block):
        document.aside.append(block)


def _is_article(block: Block) -> bool:
    found = marker(block.text)
    return found is not None and found.article


def _structural(block: Block) -> Marker | None:
    """The marker, when the line opens a chapter, an article or a section."""
    found = marker(block.text) if block.kind is not BlockKind.ROW else None
    return found if found and found.rank <= Rank.CLAUSE else None


def _without_numbers(blocks: list[Block], builder: TreeBuilder, document: ParsedDocument) -> None:
    """A text without a single numbered part: every longer paragraph is a clause of its own."""
    document.warnings.append("No numbered clauses were found; each paragraph is one.")
    for number, block in enumerate(_front(blocks, document), 1):
        builder.root.children.append(Node(Rank.CLAUSE, number, f"段{number}", blocks=[block]))


# --- what stands before the first numbered part


def _front(blocks: list[Block], document: ParsedDocument) -> list[Block]:
    """The opening paragraphs; title, number, adoption and addressee are noted and set aside."""
    opening: list[Block] = []
    title_lines: list[str] = []
    for block in blocks:
        if f.CONTENTS.match(block.text) or block.kind is BlockKind.ROW:
            opening.append(block)
        elif number := f.document_number(block.text):
            document.number = document.number or number
            document.aside.append(block)
        elif f.ADOPTION.match(block.text) or f.ADDRESSEE.match(block.text) or f.date_of(block.text):
            document.aside.append(block)
        elif f.is_title(block.text, document.title) or _short(block):
            title_lines.append(block.text)
            document.aside.append(block)
        else:
            opening.append(block)
    document.title = document.title or f.squeezed("".join(title_lines[:3]))
    return opening


def _short(block: Block) -> bool:
    return len(block.text) <= _SHORT and not any(char in block.text for char in "。；：，")


# --- the body


def _body(blocks: list[Block], builder: TreeBuilder, document: ParsedDocument) -> None:
    last = max((i for i, block in enumerate(blocks) if marker(block.text)), default=-1)
    closing: list[Block] = []
    listing = False
    for index, block in enumerate(blocks):
        annex = f.ANNEX.match(block.text) if block.text.startswith("附件") else None
        if annex and not annex[2]:
            builder.open_annex(block, _annex_number(annex[1]))
        elif annex or (listing and _listed(block)):
            listing = True
            document.aside.append(block)
        elif closing or (index > last and builder.closes(block)):
            closing.append(block)
        else:
            _hang(block, builder, document)
    builder.close_with(closing)


def _listed(block: Block) -> bool:
    """A further entry of the list of annexes that stands before the signature."""
    found = marker(block.text)
    return found is not None and found.rank is Rank.POINT and len(block.text) <= _SHORT


def _annex_number(text: str | None) -> int:
    return from_chinese(text) if text else 0


# --- signature and what follows it


def _signature(blocks: list[Block], first: int, document: ParsedDocument) -> slice:
    """Where the signature stands: signers and the date below the body; empty at the end if unsigned."""
    for index in range(first + 1, len(blocks)):
        date = f.date_of(blocks[index].text)
        start = index
        while start > first + 1 and _signs(blocks[start - 1]):
            start -= 1
        if date and (start < index or not any(map(_structural, blocks[index:]))):
            document.issued = date
            document.issuer = "、".join(f.squeezed(block.text) for block in blocks[start:index])
            document.aside.extend(blocks[start : index + 1])
            return slice(start, index + 1)
    return slice(len(blocks), len(blocks))


def _signs(block: Block) -> bool:
    return (
        len(block.text) <= _SHORT and f.SIGNER.search(block.text) is not None and marker(block.text) is None
    )


def _tail(blocks: list[Block], builder: TreeBuilder, document: ParsedDocument) -> None:
    """What follows the signature: annexes, or a text that the notice passes on; the rest is furniture."""
    inside = False
    for block in blocks:
        annex = f.ANNEX.match(block.text) if len(block.text) <= _SHORT else None
        if annex and (annex[1] or block.text.startswith(("附件", "附："))):
            builder.open_annex(block, _annex_number(annex[1]))
            inside = True
        elif not inside and (_structural(block) or block.kind is BlockKind.ROW):
            builder.open_annex(Block("", block.start, block.start), 0)
            builder.add(block)
            inside = True
        elif inside:
            _hang(block, builder, document)
        else:
            document.aside.append(block)
