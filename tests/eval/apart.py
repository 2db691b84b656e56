"""What the agent learns from or was tuned on, in windows of twelve characters (R-75)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.sources import CORPUS

ROOT = Path(__file__).parents[2]
LONGEST_SHARED = 11


def windows(text: str) -> set[str]:
    """All stretches one longer than what may be shared."""
    length = LONGEST_SHARED + 1
    return {text[start : start + length] for start in range(len(text) - length + 1)}


def strings(value: Any) -> Iterator[str]:
    """Every string of a data file, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from (*strings(key), *strings(item))
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


@cache
def examples() -> frozenset[str]:
    """Every string that understanding, screening and search learn from or were tuned on."""
    found: set[str] = set()
    files = [
        *ROOT.glob("agent/**/*.yaml"),
        *ROOT.glob("tests/agent/*.yaml"),
        *ROOT.glob("guardrails/signals/material/**/*.yaml"),
        ROOT / "tools" / "facts.yaml",
        ROOT / "tests" / "knowledge" / "questions.yaml",
    ]
    for path in files:
        found |= set(strings(yaml.safe_load(path.read_text("utf-8"))))
    lines = [
        *ROOT.glob("agent/**/*.jsonl"),
        *ROOT.glob("guardrails/signals/material/**/*.jsonl"),
        *ROOT.glob("eval/understanding/lines/founder*.jsonl"),
        *ROOT.glob("eval/understanding/lines/open*.jsonl"),
    ]
    for path in lines:
        for line in path.read_text("utf-8").splitlines():
            found |= set(strings(json.loads(line)))
    for path in (CORPUS / "guides").glob("*.md"):
        if path.read_text("utf-8").startswith("---\n"):
            front = yaml.safe_load(path.read_text("utf-8").split("---\n")[1])
            found |= set(front.get("questions", ()))
    return frozenset(found)


@cache
def learned_from() -> frozenset[str]:
    """The windows of all examples."""
    return frozenset().union(*map(windows, examples()))


@cache
def official_names() -> str:
    """Names that anyone who asks must use: they are nobody's example."""
    names: list[str] = []
    for path in (CORPUS / "guides").glob("B*.md"):
        front = yaml.safe_load(path.read_text("utf-8").split("---\n")[1])
        names += [front["name"], *front.get("also_called", ())]
    return "\n".join(names)


def shared(*texts: str) -> set[str]:
    """Windows that these texts have in common with the examples, official names left out."""
    both = frozenset().union(*map(windows, texts)) & learned_from()
    return {one for one in both if one not in official_names()}
