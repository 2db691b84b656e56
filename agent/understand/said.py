"""Facts in words that no pattern knows: a fitted head says what a sentence is near to, its nouns and its
negation decide.

A fact counts only where the head puts it first, a word of its subject stands there (`about` in
`lexicon.yaml`), and what the sentence affirms or denies agrees with the head.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from agent.types import SaidFact
from agent.understand.features import features
from agent.understand.kin import Family, Subject
from agent.understand.lexicon import Lexicon
from agent.understand.talk import mentions, segments

SAID_FILE = Path(__file__).with_name("said.npz")
LEAST = 0.2
"""From this score on a value may be meant."""
AHEAD = 0.06
"""So far before the next value of another fact it must be."""
LONGEST = 34
"""A longer message tells several things: one vector does not hold them."""
_VALUES = {"true": True, "false": False}


class SaidReader:
    """Finds facts by likeness to examples. Immutable; safe to share between threads."""

    def __init__(
        self,
        names: list[str],
        weights: NDArray[np.float32],
        bias: NDArray[np.float32],
        centre: NDArray[np.float32],
    ) -> None:
        self._labels = [
            (name, _VALUES.get(value, value)) for name, _, value in (n.partition("=") for n in names)
        ]
        self._weights, self._bias, self._centre = weights, bias, centre

    @classmethod
    def load(cls) -> Self:
        """The fitted head."""
        with np.load(SAID_FILE) as head:
            arrays = (head[name].astype(np.float32) for name in ("weights", "bias", "centre"))
            return cls([str(name) for name in head["names"]], *arrays)

    def ranked(self, text: str, vector: NDArray[np.float32] | None) -> list[tuple[str, bool | str, float]]:
        """Facts with their values and scores, the likeliest first."""
        scores = features(text, vector, self._centre) @ self._weights + self._bias
        return [(*self._labels[i], float(scores[i])) for i in np.argsort(-scores, kind="stable")[:8]]

    def read(
        self,
        text: str,
        vector: NDArray[np.float32] | None,
        lexicon: Lexicon,
        family: Family,
        known: Collection[str],
    ) -> list[SaidFact]:
        """At most one fact of a short statement, beside those that patterns found."""
        if (
            vector is None
            or len(text) > LONGEST
            or NOT_OURS.search(text)
            or lexicon.hypothetical.search(text)
        ):
            return []
        ranked = self.ranked(text, vector)
        name, value, score = ranked[0]
        rival = next((other for fact, _, other in ranked if fact != name), 0.0)
        about = None if name in BY_WORDS_ONLY else lexicon.data.about.get(name)
        if score < LEAST or score - rival < AHEAD or about is None or not re.search(about, text):
            return []
        if not lexicon.may_be_like(name, value, text):
            return []
        parts = segments(text, lexicon, family)
        parents = parents_named(text, lexicon, family)
        if name.startswith("parent_"):
            if len(parents) > 1 and not any(part.subject is Subject.BOTH for part in parts):
                return []  # 姐夫坐牢三年，姐姐一个人带: one vector does not say whom of them it is about
            names = [name.replace("parent", parent) for parent in parents]
        elif name.startswith("child_") and parents and name not in OF_ANYBODY:
            return []
        else:
            names = [name]
        if isinstance(value, bool):
            settled = settled_by_words(name, value, ranked, text, lexicon)
            if settled is None:
                return []
            value = settled
        elif _same_fact_rival(name, ranked) > score - AHEAD:
            return []
        if any(part.subject is Subject.OTHER for part in parts) and name != "carer":
            return []
        sure = not lexicon.doubt.search(text)
        return [SaidFact(n, value, text, certain=sure) for n in names if n not in known]


GRANTED = frozenset(
    {
        "recognised_orphan",
        "recognised_de_facto_unsupported",
        "receives_basic_living_allowance",
        "receives_disability_living_allowance",
        "child_adopted",
    }
)
"""What an office decides about the child."""
BY_WORDS_ONLY = GRANTED | {"household_category", "income_level", "registered_residence", "child_hiv"}
"""What an office has granted, and what is nobody's guess, is believed when it is said, never by likeness.

一个月两千八 is below or above a line that only the office knows, and by the number of heads.
"""
NOT_OURS = re.compile(r"邻居家|别人家|人家的?孩子|同事|村里有|帮[^，。]{1,6}问|打算|准备|想(给|让|送|把)")
"""Of somebody else, or only intended."""
OF_ANYBODY = frozenset({"child_abandoned", "child_adopted", "child_unattended", "child_in_institution"})


def parents_named(text: str, lexicon: Lexicon, family: Family) -> dict[str, None]:
    """Which parents a message names anywhere, in order: 我们给孩子爸报了失踪."""
    found: dict[str, None] = {}
    for subject, _ in mentions(text, lexicon, family):
        found |= dict.fromkeys(subject.parents)
    return found


def _same_fact_rival(name: str, ranked: Sequence[tuple[str, bool | str, float]]) -> float:
    return max((score for fact, _, score in ranked[1:] if fact == name), default=0.0)


def settled_by_words(
    name: str,
    value: bool,
    ranked: Sequence[tuple[str, bool | str, float]],
    text: str,
    lexicon: Lexicon,
) -> bool | None:
    """Whether the sentence affirms: by its own words where they tell, else by the head where it is clear."""
    words = lexicon.data.polarity.get(name)
    if words is not None:
        for answer, pattern in ((False, words.denied), (True, words.affirmed)):
            if re.search(pattern, text):
                return answer
        return None
    denies = bool(lexicon.denies.search(lexicon.no_denial.sub("", text)))
    if denies is not value:
        return value
    if denies:
        return None
    clear = ranked[0][2] - _same_fact_rival(name, ranked) >= 2 * AHEAD
    return value if clear else None
