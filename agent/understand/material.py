"""The building material of `examples/`: utterances with what they want, sentences with the fact they say.

`told_*.jsonl` are whole messages with all that they want and say, labelled as those that we are measured on.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from agent.types import Intent
from agent.understand.labelled import Line

FOLDER = Path(__file__).with_name("examples")
_PLAIN = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Wish:
    """One utterance and all that it wants."""

    text: str
    intents: tuple[Intent, ...]


@dataclass(frozen=True, slots=True)
class Saying:
    """One sentence, and the fact that it declares; None where it only sounds like one."""

    text: str
    fact: tuple[str, bool | str] | None


def _yaml(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


def _named(pattern: str, *, but: str) -> list[str]:
    return sorted(path.name for path in FOLDER.glob(pattern) if path.name != but)


@cache
def wishes() -> tuple[Wish, ...]:
    """Utterances of one intent, then those of several."""
    one = [
        Wish(text, (Intent(intent),))
        for name in _named("wishes_*.yaml", but="wishes_several.yaml")
        for intent, texts in _yaml(name).items()
        for text in texts
    ]
    several = [
        Wish(item["say"], tuple(Intent(wish) for wish in item["wants"]))
        for item in _yaml("wishes_several.yaml")
    ]
    return (*one, *several)


@cache
def sayings() -> tuple[Saying, ...]:
    """Sentences with their fact, then those without; `parent_…` stands for father and mother alike."""
    told = [
        Saying(text, (name, _PLAIN.get(value, value)))
        for file in _named("facts_*.yaml", but="facts_none.yaml")
        for name, values in _yaml(file).items()
        for value, texts in values.items()
        for text in texts
    ]
    return (*told, *(Saying(text, None) for text in _yaml("facts_none.yaml")["none"]))


@cache
def told() -> tuple[Line, ...]:
    """Whole messages."""
    return tuple(
        Line.model_validate_json(text)
        for path in sorted(FOLDER.glob("told_*.jsonl"))
        for text in path.read_text(encoding="utf-8").splitlines()
    )


@cache
def digest(*, whole: bool = False) -> str:
    """Hash of sayings and wishes, with `whole` of the messages too: what was fitted to them carries it."""
    paths = sorted(FOLDER.glob("*.yaml")) + (sorted(FOLDER.glob("told_*.jsonl")) if whole else [])
    joined = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    return hashlib.sha256(joined.encode()).hexdigest()
