"""Examples made by rule: lies by one exchanged word, truths in other words, whole blocks renamed.

What the hands wrote teaches how people say things; these teach that one word decides, and that only the
evidence says which. Nothing here is policy.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from guardrails.output.paraphrase import paraphrases

_FILE = Path(__file__).with_name("swaps.yaml")
_SLOTS = Path(__file__).resolve().parents[3] / "guardrails" / "output" / "slots.yaml"
_UNIT = re.compile(r"[^。；;！!？?\n]+[。；;！!？?]?")
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_HAN_DIGITS = "零一二三四五六七八九"


class _Content(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    of_slots: list[str]
    renamed: list[str]
    rows: list[list[list[str]]]
    negation: list[tuple[str, str]]
    frames: list[str]


@dataclass(frozen=True, slots=True)
class Row:
    """Words of several senses that may take each other's place."""

    senses: tuple[tuple[str, ...], ...]
    sense_of: dict[str, int]
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Tables:
    """The file, ready for use."""

    rows: tuple[Row, ...]
    renamed: tuple[Row, ...]
    negation: dict[str, str]
    denial: re.Pattern[str]
    frames: tuple[str, ...]


def _row(senses: Sequence[Sequence[str]]) -> Row:
    sense_of = {word: number for number, words in enumerate(senses) for word in words}
    words = sorted(sense_of, key=len, reverse=True)
    return Row(tuple(map(tuple, senses)), sense_of, re.compile("|".join(map(re.escape, words))))


@lru_cache(maxsize=1)
def tables() -> Tables:
    """Read and check the file once."""
    content = TypeAdapter(_Content).validate_python(yaml.safe_load(_FILE.read_text("utf-8")))
    slots = yaml.safe_load(_SLOTS.read_text("utf-8"))
    of_slots = {name: _row(list(slots[name].values())) for name in content.of_slots}
    both_ways = dict(content.negation) | {negative: plain for plain, negative in content.negation}
    return Tables(
        rows=(*of_slots.values(), *map(_row, content.rows)),
        renamed=tuple(of_slots[name] for name in content.renamed),
        negation=both_ways,
        denial=re.compile("|".join(map(re.escape, sorted(both_ways, key=len, reverse=True)))),
        frames=tuple(content.frames),
    )


@dataclass(frozen=True, slots=True)
class Changed:
    """A text with one word exchanged."""

    text: str
    start: int
    end: int


def lie(text: str, evidence: str, chance: random.Random) -> Changed | None:
    """The text with one word exchanged for one that the evidence does not hold; None: there is no such."""
    roll = chance.random()
    if roll < 0.2 and (found := _denied(text, chance)):
        return found
    if roll < 0.3 and (found := _other_figure(text, evidence, chance)):
        return found
    options = [
        (match, row)
        for row in tables().rows
        for match in row.pattern.finditer(text)
        if match.group() in row.sense_of
    ]
    chance.shuffle(options)
    for match, row in options:
        own = row.sense_of[match.group()]
        others = [
            n for n, words in enumerate(row.senses) if n != own and not any(w in evidence for w in words)
        ]
        if others:
            words = row.senses[chance.choice(others)]
            word = words[0] if chance.random() < 0.6 else chance.choice(words)
            return _exchanged(text, match, word)
    return _denied(text, chance)


def _exchanged(text: str, match: re.Match[str], word: str) -> Changed:
    made = text[: match.start()] + word + text[match.end() :]
    return Changed(made, match.start(), match.start() + len(word))


def _denied(text: str, chance: random.Random) -> Changed | None:
    found = list(tables().denial.finditer(text))
    if not found:
        return None
    match = chance.choice(found)
    return _exchanged(text, match, tables().negation[match.group()])


def _other_figure(text: str, evidence: str, chance: random.Random) -> Changed | None:
    found = list(_FIGURE.finditer(text))
    if not found:
        return None
    match = chance.choice(found)
    value = float(match.group())
    for factor in chance.sample([0.5, 1.5, 2, 3, 10, 0.1, 0.8, 1.2], 8):
        other = f"{value * factor:g}"
        if other != match.group() and other not in evidence and "e" not in other:
            return _exchanged(text, match, other)
    return None


def units(evidence: str, longest: int = 90) -> list[str]:
    """Whole sentences of an evidence."""
    found = [match.group().strip() for match in _UNIT.finditer(evidence)]
    return [unit for unit in found if 8 <= len(unit) <= longest]


def restated(text: str, chance: random.Random, share: float = 0.4) -> str:
    """The text with some words put in other words, figures in other writing, and a harmless frame."""
    known = paraphrases()
    out, at = [], 0
    while at < len(text):
        word = next(
            (
                text[at : at + n]
                for n in range(min(known.longest, len(text) - at), 1, -1)
                if text[at : at + n] in known.words
            ),
            "",
        )
        groups = known.groups_of.get(word, ())
        if len(groups) == 1 and chance.random() < share:
            out.append(chance.choice(sorted(known.groups[groups[0]])))
        else:
            out.append(word or text[at])
        at += len(word) or 1
    made = "".join(out)
    if chance.random() < 0.5:
        made = _FIGURE.sub(lambda m: _han(m.group()), made)
    return chance.choice(tables().frames) + made


def _han(figure: str) -> str:
    """Whole numbers below a hundred in Chinese figures."""
    if not figure.isdigit() or not 0 < int(figure) < 100 or figure.startswith("0"):
        return figure
    tens, ones = divmod(int(figure), 10)
    start = ("" if tens == 1 else _HAN_DIGITS[tens]) + "十" if tens else ""
    return start + (_HAN_DIGITS[ones] if ones else "")


def renamed(texts: Sequence[str], chance: random.Random) -> list[str] | None:
    """All texts with two senses of one row exchanged throughout: what was true of them stays true."""
    rows = [row for row in tables().renamed if row.pattern.search(texts[0])]
    if not rows:
        return None
    row = chance.choice(rows)
    there = sorted({row.sense_of[m.group()] for m in row.pattern.finditer(texts[0])})
    one = chance.choice(there)
    other = chance.choice([n for n in range(len(row.senses)) if n != one])

    def turned(match: re.Match[str]) -> str:
        sense = row.sense_of[match.group()]
        if sense not in (one, other):
            return match.group()
        return row.senses[other if sense == one else one][0]

    return [row.pattern.sub(turned, text) for text in texts]


def turned_evidence(evidence: str, truth: str, chance: random.Random) -> str | None:
    """The evidence with a word exchanged on which the truth rests, so that it is no longer true."""
    options = []
    for row in tables().rows:
        mine = {row.sense_of[m.group()] for m in row.pattern.finditer(truth)}
        there = {row.sense_of[m.group()] for m in row.pattern.finditer(evidence)}
        if len(mine) == 1 and mine <= there:
            others = [n for n in range(len(row.senses)) if n not in there | mine]
            options += [(row, next(iter(mine)), n) for n in others]
    if not options:
        return None
    row, own, other = chance.choice(options)
    word = row.senses[other][0]
    return row.pattern.sub(lambda m: word if row.sense_of[m.group()] == own else m.group(), evidence)
