"""What a clause points to: `本法第九十二条`, `前款`, `《…》第三条`, and definitions whose words it uses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from knowledge.numerals import NUMERAL_CHARS, from_chinese, to_chinese
from knowledge.parsing.clauses import Entry, with_links
from knowledge.references import article_number, canonical_label, clause_id
from knowledge.types import Reference

Lookup = Callable[[str], Reference | None]
"""Finds a registered document and clause by its words."""

_N = f"[{NUMERAL_CHARS}]+"
_REF = rf"第{_N}条(?:之{_N})?(?:第{_N}款)?(?:第[（(]?{_N}[)）]?项)?"
_NAMED = re.compile(rf"《([^《》]{{2,60}})》(?:（[^（）]{{4,30}}号）)?({_REF})?")
_NUMBERED = re.compile(r"[\u4e00-\u9fff]{2,8}〔(?:19|20)\d\d〕\d{1,4}号")
_BARE = re.compile(rf"{_REF}(?:[、和至或]{_REF})*")
_BEFORE_REF = re.compile(r"依照|按照|根据|违反|适用|参照|对于|符合|属于|和|与|或|、|，|。|；|的|是|为|有")
_LAW_NAME = re.compile(r"(?:法典|法|条例|办法|规定|解释|意见)$")
_OWN_NAME = re.compile(r"本(?:法|条例|办法|规定|解释|意见)$")
_INNER_TITLE = re.compile(r"〈\s*(.+?)\s*〉")
_COMMON = 0.15
"""A defined word that more of a document's clauses use than this is no help: 未成年人 in its own law."""
_PREVIOUS = re.compile(rf"前({_N}|两)?(款|条)")
_DEFINES = re.compile(r"(?:所称的?|^|[。；\n）)]|以上)[“\"]?([\u4e00-\u9fff、]{2,16}?)[”\"]?[，,]?是指", re.M)
_CALLED = re.compile(r"[（(]以下(?:简称|统称)[“\"]?([\u4e00-\u9fff]{3,12})[”\"]?[)）]")


@dataclass(slots=True)
class LinkReport:
    """How many references of a document were resolved, and the words of those that were not."""

    resolved: int = 0
    unresolved: list[str] = field(default_factory=list)


def link(entries: Sequence[Entry], lookup: Lookup) -> tuple[list[Entry], LinkReport]:
    """Entries with their links. References to documents that are not registered count as unresolved."""
    labels = {alias: e.clause.id for e in entries for alias in (e.clause.citation.clause, *e.aliases)}
    definitions = _telling(_definitions(entries), entries)
    report = LinkReport()
    linked = []
    for entry in entries:
        found = list(_References(labels, lookup, entry))
        if entry.search_text:  # the parts of an article repeat its references: counted once
            report.resolved += sum(target is not None for target, _ in found)
            report.unresolved += [w for target, w in found if target is None and w not in report.unresolved]
        targets = dict.fromkeys(target for target, _ in found if target)
        if entry.search_text:
            text = entry.clause.text
            targets.update((where, None) for word, where in definitions.items() if word in text)
        targets.pop(entry.clause.id, None)
        linked.append(with_links(entry, tuple(targets)))
    return linked, report


@dataclass(frozen=True, slots=True)
class _References:
    """The references of one clause as (id of the clause meant or None, the words)."""

    labels: Mapping[str, str]
    lookup: Lookup
    entry: Entry

    def __iter__(self) -> Iterator[tuple[str | None, str]]:
        text = self.entry.clause.text
        for match in _NAMED.finditer(text):
            yield self._outside(match[1], match[2] or "")
        for match in _NUMBERED.finditer(text):
            yield self._outside(match[0], "", led=True)
        for match in _BARE.finditer(text):
            yield from self._bare(match[0], text[: match.start()])
        for match in _PREVIOUS.finditer(text):
            if target := self._previous(match):
                yield target, match[0]

    def _outside(self, name: str, label: str, *, led: bool = False) -> tuple[str | None, str]:
        """The clause of a named document; `led`: words may stand before the name (在民发〔2019〕62号)."""
        inner = _INNER_TITLE.search(name)
        shorter = [name[i:] for i in range(1, len(name) - 1)] if led else []
        for candidate in (name, inner[1] if inner else "", *shorter):
            reference = self.lookup(f"{candidate} {label}") if candidate else None
            if reference is not None:
                return clause_id(reference.document, reference.clause), name
        return None, f"《{name}》{label}"

    def _bare(self, words: str, before: str) -> Iterator[tuple[str | None, str]]:
        if not before.strip() or before.endswith("》"):
            return  # its own number, or counted with the title before it
        name = _BEFORE_REF.split(before[-24:])[-1]
        foreign = _LAW_NAME.search(name) is not None and not _OWN_NAME.search(name)
        for match in re.finditer(_REF, words):
            if foreign:
                yield self._outside(name, match[0], led=True)
            else:
                yield self.labels.get(canonical_label(match[0])), match[0]

    def _previous(self, match: re.Match[str]) -> str | None:
        """`前款`, `前两款`, `前条`, counted from the clause that says so: the first of those meant."""
        label = self.entry.clause.citation.clause
        article = article_number(label)
        if article is None:
            return None
        back = from_chinese(match[1].replace("两", "二")) if match[1] else 1
        if match[2] == "条":
            return self.labels.get(f"第{to_chinese(article - back)}条") if article > back else None
        base = f"第{to_chinese(article)}条"
        paragraph = re.match(rf"{base}第({_N})款", label)
        if not paragraph or from_chinese(paragraph[1]) <= back:
            return None
        return self.labels.get(f"{base}第{to_chinese(from_chinese(paragraph[1]) - back)}款")


def _definitions(entries: Sequence[Entry]) -> dict[str, str]:
    """Defined word → id of the clause that defines it, within one document."""
    found: dict[str, str] = {}
    for entry in entries:
        if entry.search_text:
            for word in (*_DEFINES.findall(entry.clause.text), *_CALLED.findall(entry.clause.text)):
                found.setdefault(word.removeprefix("以上"), entry.clause.id)
    return found


def _telling(definitions: dict[str, str], entries: Sequence[Entry]) -> dict[str, str]:
    """Definitions without the words that nearly every clause uses."""
    texts = [entry.clause.text for entry in entries if entry.search_text]
    most = max(3, _COMMON * len(texts))
    return {word: where for word, where in definitions.items() if sum(word in text for text in texts) <= most}
