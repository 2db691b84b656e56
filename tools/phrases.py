"""Fixed words of verdicts, read from `phrases.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from tools.yaml_source import YamlSource

PHRASES_FILE = Path(__file__).with_name("phrases.yaml")


class Phrases(BaseModel):
    """One field per phrase, so that a missing one is found when the catalogue loads."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reported: str
    presumed_residence: str
    not_in_force: str
    encouraged: str
    every: str
    decides: str
    not_published: str
    choice: str
    excludes: str
    highest_only: str
    top_up: str
    stacks_with: str
    opens: str
    declines: tuple[str, ...]
    """Answers that mean: I would rather not say, or do not know."""
    none_of_it: tuple[str, ...]
    """Answers that mean: nothing of what you name."""

    @classmethod
    def load(cls, path: Path = PHRASES_FILE) -> Phrases:
        """Read and validate the file."""
        return YamlSource(path).validate(cls)

    def relations(self) -> Mapping[str, str]:
        """The phrase of each kind of conflict."""
        return {
            "choose_one": self.choice,
            "excludes": self.excludes,
            "highest_only": self.highest_only,
            "top_up": self.top_up,
            "stacks_with": self.stacks_with,
            "opens": self.opens,
        }
