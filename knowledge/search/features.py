"""What is measured of each candidate clause: how its words, its meaning and its asks meet the question."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from knowledge.index.tokens import tokens
from knowledge.search.view import View
from knowledge.yaml_files import load_yaml

Floats = NDArray[np.float32]

NAMES = (
    "words",
    "words_of_last",
    "meaning",
    "meaning_behind_best",
    "meaning_of_last",
    "words_and_meaning",
    "is_asked",
    "ask_meaning",
    "ask_meaning_of_last",
    "ask_words",
    "nearest",
    "guide",
    "section_to_ask",
    "length",
    "section_of_kind",
    "linked",
)
"""The columns, in order. `…_of_last`: by the last message alone, where earlier ones belong to it."""

DEPTH = 100
"""Clauses that each way of finding puts forward."""
_DENSE_ROWS = 240
"""Vectors asked for: a long clause has several."""
_EARLIER = 0.5
"""Weight of a word of an earlier message."""
_EXPANSION = 0.6
"""Weight of a word that a term expansion added, beside 1 for one that the family wrote."""
_NOTHING = -0.31
"""Share of the encoder's scale (`scale.py`) that counts as nothing in common."""
ASK_NOTHING = -0.6
"""The same between two questions."""
_FOLLOWED = 8
_ASK_MOST = 2.2
"""No ask counts for more, however narrow the scale of an engine is; with ours none reaches it."""
"""Best clauses whose links are followed."""
_TO_ASK = "问谁"
_KINDS = Path(__file__).resolve().parent / "kinds.yaml"

# Words of asking carry no matter of their own.
_ASKING = frozenset("请问我想问一下的了吗呢啊吧么是有和就都也还要能可以怎么什么哪里多少几个这那")

_TERMS_OF_ASKING = re.compile(
    "多久|多长时间|几天|几个月|多少钱?|材料|证件|资料|手续|东西|带|准备|交|去|到|找|办理?|申请|领取?|拿到?|发|标准|条件|要求|资格|符合|每个?月"
    f"|[一二三四第次在月年天才得{''.join(sorted(_ASKING))}]"
)
_MATTER = re.compile(r"\w")


