"""The tree of numbered nodes that a text's lines make."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from knowledge.numerals import to_chinese
from knowledge.parsing.blocks import Block, BlockKind
from knowledge.parsing.furniture import ANNEX, CLOSING, CONTENTS, GAP, TORN
from knowledge.parsing.numbering import Marker, Rank, marker

_ENDS_SENTENCE = re.compile(r"[。；;：:]")
_RUN_IN = re.compile(r"^([^。；：，:]{2,32})。(?=.)|^([^。；：，:]{2,16})。$")
_HEADING_CHARS = 45


@dataclass(slots=True)
class Node:
    """A numbered part of the text, or one of its unnumbered paragraphs."""

    rank: Rank
    number: int
    label: str
    heading: str = ""
    blocks: list[Block] = field(default_factory=list)
    """Its own lines, without those of its children. An article's first 款 holds the line of the number."""
    children: list[Node] = field(default_factory=list)
    article: bool = False
    torn: bool = False

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in order of the text."""
        yield self
        for child in self.children:
            yield from child.walk()

    def all_blocks(self) -> list[Block]:
        """Every line of this node and below, in order of the text."""
        return sorted((block for node in self.walk() for block in node.blocks), key=lambda b: b.start)

    @property
    def text(self) -> str:
        """The node in full, one line per paragraph."""
        return "\n".join(block.text for block in self.all_blocks())

    @property
    def own_text(self) -> str:
        """Only its own lines."""
        return "\n".join(block.text for block in self.blocks)


def _heading(rest: str) -> str:
    """The heading of a section or item: the line if it is no sentence, or its words up to the first stop."""
    if _is_heading(rest):
        return rest
    match = _RUN_IN.match(rest)
    return (match[1] or match[2]) if match else ""


def _joined(heading: str) -> str:
    """`总　　则` → `总则`."""
    return re.sub(r"(?<=[\u4e00-\u9fff])[\s\u3000]+(?=[\u4e00-\u9fff])", "", heading)


def _is_heading(rest: str) -> bool:
    return len(rest) <= _HEADING_CHARS and not _ENDS_SENTENCE.search(rest)


class TreeBuilder:
    """Takes the lines of a text one after another and hangs each where it belongs."""

    def __init__(self, *, articles: bool = False) -> None:
        """`articles`: whether the text counts articles; then a line 一、 above them is only a heading."""
        self._articles = articles
        self.root = Node(Rank.ANNEX, 0, "")
        self._stack = [self.root]
        self._prefix = ""
        self._contents: set[tuple[Rank, int, str]] | None = None
        self._torn = 0

    @property
    def started(self) -> bool:
        """Whether a numbered part was met."""
        return any(child.label not in {"", "引言"} for child in self.root.children)

    def add(self, block: Block) -> bool:
        """Hang one line or table row; False when it is none of the text: contents, or a mark of a gap."""
        if block.kind is BlockKind.ROW:
            self._add_row(block)
            return True
        found = marker(block.text)
        if self._in_contents(block, found):
            return False
        if GAP.match(block.text) or TORN.match(block.text):
            self._tear()
            if GAP.match(block.text):
                return False
        if found and self._articles and found.rank is Rank.CLAUSE and not found.article:
            found = replace(found, rank=Rank.SECTION if _is_heading(found.rest) else Rank.ITEM)
        if found and self._fits(found):
            self._open(found, block)
        else:
            self._paragraph(block)
        return True

    def open_annex(self, block: Block, number: int) -> None:
        """Start an annex: numbers begin again below it."""
        self._prefix = f"附件{number or ''}"
        match = ANNEX.match(block.text)
        node = Node(Rank.ANNEX, number, self._prefix, match[2] if match else "", [block])
        self.root.children.append(node)
        self._stack = [self.root, node]

    # --- contents, gaps

    def _in_contents(self, block: Block, found: Marker | None) -> bool:
        """Whether the line belongs to a table of contents, which repeats the headings to come."""
        if CONTENTS.match(block.text):
            self._contents = set()
            return True
        if self._contents is None:
            return False
        if found and found.rank <= Rank.SECTION:
            key = (found.rank, found.number, re.sub(r"\s+", "", found.rest))
            if found.rank is Rank.CHAPTER and key in self._contents:
                self._contents = None
                return False
            self._contents.add(key)
            return True
        if (found and found.article) or len(block.text) > _HEADING_CHARS:
            self._contents = None
            return False
        return True

    def _tear(self) -> None:
        """Close the article that a gap interrupted; what follows belongs to one that we cannot name."""
        if self._stack[-1].torn and not self._stack[-1].blocks:
            return
        while len(self._stack) > 1 and self._stack[-1].rank >= Rank.CLAUSE:
            self._stack.pop()
        self._torn += 1
        node = Node(Rank.CLAUSE, 0, f"{self._prefix}段{self._torn}", torn=True)
        self._stack[-1].children.append(node)
        self._stack.append(node)

    # --- numbered parts

    def _fits(self, found: Marker) -> bool:
        """Whether the number continues its sequence; `2020.5` or a quoted 第十八条 does not."""
        if found.rank <= Rank.SECTION:
            return True
        if found.rank is Rank.CLAUSE:
            last = self._last(Rank.CLAUSE, found.article)
            if found.article:
                return found.number > last or (found.number == last and found.sub > 0)
            return found.number == last + 1 or last == 0 or found.number - last in (2, 3)
        siblings = [c for c in self._parent(found.rank).children if c.rank == found.rank]
        last = siblings[-1].number if siblings else 0
        return found.number == last + 1 or (last > 0 and found.number == last + 2) or self._runs_on(found)

    def _runs_on(self, found: Marker) -> bool:
        """Items and points that count on across their parents: 三(一)…(五), 四(六)."""
        if found.rank not in (Rank.ITEM, Rank.POINT):
            return False
        numbers = [node.number for node in self._region().walk() if node.rank is found.rank]
        return bool(numbers) and found.number == numbers[-1] + 1

    def _region(self) -> Node:
        return next((n for n in self._stack if n.label.startswith("附件")), self.root)

    def _last(self, rank: Rank, article: bool) -> int:
        numbers = [n.number for n in self._region().walk() if n.rank is rank and n.article == article]
        return numbers[-1] if numbers else 0

    def _parent(self, rank: Rank) -> Node:
        """The node that a part of this rank would hang below."""
        return next(node for node in reversed(self._stack) if node.rank < rank or node is self.root)

    def _open(self, found: Marker, block: Block) -> None:
        while len(self._stack) > 1 and self._stack[-1].rank >= found.rank:
            self._stack.pop()
        parent = self._stack[-1]
        rest = found.rest.strip()
        heading = _joined(rest) if found.rank <= Rank.SECTION else "" if found.article else _heading(rest)
        label = self._label(found, parent)
        node = Node(found.rank, found.number, label, heading, [block], article=found.article)
        parent.children.append(node)
        self._stack.append(node)
        if found.article:
            self._first_paragraph(node, rest)

    def _first_paragraph(self, node: Node, rest: str) -> None:
        """An article's first 款 stands on the line of its number."""
        if rest:
            paragraph = Node(Rank.PARAGRAPH, 1, f"{node.label}第一款", blocks=node.blocks)
            node.blocks = []
            node.children.append(paragraph)
            self._stack.append(paragraph)

    def _label(self, found: Marker, parent: Node) -> str:
        if found.rank is Rank.SECTION and not found.unit:
            return f"{self._prefix}{to_chinese(found.number)}"
        if found.rank <= Rank.SECTION:
            above = parent.label if parent.rank is Rank.CHAPTER else self._prefix
            return f"{above}第{to_chinese(found.number)}{found.unit}"
        if found.article:
            sub = f"之{to_chinese(found.sub)}" if found.sub else ""
            return f"{self._prefix}第{to_chinese(found.number)}条{sub}"
        above = parent.label if parent.rank >= Rank.CLAUSE else self._prefix
        if found.rank is Rank.CLAUSE:
            return f"{self._prefix}{to_chinese(found.number)}"
        if found.rank is Rank.ITEM:
            inside_article = parent.rank is Rank.PARAGRAPH
            return (
                f"{above}第({to_chinese(found.number)})项"
                if inside_article
                else f"{above}({to_chinese(found.number)})"
            )
        if found.rank is Rank.POINT:
            return f"{above}第{found.number}目" if above.endswith("项") else f"{above}{found.number}"
        return f"{above}({found.number})"

    # --- unnumbered lines

    def _paragraph(self, block: Block) -> None:
        if len(self._stack) == 1:
            self._opening(block)
            return
        article = next((n for n in self._stack if n.article), None)
        if article is not None:
            self._next_paragraph(article, block)
            return
        node = self._stack[-1]
        if self._ends_list(node):
            node = self._stack[-2]
        node.blocks.append(block)

    def _opening(self, block: Block) -> None:
        label = f"{self._prefix}引言"
        first = self.root.children[-1] if self.root.children and not self._prefix else None
        if first is None or first.label != label:
            first = Node(Rank.CLAUSE, 0, label)
            self.root.children.append(first)
        first.blocks.append(block)

    def _next_paragraph(self, article: Node, block: Block) -> None:
        while self._stack[-1] is not article:
            self._stack.pop()
        number = 1 + sum(child.rank is Rank.PARAGRAPH for child in article.children)
        node = Node(Rank.PARAGRAPH, number, f"{article.label}第{to_chinese(number)}款", blocks=[block])
        article.children.append(node)
        self._stack.append(node)

    def _ends_list(self, node: Node) -> bool:
        """Whether a list of items just ended, so that the next line belongs to what encloses the list."""
        if node.rank < Rank.ITEM or len(self._stack) < 2:
            return False
        siblings = [c for c in self._stack[-2].children if c.rank is node.rank]
        if len(siblings) < 2:
            return False
        plain = all(not c.heading and len(c.blocks) == 1 and not c.children for c in siblings)
        return plain or siblings[-2].own_text.rstrip().endswith(("；", ";"))

    def close_with(self, blocks: list[Block]) -> None:
        """Hang the closing paragraphs after the last numbered item."""
        if blocks:
            self.root.children.append(Node(Rank.CLAUSE, 0, f"{self._prefix}结尾", blocks=blocks))

    def closes(self, block: Block) -> bool:
        """Whether the line is a closing paragraph: it speaks of the whole after the last item of a notice."""
        in_item = self._stack[-1].rank >= Rank.ITEM and not any(n.article for n in self._stack)
        return in_item and CLOSING.match(block.text) is not None

    def _add_row(self, block: Block) -> None:
        parent = self._stack[-1]
        label = f"{parent.label or self._prefix}表{block.table}第{block.row}行"
        parent.children.append(Node(Rank.SUBPOINT, block.row, label, blocks=[block]))
