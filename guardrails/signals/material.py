"""The labelled utterances: schema, reading, checks. `python -m guardrails.signals.material` checks."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from guardrails.types import Author, Category, Route, Severity

MATERIAL = Path(__file__).with_name("material")

DEFAULT_ROUTES = {
    "S4": Route.CRISIS_NOW,
    "S3": Route.HUMAN_URGENT,
    "S2": Route.HUMAN_OFFER,
    "S1": Route.NORMAL_WITH_CARE,
    "S0": Route.NORMAL,
}
"""Where a severity goes unless the line is a complaint (docs/signals.md)."""


class Form(StrEnum):
    """How a signal is worded; targets T-3 and CR-3 are measured per form."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    EUPHEMISM = "euphemism"
    DIALECT = "dialect"
    SLANG = "slang"
    PINYIN = "pinyin"
    HOMOPHONE = "homophone"
    OBFUSCATED = "obfuscated"
    EMOJI = "emoji"
    POLICY_MASKED = "policy_masked"
    MULTI_TURN = "multi_turn"
    CHILD_VOICE = "child_voice"
    THIRD_PERSON = "third_person"
    HARD_NEGATIVE = "hard_negative"
    ORDINARY = "ordinary"


class Subject(StrEnum):
    """Whose danger it is."""

    SELF = "self"
    CHILD = "child"
    OTHER = "other"


class Turn(BaseModel):
    """One earlier message of the window."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    author: Author
    text: str


class Line(BaseModel):
    """One labelled utterance, as docs/signals.md defines it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str = Field(min_length=1)
    category: Category | None
    severity: str = Field(pattern="^S[0-4]$")
    route: Route
    subject: Subject
    form: Form
    past: bool = False
    window: tuple[Turn, ...] = ()
    pair: str | None = None
    by: str = Field(min_length=1)

    @property
    def level(self) -> Severity:
        """The severity as a number."""
        return Severity[self.severity]

    @model_validator(mode="after")
    def _labels_agree(self) -> Self:
        expected = Route.COMPLAINT if self.category is Category.COMPLAINT else DEFAULT_ROUTES[self.severity]
        if self.route is not expected:
            raise ValueError(
                f"{self.severity} with category {self.category} goes to {expected}, not {self.route}"
            )
        if self.category is Category.COMPLAINT and self.severity != "S0":
            raise ValueError("a complaint is S0; if it threatens, it is anger_threat")
        if self.category is Category.CAREGIVER_HARM_RISK and self.severity != "S4" and not self.past:
            raise ValueError("caregiver_harm_risk is always S4 (CR-18)")
        if self.past and self.severity not in ("S0", "S1"):
            raise ValueError(
                "past and resolved is S1, normal_with_care (CR-8); unresolved danger is not past"
            )
        if self.form is Form.MULTI_TURN and not self.window:
            raise ValueError("multi_turn needs a window")
        if self.category is None and self.severity in ("S2", "S3", "S4"):
            raise ValueError("S2 and above need a category")
        return self


def read(path: Path) -> Iterator[tuple[int, Line | str]]:
    """Lines of one file with their numbers; a line that does not fit comes as the reason."""
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not raw.strip():
            continue
        try:
            yield number, Line.model_validate(json.loads(raw))
        except ValidationError as error:
            first = error.errors()[0]
            yield number, f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        except json.JSONDecodeError as error:
            yield number, f"not JSON: {error}"


def load(folder: Path = MATERIAL) -> list[Line]:
    """All usable lines of a folder, files in order of name; lines that do not fit are left out."""
    return [
        line for path in sorted(folder.glob("*.jsonl")) for _, line in read(path) if isinstance(line, Line)
    ]


def check(paths: Sequence[Path]) -> list[str]:
    """Problems of the files: lines that do not fit, and exact repeats across files."""
    problems: list[str] = []
    seen: dict[tuple[str, tuple[Turn, ...]], str] = {}
    for path in paths:
        for number, line in read(path):
            where = f"{path.name}:{number}"
            if isinstance(line, str):
                problems.append(f"{where} {line}")
                continue
            key = (line.text.strip(), line.window)
            if key in seen:
                problems.append(f"{where} repeats {seen[key]}")
            seen.setdefault(key, where)
    return problems


SHARED = 12
"""Characters in a row that no line to learn from may have in common with an evaluation line (R-75)."""


def pieces(text: str) -> frozenset[str]:
    """All stretches of so many characters."""
    return frozenset(text[i : i + SHARED] for i in range(len(text) - SHARED + 1))


def held_pieces(folder: Path) -> frozenset[str]:
    """All stretches of the lines of a folder and of the turns before them."""
    return frozenset().union(
        *(pieces(text) for line in load(folder) for text in (line.text, *(turn.text for turn in line.window)))
    )


def prune(folder: Path, evaluation: Path) -> int:
    """Take out of the folder's files what repeats, does not fit, or shares text with the evaluation lines."""
    held = held_pieces(evaluation)
    seen: set[tuple[str, tuple[Turn, ...]]] = set()
    dropped = 0
    for path in sorted(folder.glob("*.jsonl")):
        raw = path.read_text(encoding="utf-8").splitlines()
        kept = []
        for number, line in read(path):
            if isinstance(line, str) or (line.text.strip(), line.window) in seen or pieces(line.text) & held:
                dropped += 1
                continue
            seen.add((line.text.strip(), line.window))
            kept.append(raw[number - 1])
        path.write_text("".join(f"{one}\n" for one in kept), encoding="utf-8")
    return dropped


def main(arguments: Sequence[str]) -> int:
    """Check the files named, or all, and print what is in them."""
    paths = [Path(name) for name in arguments] or sorted(MATERIAL.glob("*.jsonl"))
    problems = check(paths)
    lines = [line for path in paths for _, line in read(path) if isinstance(line, Line)]
    for title, counts in (
        ("by", Counter(line.by for line in lines)),
        ("severity", Counter(line.severity for line in lines)),
        ("category", Counter(str(line.category) for line in lines)),
        ("form", Counter(str(line.form) for line in lines)),
    ):
        listed = ", ".join(f"{name} {count}" for name, count in counts.most_common())
        sys.stdout.write(f"{title}: {listed}\n")
    sys.stdout.write(f"{len(lines)} lines, {len(problems)} problems\n" + "".join(f"{p}\n" for p in problems))
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
