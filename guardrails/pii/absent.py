"""Import a library as if others were not installed.

Presidio and spaCy import PyTorch and transformers wherever they find them, to look for a graphics card that
Minxing has no use for: 300 MB and eight seconds of start where the extra `transformers` is installed.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Absent:
    """An import finder to which some packages do not exist, in one thread."""

    def __init__(self, packages: tuple[str, ...]) -> None:
        self._packages = packages
        self._thread = threading.get_ident()

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """Refuse the packages; leave everything else, and other threads, to the finders behind.

        Raises:
            ModuleNotFoundError: as Python does for what is not installed.
        """
        if name.partition(".")[0] in self._packages and threading.get_ident() == self._thread:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


@contextmanager
def absent(*packages: str) -> Iterator[None]:
    """While this stands, the calling thread cannot import `packages`, unless they are loaded already."""
    finder = _Absent(packages)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
