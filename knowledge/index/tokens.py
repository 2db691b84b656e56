"""What lexical search compares: single characters and pairs of neighbours; Latin words and numbers whole."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[a-z]+|\d+(?:\.\d+)?")


def tokens(text: str) -> Iterator[str]:
    """`满18周岁` → 满, 18, 周, 岁, 周岁. Punctuation separates; full-width forms are folded."""
    for run in _RUN.findall(unicodedata.normalize("NFKC", text).lower()):
        if run[0] > "z":
            yield from run
            yield from (run[i : i + 2] for i in range(len(run) - 1))
        else:
            yield run
