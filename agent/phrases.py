"""Our own fixed sentences, from `phrases.yaml`."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

PHRASES_FILE = Path(__file__).with_name("phrases.yaml")


class Phrases(BaseModel):
    """Phrases by group and key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    groups: dict[str, dict[str, str]]

    def __call__(self, key: str, **slots: str) -> str:
        """The phrase `group.key` with its slots filled.

        Raises:
            KeyError: there is no such phrase, or a slot is missing.
        """
        group, name = key.split(".", 1)
        return self.groups[group][name].format(**slots)

    def fixed(self) -> dict[str, str]:
        """All phrases as patterns-free text, slots left as they are."""
        return {
            f"{g}.{k}": re.sub(r"\{\w+\}", "…", text)
            for g, items in self.groups.items()
            for k, text in items.items()
        }


@cache
def load_phrases() -> Phrases:
    """Read once a process."""
    return Phrases(groups=yaml.safe_load(PHRASES_FILE.read_text(encoding="utf-8")))
