"""Numbers that Word counts itself and does not store as text: 一、, （二）, 3."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from xml.etree import ElementTree

from knowledge.numerals import to_chinese

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHINESE = re.compile(r"chinese|japanese|taiwanese|ideograph", re.I)


@dataclass(frozen=True, slots=True)
class _Level:
    format: str
    text: str
    """Such as `（%2）`."""
    start: int


class Numbering:
    """Counts the numbered paragraphs of one document, in order."""

    def __init__(self, root: ElementTree.Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        if root is None:
            return
        abstract = {str(a.get(f"{_W}abstractNumId")): _levels(a) for a in root.iter(f"{_W}abstractNum")}
        for number in root.iter(f"{_W}num"):
            reference = number.find(f"{_W}abstractNumId")
            if reference is not None:
                known = abstract.get(str(reference.get(f"{_W}val")), {})
                self._levels[str(number.get(f"{_W}numId"))] = known

    def of(self, paragraph: ElementTree.Element) -> str:
        """The number that Word shows before this paragraph; empty where there is none."""
        properties = paragraph.find(f"{_W}pPr/{_W}numPr")
        identity = properties.find(f"{_W}numId") if properties is not None else None
        if properties is None or identity is None:
            return ""
        name = str(identity.get(f"{_W}val"))
        depth = properties.find(f"{_W}ilvl")
        level = int(str(depth.get(f"{_W}val", "0"))) if depth is not None else 0
        known = self._levels.get(name, {})
        if level not in known:
            return ""
        counts = self._counts[name]
        counts[level] = counts.get(level, known[level].start - 1) + 1
        for deeper in [d for d in counts if d > level]:
            del counts[deeper]
        return re.sub(r"%(\d)", lambda m: self._shown(known, counts, int(m[1]) - 1), known[level].text)

    def _shown(self, known: dict[int, _Level], counts: dict[int, int], level: int) -> str:
        number = counts.get(level, known[level].start if level in known else 1)
        chinese = level in known and _CHINESE.search(known[level].format)
        return to_chinese(number) if chinese and 1 <= number <= 9999 else str(number)


def _levels(abstract: ElementTree.Element) -> dict[int, _Level]:
    out = {}
    for level in abstract.findall(f"{_W}lvl"):
        form, text, start = (level.find(f"{_W}{name}") for name in ("numFmt", "lvlText", "start"))
        kind = str(form.get(f"{_W}val", "decimal")) if form is not None else "decimal"
        shown = str(text.get(f"{_W}val", "")) if text is not None else ""
        first = str(start.get(f"{_W}val", "1")) if start is not None else "1"
        if kind not in ("bullet", "none") and first.isdigit():
            out[int(str(level.get(f"{_W}ilvl", "0")))] = _Level(kind, shown, int(first))
    return out