class _Kind(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    section: str
    words: tuple[str, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as search sees it: its words with their weights, and its vectors."""

    text: str
    """The last message."""
    weights: Mapping[str, float]
    last_weights: Mapping[str, float]
    vector: Floats
    """Of the whole talk, as clauses are compared."""
    last_vector: Floats
    """Of the last message."""
    asking: Floats
    """Of the whole talk, as questions are compared."""
    last_asking: Floats
    own: Mapping[str, float]
    """The words that the family wrote themselves, without expansions."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The clauses that any way of finding puts forward, and what was measured of them."""

    units: NDArray[np.int64]
    matrix: Floats
    """One row a unit, one column a name of `NAMES`."""
    meaning: float
    """Highest cosine among the clauses that apply, as a share of the scale."""
    ask_meaning: float
    """The same among the asks of these clauses; 0 where none is near."""


def query_weights(question: str, expanded: Sequence[str]) -> dict[str, float]:
    """Words of the question and of its expansions, with their weights."""
    weights: dict[str, float] = {}
    for token in tokens(question):
        weights[token] = 0.2 if all(char in _ASKING for char in token) else 1.0
    for term in expanded:
        for token in tokens(term):
            weights.setdefault(token, _EXPANSION)
    return weights


def names_nothing(question: str) -> bool:
    """Whether a question has words of asking only: what it asks about was said before, or not at all.

    >>> names_nothing("要多久？"), names_nothing("低保要多久？")
    (True, False)
    """
    return not _MATTER.search(_TERMS_OF_ASKING.sub("", question))


def talk_weights(last: Mapping[str, float], whole: Mapping[str, float]) -> dict[str, float]:
    """Words of a whole talk: those of the last message count in full, earlier ones for less."""
    return {word: max(_EARLIER * weight, last.get(word, 0.0)) for word, weight in {**last, **whole}.items()}


@cache
def _kinds() -> tuple[tuple[re.Pattern[str], str], ...]:
    kinds = [_Kind.model_validate(row) for row in load_yaml(_KINDS.read_text("utf-8"))["kinds"]]
    return tuple((re.compile("|".join(kind.words)), kind.section) for kind in kinds)


def sections_wanted(question: str) -> dict[str, float]:
    """Sections of a guide that such a question is answered in, with their shares.

    >>> sections_wanted("要带什么材料")
    {'怎么办理': 1.0}
    """
    found = [section for pattern, section in _kinds() if pattern.search(question)]
    return {section: found.count(section) / len(found) for section in found}


def measure(view: View, asked: Asked, allowed: NDArray[np.bool_], without: int | None = None) -> Candidates:
    """Candidates among the allowed units.

    Args:
        view: the snapshot.
        asked: the question.
        allowed: which units apply, shape (size,).
        without: a line of the asks that is left out: training asks with it.
    """
    words = np.where(allowed, view.lexical.scores(asked.weights), 0).astype(np.float32)
    ask_words = np.where(allowed, view.asks.words(asked.weights, view.size, without), 0)
    ask_cosine = np.where(allowed, view.asks.nearness(asked.asking, view.size, without), 0)
    nearest = _nearest(view, asked.vector, allowed)
    found = [best(values, DEPTH) for values in (words, nearest, ask_words, ask_cosine)]
    units = np.unique(np.concatenate(found))
    talk = asked.last_weights is not asked.weights
    last_words = view.lexical.scores(asked.last_weights)[units] if talk else words[units]
    ask_last = view.asks.nearness(asked.last_asking, view.size, without)[units] if talk else ask_cosine[units]
    cosine, cosine_of_last = nearest_rows(view, units, asked.vector, asked.last_vector)
    scale = view.scale
    off, span = scale.off, scale.on - scale.off
    ask_off, ask_span = view.asks_scale.off, view.asks_scale.on - view.asks_scale.off
    meaning = (cosine - off) / span
    is_asked = np.isin(units, view.asks.units)
    ask_meaning = np.where(
        is_asked, np.clip((ask_cosine[units] - ask_off) / ask_span - ASK_NOTHING, 0, _ASK_MOST), 0
    )
    highest = meaning.max(initial=_NOTHING + 1e-6)
    together = 0.5 * _relative(words[units]) + 0.5 * np.clip(
        (meaning - _NOTHING) / max(float(highest) - _NOTHING, 1e-6), 0, 1
    )
    wanted = sections_wanted(asked.text)
    section = view.section[units]
    columns = {
        "words": _relative(words[units]),
        "words_of_last": _relative(last_words),
        "meaning": meaning,
        "meaning_behind_best": meaning - highest,
        "meaning_of_last": (cosine_of_last - off) / span,
        "words_and_meaning": together,
        "is_asked": is_asked,
        "ask_meaning": ask_meaning,
        "ask_meaning_of_last": np.where(
            is_asked, np.clip((ask_last - ask_off) / ask_span - ASK_NOTHING, 0, _ASK_MOST), 0
        ),
        "ask_words": _relative(ask_words[units]),
        "nearest": np.maximum(meaning, ask_meaning + ASK_NOTHING),
        "guide": view.guide[units] != "",
        "section_to_ask": section == _TO_ASK,
        "length": np.log1p(view.length[units]) / 5,
        "section_of_kind": np.asarray([wanted.get(str(name), 0.0) for name in section]),
        "linked": _linked(view, units, together + ask_meaning / 2),
    }
    matrix = np.stack([np.asarray(columns[name], np.float32) for name in NAMES], axis=1)
    return Candidates(
        units,
        matrix.reshape(len(units), len(NAMES)),
        float(highest),
        float(ask_meaning.max(initial=0.0)),
    )


def _relative(values: Floats) -> Floats:
    """Each value as a share of the highest."""
    shares: Floats = values / max(float(values.max(initial=0)), 1e-6)
    return shares


def _nearest(view: View, vector: Floats, allowed: NDArray[np.bool_]) -> Floats:
    """Highest cosine of each unit near the question; 0 for the others."""
    found = np.zeros(view.size, np.float32)
    wanted = _DENSE_ROWS
    while True:
        rows, cosine = view.dense.nearest(vector, wanted)
        np.maximum.at(found, view.rows[rows], cosine)
        near = int((allowed & (found > 0)).sum())
        # Where most of the index is of other places or times, look deeper until enough apply.
        if near >= min(20, int(allowed.sum())) or len(rows) >= view.dense.size or wanted >= 4000:
            return np.where(allowed, found, 0).astype(np.float32)
        wanted *= 4


def nearest_rows(view: View, units: NDArray[np.int64], *vectors: Floats) -> list[Floats]:
    """The highest cosine of each unit's rows with each vector: also of those that only their words found."""
    if not len(units):
        return [np.zeros(0, np.float32) for _ in vectors]
    first = np.searchsorted(view.rows, units)
    count = np.searchsorted(view.rows, units, side="right") - first
    begins = np.concatenate(([0], np.cumsum(count)[:-1]))
    rows = np.arange(int(count.sum())) - np.repeat(begins - first, count)
    values = np.einsum("ij,kj->ik", np.asarray(view.vectors[rows], np.float32), np.stack(vectors))
    return list(np.maximum.reduceat(values, begins, axis=0).T)


def _linked(view: View, units: NDArray[np.int64], merit: Floats) -> Floats:
    """How good the best clause is that refers to each unit, restates it, or whose words it defines."""
    gains = np.zeros(len(units), np.float32)
    for place in np.argsort(-merit, kind="stable")[:_FOLLOWED]:
        for target in view.entry(int(units[place])).clause.links:
            unit = view.unit(target)
            at = int(np.searchsorted(units, unit)) if unit is not None else len(units)
            if at < len(units) and units[at] == unit:
                gains[at] = max(gains[at], float(merit[place]))
    return gains


def best(values: Floats, count: int) -> NDArray[np.int64]:
    """Positions of the highest values above 0, highest first."""
    count = min(count, len(values))
    if not count:
        return np.zeros(0, np.int64)
    top = np.argpartition(-values, count - 1)[:count]
    top = top[values[top] > 0]
    return top[np.lexsort((top, -values[top]))]
