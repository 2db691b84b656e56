"""Which files a run is given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

_PASSED_OVER = (".", "~$")
"""Hidden files, and what Word leaves beside an open document."""


def collect(paths: Sequence[Path]) -> list[Path]:
    """All files named or below the folders named, each once, in order; links to folders are not followed."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            found.update(dict.fromkeys(_below(path)))
        else:
            found[path] = None
    return list(found)


def _below(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith(_PASSED_OVER):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _below(path)
        else:
            yield path
