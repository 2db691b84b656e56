# mypy: disable-error-code="import-not-found"
# Torch is not installed where Minxing is checked.
"""Blocks as rows of tokens: evidence first, then each sentence about it, blind to the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from eval.grounding.training.pair import PairReader, Places
from knowledge.encoder.bundled import FOLDER

_PAD = 1
_TOGETHER = 24
EVIDENCE_TOKENS, SENTENCE_TOKENS = 160, 48
"""What is read of each; a sentence of an answer has 40 characters."""


def evidence_text(text: str) -> str:
    """An evidence as the encoder wants it."""
    return f"passage: {text}"


def sentence_text(text: str) -> str:
    """A sentence as the encoder wants it."""
    return f"query: {text}"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence about an evidence."""

    text: str
    lie: float
    """1 for a lie, 0 for a truth."""
    weight: float = 1.0
    start: int = -1
    end: int = -1
    """Which of its characters are the lie, where that is known."""


@dataclass(frozen=True, slots=True)
class Example:
    """One row: evidence and sentences."""

    evidence: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """Tokens of an example."""

    evidence: list[int]
    said: tuple[list[int], ...]
    wrong: tuple[list[float], ...]
    """Per token of each sentence: 1 a word of the lie, 0 not, -1 unknown."""

    @property
    def length(self) -> int:
        """Of all tokens."""
        return len(self.evidence) + sum(map(len, self.said))


@lru_cache(maxsize=1)
def tokenizer() -> Tokenizer:
    """The bundled encoder's, without padding."""
    found = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    found.no_padding()
    found.no_truncation()
    found.encode_special_tokens = True
    return found


def row(example: Example) -> Row:
    """Tokens of an example."""
    evidence = tokenizer().encode(evidence_text(example.evidence))
    evidence.truncate(EVIDENCE_TOKENS)
    ids, wrong = [], []
    shift = len(sentence_text(""))
    for said in example.said:
        one = tokenizer().encode(sentence_text(said.text))
        one.truncate(SENTENCE_TOKENS)
        ids.append(one.ids)
        wrong.append(_wrong(said, [(a - shift, b - shift) for a, b in one.offsets]))
    return Row(evidence.ids, tuple(ids), tuple(wrong))


def _wrong(said: Said, offsets: Sequence[tuple[int, int]]) -> list[float]:
    if said.start < 0:
        return [-1.0] * len(offsets)
    return [float(a < said.end and said.start < b) if b > a >= 0 else -1.0 for a, b in offsets]


class Lower:
    """What the layers apart make of texts, each kept: most texts come again in every epoch."""

    def __init__(self, reader: PairReader) -> None:
        self._reader = reader
        self._known: dict[bytes, torch.Tensor] = {}

    def states(self, texts: Sequence[list[int]]) -> torch.Tensor:
        """States of all tokens of all texts, one text after the other, (tokens, 384)."""
        names = [np.array(text, np.int32).tobytes() for text in texts]
        new = {name: text for name, text in zip(names, texts, strict=True) if name not in self._known}
        order = sorted(new.items(), key=lambda item: len(item[1]))
        for start in range(0, len(order), _TOGETHER):
            some = order[start : start + _TOGETHER]
            numbers, mask, _ = _padded(
                np.cumsum([0, *(len(text) for _, text in some)])[:-1], [len(text) for _, text in some], 0
            )
            flat = torch.tensor([i for _, text in some for i in text])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                found = self._reader.alone(torch.where(mask, flat[numbers], _PAD), mask)
            for (name, text), state in zip(some, found, strict=True):
                self._known[name] = state[: len(text)].to(torch.bfloat16)
        return torch.cat([self._known[name] for name in names]).float()


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows in one long row of tokens: all evidences, then all sentences."""

    texts: tuple[list[int], ...]
    """Tokens of the evidences, then of the sentences."""
    wrong: torch.Tensor
    """Per token; -1 unknown."""
    at: Places


def batch(rows: Sequence[Row]) -> Batch:
    """Rows side by side."""
    evidences, said = [r.evidence for r in rows], [s for r in rows for s in r.said]
    texts = [*evidences, *said]
    lengths = [len(text) for text in texts]
    starts = np.cumsum([0, *lengths])
    wrong = [[-1.0] * sum(map(len, evidences)), *(w for r in rows for w in r.wrong)]
    known, known_mask, known_back = _padded(starts[: len(rows)], lengths[: len(rows)], 0)
    asked, asked_mask, asked_back = _padded(starts[len(rows) : -1], lengths[len(rows) :], known.numel())
    group = [number for number, r in enumerate(rows) for _ in r.said]
    return Batch(
        tuple(texts),
        torch.tensor([value for part in wrong for value in part]),
        Places(
            known, known_mask, asked, asked_mask, torch.tensor(group), torch.cat([known_back, asked_back])
        ),
    )


def _padded(
    starts: NDArray[np.int64], lengths: Sequence[int], offset: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Numbers of tokens by text, which of them there are, and where each token then lies."""
    within = np.arange(max(lengths))
    mask = within[None, :] < np.array(lengths)[:, None]
    numbers = np.where(mask, np.asarray(starts)[:, None] + within, 0)
    return torch.from_numpy(numbers), torch.from_numpy(mask), torch.from_numpy(np.flatnonzero(mask) + offset)


def groups(lengths: Sequence[int], tokens: int, chance: np.random.Generator | None) -> Iterator[list[int]]:
    """Rows in groups of about `tokens`, in random order or as they come."""
    order = chance.permutation(len(lengths)) if chance is not None else range(len(lengths))
    some: list[int] = []
    for i in order:
        if some and sum(lengths[j] for j in some) + lengths[int(i)] > tokens:
            yield some
            some = []
        some.append(int(i))
    if some:
        yield some
