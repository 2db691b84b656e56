"""Which of several answers a text is closest to: 比低保高一点 against the labels of the choices."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

Value = TypeVar("Value", bound=Hashable)

_LEAST = 0.5
"""Below this likeness a text is no answer of ours in other words."""
_AHEAD = 0.12
"""So much closer than the next answer it must be."""
_EMPTY = re.compile(r"[，,。.！!？?；;：:、~（）()「」\s]|[了的呀啊吧呢嘛哦噢哎]|^(就|都|应该)?是")
_DENIES = re.compile(r"没有?|不是|不(?=[^到]{1,3})|未|无|非")


def closest(text: str, options: Mapping[Value, Iterable[str]]) -> Value | None:
    """The value one of whose wordings the text is clearly closest to; None where that cannot be said.

    A text that denies is never close to a wording that does not.
    """
    said = _EMPTY.sub("", text)
    if not said:
        return None
    likeness = {
        value: max((_likeness(said, _EMPTY.sub("", one)) for one in wordings), default=0.0)
        for value, wordings in options.items()
    }
    best, *others = sorted(likeness, key=lambda value: -likeness[value])
    ahead = likeness[best] - max((likeness[value] for value in others), default=0.0)
    return best if likeness[best] >= _LEAST and ahead >= _AHEAD else None


def _likeness(one: str, other: str) -> float:
    """Share of common character pairs, between 0 and 1; a wording that stands whole in the text is near 1."""
    if not other or bool(_DENIES.search(one)) != bool(_DENIES.search(other)):
        return 0.0
    if one == other:
        return 1.0
    a, b = _pairs(one), _pairs(other)
    dice = 2 * sum((a & b).values()) / (sum(a.values()) + sum(b.values()))
    whole = len(other) >= 2 and other in one
    return max(dice, 0.7 + 0.25 * len(other) / len(one)) if whole else dice


def _pairs(text: str) -> Counter[str]:
    return Counter((*text, *(text[i : i + 2] for i in range(len(text) - 1))))
