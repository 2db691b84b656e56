"""Data files, whatever room they are in: what stands in one twice is read once, and nobody sees which."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("agent", "api", "desk", "eval", "guardrails", "knowledge", "tools", "tests")


def files() -> list[Path]:
    return [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.yaml"))]


def twice(node: yaml.Node | None) -> Iterator[str]:
    """Keys that a mapping somewhere below has more than once, with their line."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield f"line {key.start_mark.line + 1}: {key.value}"
            seen.add(str(key.value))
            yield from twice(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from twice(item)


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_key_stands_twice(path: Path) -> None:
    """Two hands that mend one file leave such pairs, and the second silently wins."""
    found = list(twice(yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)))
    assert found == []
