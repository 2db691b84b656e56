"""Reads the guides: Markdown in our own words, every paragraph with its references and its mark."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from knowledge.errors import GuideError, UnknownReferenceError
from knowledge.sources import CORPUS, Registry
from knowledge.types import Citation, Clause, Confidence, Guide, GuideKind, Source, Standing
from knowledge.yaml_files import load_yaml

SECTIONS = ("谁可以", "给什么", "怎么办理", "注意什么", "问谁", "依据")
REPORTED_WORDS = "据公开报道，以当地为准"
"""What a family reads where a fact is only reported (CONTRIBUTING.md)."""

_REFERENCE = re.compile(r"\s*[\[［]([^\[\]［］]+)[\]］]\s*")
_ENDING = re.compile(r"((?:[\[［][^\[\]［］]+[\]］]\s*)+)\{(\w+)\}\s*$")
_FORBIDDEN = re.compile(r"!\[|\]\(|<[a-zA-Z/!]|^\||https?://", re.M)
_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.、])\s+")
_ENTRY = re.compile(r"^[A-Z]\d{2}$")

Cite = Callable[[str], Citation]


class _FrontMatter(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    entry: str = Field(pattern=_ENTRY.pattern)
    name: str = Field(min_length=2)
    summary: str = Field(min_length=5)
    kind: GuideKind
    also_called: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Paragraph:
    text: str
    start: int
    end: int
    line: int


def is_entry(name: str) -> bool:
    """Whether this is written as entries of guides are: `B02`."""
    return _ENTRY.match(name) is not None


def load_guides(registry: Registry, folder: Path = CORPUS / "guides") -> dict[str, Guide]:
    """All guides by entry.

    Raises:
        GuideError: naming the file, the line and the mend.
    """
    guides: dict[str, Guide] = {}
    for path in sorted(folder.glob("*.md")):
        if path.name == "README.md":
            continue
        guide = read_guide(path, registry)
        if guide.entry in guides:
            raise GuideError(
                f"{path.name}:2: entry {guide.entry} is taken by another guide; give this one its own"
            )
        guides[guide.entry] = guide
    return guides


def read_guide(path: Path, registry: Registry) -> Guide:
    """One guide, validated.

    Raises:
        GuideError: naming the file, the line and the mend.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise GuideError(f"{path.name}: cannot be read ({error}); save it as UTF-8") from None
    return _Reader(path.name, text, registry).guide()


