"""What can go wrong with rules and facts, and who must act."""

from __future__ import annotations


class ToolsError(Exception):
    """Base of everything this room raises."""


class FactError(ToolsError):
    """Shown to the caller (API client, form, staff): a fact that cannot be taken as it was given."""

    def __init__(self, fact: str, message: str) -> None:
        self.fact = fact
        super().__init__(message)


class CatalogueError(ToolsError):
    """Shown to the editor of `facts.yaml`, `benefits/` or `directory.yaml`: names the file and the mend."""

    def __init__(self, file: str, message: str, line: int | None = None) -> None:
        self.file = file
        self.line = line
        self.message = message
        where = f"{file}:{line}" if line else file
        super().__init__(f"{where}: {message}")
