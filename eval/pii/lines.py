"""The evaluation lines: the same every time, from templates, made-up values and a fixed seed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import yaml

from eval.pii.values import BENIGN, VALUES
from guardrails.pii import EntityType

_HERE = Path(__file__).resolve().parent
_SEED = 20261121
_PER_KIND = 66
_BENIGN_LINES = 560
_SLOT = re.compile(r"\{(\w+)\}")
_TYPE_OF_SLOT = {"NICKNAME": EntityType.PERSON, "TITLED": EntityType.PERSON}


@dataclass(frozen=True, slots=True)
class Gold:
    """What must be hidden, in character offsets, end exclusive."""

    start: int
    end: int
    type: EntityType
    group: str
    """The kind it is counted under: a type, or `NICKNAME`, `TITLED`."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message and what is personal in it."""

    id: str
    text: str
    gold: tuple[Gold, ...]


def _filled(template: str, random: Random) -> tuple[str, tuple[Gold, ...]]:
    text, gold, position = "", [], 0
    for slot in _SLOT.finditer(template):
        text += template[position : slot.start()]
        name, position = slot.group(1), slot.end()
        value = (VALUES.get(name) or BENIGN[name])(random)
        if name in VALUES:
            kind = _TYPE_OF_SLOT.get(name) or EntityType(name)
            gold.append(Gold(len(text), len(text) + len(value), kind, name))
        text += value
    return text + template[position:], tuple(gold)


def _templates(name: str) -> object:
    return yaml.safe_load((_HERE / name).read_text("utf-8"))


def lines() -> tuple[Line, ...]:
    """All lines, without repeats."""
    return tuple(_distinct(_made()))


def _made() -> Iterator[Line]:
    templates = _templates("templates.yaml")
    assert isinstance(templates, dict)
    for kind, patterns in templates.items():
        random = Random(f"{_SEED} {kind}")
        for index in range(_PER_KIND):
            text, gold = _filled(patterns[index % len(patterns)], random)
            yield Line(f"{kind.lower()}-{index + 1:03d}", text, gold)
    patterns = _templates("benign.yaml")
    assert isinstance(patterns, list)
    random = Random(f"{_SEED} benign")
    slotted = [pattern for pattern in patterns if _SLOT.search(pattern)]
    fixed = [pattern for pattern in patterns if not _SLOT.search(pattern)]
    for index in range(_BENIGN_LINES):
        pattern = fixed[index] if index < len(fixed) else slotted[index % len(slotted)]
        yield Line(f"benign-{index + 1:03d}", *_filled(pattern, random))


def _distinct(made: Iterator[Line]) -> Iterator[Line]:
    seen: set[str] = set()
    for line in made:
        if line.text not in seen:
            seen.add(line.text)
            yield line
