"""`python -m eval.batch_schema` writes docs/batch.schema.json from the models; a test guards it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter

from eval.batch_types import (
    BatchInput,
    ErrorOutput,
    PrecheckOutput,
    ScreenOutput,
    SearchOutput,
    TurnOutput,
)

FILE = Path(__file__).resolve().parents[1] / "docs" / "batch.schema.json"
_LINES: dict[str, TypeAdapter[Any]] = {
    "input": TypeAdapter(BatchInput),
    "screen": TypeAdapter(ScreenOutput),
    "search": TypeAdapter(SearchOutput),
    "precheck": TypeAdapter(PrecheckOutput),
    "turn": TypeAdapter(TurnOutput),
    "error": TypeAdapter(ErrorOutput),
}


def schema() -> dict[str, Any]:
    """One JSON Schema with a definition for each kind of line."""
    wanted: list[tuple[str, Literal["validation", "serialization"], TypeAdapter[Any]]] = [
        (name, "validation" if name == "input" else "serialization", adapter)
        for name, adapter in _LINES.items()
    ]
    places, definitions = TypeAdapter.json_schemas(wanted)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "minxing batch",
        "lines": {name: place for (name, _), place in places.items()},
        **definitions,
    }


def text() -> str:
    """The file's content."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
