"""The short header that some stored copies carry above the text: `title: …` lines up to a rule of dashes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_LINE = re.compile(r"^([a-z][a-z ]{2,30}):\s*(.*)$")
_RULE = re.compile(r"^-{5,}\s*$")


@dataclass(frozen=True, slots=True)
class Header:
    """What the copy says about itself, and where the text itself begins."""

    fields: Mapping[str, str]
    body_start: int


def read_header(text: str) -> Header:
    """The header of `text`; empty with `body_start` 0 where there is none."""
    fields: dict[str, str] = {}
    position = 0
    for raw in text.splitlines(keepends=True)[:30]:
        position += len(raw)
        line = raw.strip("\ufeff\r\n ")
        if fields and _RULE.match(line):
            return Header(fields, position)
        if not (match := _LINE.match(line)):
            break
        fields[match[1]] = match[2].strip()
    return Header({}, 0)