class _Reader:
    def __init__(self, name: str, text: str, registry: Registry) -> None:
        self._name = name
        self._text = text
        self._registry = registry

    def _fail(self, line: int, what: str) -> GuideError:
        return GuideError(f"{self._name}:{line}: {what}")

    def guide(self) -> Guide:
        front, body = self._front_matter()
        sections: list[tuple[str, tuple[Clause, ...]]] = []
        for heading, line, paragraphs in self._sections(body):
            if any(heading == known for known, _ in sections):
                raise self._fail(line, f"section {heading} appears twice; join the two")
            clauses = [self._clause(front, heading, i, p) for i, p in enumerate(paragraphs, 1)]
            if not clauses:
                raise self._fail(line, f"section {heading} is empty; write a paragraph or remove the heading")
            sections.append((heading, tuple(clauses)))
        self._check(front, [heading for heading, _ in sections])
        return Guide(front.entry, front.name, front.summary, front.kind, front.also_called, tuple(sections))

    def _front_matter(self) -> tuple[_FrontMatter, int]:
        match = re.match(r"---\n(.*?)\n---\n", self._text, re.S)
        if not match:
            raise self._fail(1, "must begin with front matter between two lines of ---")
        try:
            data = load_yaml(match[1])
            return _FrontMatter.model_validate(data), match.end()
        except yaml.YAMLError as error:
            raise self._fail(1, f"front matter is no YAML: {error}") from None
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise self._fail(2, f"front matter `{where}`: {first['msg']}") from None

    def _check(self, front: _FrontMatter, headings: list[str]) -> None:
        if not headings:
            raise self._fail(1, "has no section; begin one with `## 谁可以`")
        if front.kind is GuideKind.LIFE:
            return
        known = [heading for heading in SECTIONS if heading in headings]
        if extra := [heading for heading in headings if heading not in SECTIONS]:
            raise self._fail(1, f"section {extra[0]} is not one of {'、'.join(SECTIONS)}")
        if headings != known:
            raise self._fail(1, f"sections must stand in this order: {'、'.join(known)}")
        if front.kind is GuideKind.BENEFIT and headings[:2] != ["谁可以", "给什么"]:
            raise self._fail(1, "a benefit needs both 谁可以 and 给什么")

    def _sections(self, body: int) -> Iterator[tuple[str, int, list[_Paragraph]]]:
        headings = list(re.finditer(r"^(#{1,6})\s*(.*?)\s*$", self._text[body:], re.M))
        lead = self._text[body : body + headings[0].start()] if headings else self._text[body:]
        if lead.strip():
            raise self._fail(self._line(body), "text before the first `##` heading; put it under a section")
        for i, match in enumerate(headings):
            line = self._line(body + match.start())
            if match[1] != "##":
                raise self._fail(line, "only `##` headings are used in guides")
            end = headings[i + 1].start() if i + 1 < len(headings) else len(self._text) - body
            yield match[2], line, list(self._paragraphs(body + match.end(), body + end))

    def _paragraphs(self, start: int, end: int) -> Iterator[_Paragraph]:
        """Paragraphs and list items; a paragraph may run over several lines."""
        current: list[tuple[int, int]] = []
        position = start
        for raw in self._text[start:end].splitlines(keepends=True):
            begin, position = position, position + len(raw)
            if not raw.strip() or (_ITEM.match(raw) and current):
                yield from self._paragraph(current)
                current = []
            if raw.strip():
                current.append((begin, begin + len(raw.rstrip())))
        yield from self._paragraph(current)

    def _paragraph(self, spans: list[tuple[int, int]]) -> Iterator[_Paragraph]:
        if spans:
            text = "".join(_ITEM.sub("", self._text[a:b]).strip() for a, b in spans)
            yield _Paragraph(text, spans[0][0], spans[-1][1], self._line(spans[0][0]))

    def _line(self, offset: int) -> int:
        return self._text.count("\n", 0, offset) + 1

    def _clause(self, front: _FrontMatter, section: str, number: int, paragraph: _Paragraph) -> Clause:
        if _FORBIDDEN.search(paragraph.text):
            raise self._fail(
                paragraph.line, "guides hold no tables, images, links or HTML; write it in words"
            )
        match = _ENDING.search(paragraph.text)
        if not match:
            raise self._fail(paragraph.line, "must end with its references and {confirmed} or {reported}")
        text = paragraph.text[: match.start()].strip()
        if not text:
            raise self._fail(paragraph.line, "has references but no words")
        try:
            confidence = Confidence(match[2])
        except ValueError:
            raise self._fail(
                paragraph.line, f"mark {{{match[2]}}} must be {{confirmed}} or {{reported}}"
            ) from None
        cited = [self._cite(reference, paragraph.line) for reference in _REFERENCE.findall(match[1])]
        self._check_mark(text, confidence, cited, paragraph.line)
        identity = f"guide:{front.entry}#{section}/{number}"
        own = [
            replace(citation, clause_id=identity, standing=Standing.RESTATED, confidence=confidence)
            for citation in cited
        ]
        sources = [source for c in cited if (source := self._registry.get(c.document_id))]
        return Clause(
            id=identity,
            text=text,
            heading_path=(front.name, section),
            citation=own[0],
            region=_nearest_region(sources),
            in_force_from=max((s.in_force_from for s in sources if s.in_force_from), default=None),
            in_force_to=min((s.in_force_to for s in sources if s.in_force_to), default=None),
            start=paragraph.start,
            end=paragraph.end,
            guide=front.entry,
            section=section,
            also=tuple(own[1:]),
            links=tuple(dict.fromkeys(citation.clause_id for citation in cited)),
        )

    def _cite(self, reference: str, line: int) -> Citation:
        try:
            return self._registry.cite(reference)
        except UnknownReferenceError as error:
            raise self._fail(line, str(error)) from None

    def _check_mark(self, text: str, confidence: Confidence, cited: list[Citation], line: int) -> None:
        reported = [c for c in cited if c.confidence is Confidence.REPORTED]
        if confidence is Confidence.CONFIRMED and reported:
            raise self._fail(
                line, f"rests on {reported[0].document}, which is only reported; mark it {{reported}}"
            )
        if confidence is Confidence.REPORTED and REPORTED_WORDS not in text:
            raise self._fail(line, f"is {{reported}} and must say 「{REPORTED_WORDS}」")


def _nearest_region(sources: list[Source]) -> str:
    """The narrowest place that a paragraph speaks of: a city before its province before the nation."""
    regions = {source.region for source in sources}
    for region in ("杭州市", "浙江省", "全国"):
        if region in regions:
            return region
    return sorted(regions)[0]
