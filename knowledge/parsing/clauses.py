"""From a parsed document to its clauses: what can be cited, and which of it is searched."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from knowledge.parsing.document import ParsedDocument
from knowledge.parsing.numbering import Rank
from knowledge.parsing.tree import Node
from knowledge.references import clause_id
from knowledge.types import Citation, Clause, Source

WHOLE_CHARS = 350
"""A numbered part of a notice up to this length is searched whole; a longer one by its numbered parts."""
_LEAD_CHARS = 15
"""Words of its own, beside the heading, that make the lead of a divided part worth searching."""
_YEAR = re.compile(r"〔((?:19|20)\d\d)〕")
_BLANKS = re.compile(r"[ \t\u3000\u00a0\u2002\u2003]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """A clause with what the index needs to know of it."""

    clause: Clause
    search_text: str
    """What is searched: title, headings, words. Empty: can be cited, is not searched on its own."""
    aliases: tuple[str, ...] = ()
    """Other labels that mean this clause: 第四条第一款 where the article has only one 款."""
    since: dt.date | None = None
    """First day on which it can have been known: of coming into force, of issue, or the year of the 文号."""


def clauses(document: ParsedDocument, source: Source) -> list[Entry]:
    """Every citable part of the document, in order of the text."""
    return [entry for node in document.root.children for entry in _Cutter(source).cut(node, ())]


class _Cutter:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._name = source.short or source.title

    def cut(self, node: Node, path: tuple[str, ...], *, searched: bool = True) -> Iterator[Entry]:
        if not node.all_blocks():
            return
        if node.rank < Rank.CLAUSE:
            yield self._entry(node, path, "")
            for child in node.children:
                yield from self.cut(child, (*path, _headline(node)))
        elif node.article:
            yield from self._article(node, path)
        elif not searched or not node.children or len(node.text) <= WHOLE_CHARS:
            yield self._entry(node, path, node.text if searched else "")
            yield from self._below(node, path, searched=False)
        else:
            lead = node.own_text if len(node.own_text) > len(node.heading) + _LEAD_CHARS else ""
            yield self._entry(node, path, lead)
            yield from self._below(node, path, searched=True)

    def _below(self, node: Node, path: tuple[str, ...], *, searched: bool) -> Iterator[Entry]:
        above = (*path, _headline(node)) if node.heading else path
        for child in node.children:
            yield from self.cut(child, above, searched=searched)

    def _article(self, node: Node, path: tuple[str, ...]) -> Iterator[Entry]:
        """The article whole; its 款, 项 and 目 can be cited but are found through it."""
        paragraphs = [child for child in node.children if child.rank is Rank.PARAGRAPH]
        first = f"{node.label}第一款"
        only = len(paragraphs) == 1
        yield self._entry(node, path, node.text, (first,) if only else ())
        listing = [p for p in paragraphs if p.children]
        for part in node.walk():
            if part is node or (only and part is paragraphs[0]):
                continue
            short = part.label.replace(first, node.label, 1)
            if only and part.label.startswith(first):
                yield self._entry(part, path, "", (part.label,), label=short)
            elif len(listing) == 1 and part.label.startswith(f"{listing[0].label}第("):
                yield self._entry(part, path, "", (node.label + part.label.removeprefix(listing[0].label),))
            else:
                yield self._entry(part, path, "")

    def _entry(
        self,
        node: Node,
        path: tuple[str, ...],
        searched: str,
        aliases: tuple[str, ...] = (),
        *,
        label: str | None = None,
    ) -> Entry:
        source, name = self._source, node.label if label is None else label
        blocks = node.all_blocks()
        clause = Clause(
            id=clause_id(source.id, name),
            text=_BLANKS.sub(" ", node.text).strip(),
            heading_path=tuple(path),
            citation=Citation(
                clause_id=clause_id(source.id, name),
                document=source.title,
                document_id=source.id,
                number=source.number,
                clause=name,
                standing=source.standing,
                confidence=source.confidence,
            ),
            region=source.region,
            in_force_from=source.in_force_from,
            in_force_to=source.in_force_to,
            start=blocks[0].start,
            end=blocks[-1].end,
            page=blocks[0].page,
        )
        words = _BLANKS.sub(" ", searched).strip()
        headings = " ".join((self._name, *path))
        return Entry(clause, f"{headings}\n{words}" if words else "", aliases, known_since(source))


def known_since(source: Source) -> dt.date | None:
    """The first day on which a document can have counted; None where nothing tells."""
    if day := source.in_force_from or source.issued:
        return day
    year = _YEAR.search(source.number or "")
    return dt.date(int(year[1]), 1, 1) if year else None


def _headline(node: Node) -> str:
    """`第二章 救助对象和措施`, `三、构建…格局`, `(二)完善专项社会救助`."""
    if node.rank <= Rank.SECTION and node.label.endswith(("编", "章", "节")):
        return f"{node.label[node.label.rfind('第') :]} {node.heading}".strip()
    if node.rank is Rank.ITEM:
        return f"{node.label[node.label.rfind('(') :]}{node.heading}"
    return f"{node.label}、{node.heading}" if node.heading else node.label


def with_links(entry: Entry, links: tuple[str, ...]) -> Entry:
    """The entry with the ids of the clauses that its words point to."""
    return replace(entry, clause=replace(entry.clause, links=links))
