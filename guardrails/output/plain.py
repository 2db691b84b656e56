"""Is a text plain enough for a tired grandmother? The measurable part of AX-8, for templates and answers.

Common characters are the 3,755 of the first level of GB 2312-80. The 3,500 of 现代汉语常用字表 are nearly a
part of it, and the level can be derived from Python's own `gb2312` codec (rows 16 to 55), so that no list had
to be copied.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

_GLOSSARY = Path(__file__).with_name("glossary.yaml")

LONGEST = 40
"""Characters of a sentence at most (AX-8)."""
AVERAGE = 20
CHILD_LONGEST = 15
"""Characters of a sentence at most where a child reads (CR-19, AX-8)."""
COMMON_SHARE = 0.98
FIRST_USEFUL = 120
"""Characters before the first useful fact at most; what is useful, only its writer can say."""

_SENTENCE = re.compile(r"[^。！？!?；;\n]+")
_COUNTED = re.compile(r"[0-9A-Za-z]+|[\u3400-\u9fff]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"(?<![A-Za-z0-9@./:_\-])[A-Za-z][A-Za-z_]{1,}(?![A-Za-z0-9@/:])")
_CODE = re.compile(r"[{}`$]|\\n|%s|\bNone\b|null|undefined|<[a-z/]|\b[a-z]+_[a-z_]+\b")
_SPELLED_NUMBER = re.compile(r"[二三四五六七八九十百两]{1,4}(?:个工作日|个小时|小时|周岁|个月|元|天内|日内)")
_LATIN_KNOWN = frozenset({"APP", "App", "WiFi", "DNA", "HIV", "QQ", "CT", "IC", "ICU"})


class Rule(StrEnum):
    """What a finding is about."""

    SENTENCE_LENGTH = "sentence_length"
    AVERAGE_LENGTH = "average_length"
    RARE_CHARACTERS = "rare_characters"
    FOREIGN = "foreign"
    CODE = "code"
    SPELLED_NUMBER = "spelled_number"
    UNEXPLAINED_TERM = "unexplained_term"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that makes a text harder than it need be."""

    rule: Rule
    found: str
    advice: str


class Term(BaseModel):
    """A policy term and what it means."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    term: str
    meaning: str
    source: str
    said_as: tuple[str, ...]
    known_as: tuple[str, ...] = ()
    """What families call it: who says that needs no explanation."""
    tails: tuple[str, ...] = ()
    """Words that belong to it where they follow, such as 特困人员: the explanation comes behind them."""

    @property
    def bracketed(self) -> str:
        """The term with its explanation, as it stands in a sentence."""
        return f"{self.term}（{self.meaning}）"


class _Glossary(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    terms: tuple[Term, ...]


@lru_cache(maxsize=1)
def common_characters() -> frozenset[str]:
    """The 3,755 characters of GB 2312's first level: rows 16 to 55, the last one with 89 places."""
    return frozenset(
        bytes((row, place)).decode("gb2312")
        for row in range(0xB0, 0xD8)
        for place in range(0xA1, 0xFA if row == 0xD7 else 0xFF)
    )


@lru_cache(maxsize=1)
def glossary() -> tuple[Term, ...]:
    """Policy terms, the longest first, so that a term inside another is not looked for twice."""
    loaded = _Glossary.model_validate(yaml.safe_load(_GLOSSARY.read_text("utf-8")))
    return tuple(sorted(loaded.terms, key=lambda term: -len(term.term)))


def length(sentence: str) -> int:
    """Characters as a reader counts them: a number or a Latin word is one, marks are none."""
    return len(_COUNTED.findall(sentence))


def findings(text: str, *, child: bool = False) -> tuple[Finding, ...]:
    """Everything that AX-8 asks to be plainer.

    Args:
        text: Chinese prose without citations and markup.
        child: whether a child reads it.
    """
    sentences = [match.group().strip() for match in _SENTENCE.finditer(text) if length(match.group())]
    found = [*_lengths(sentences, CHILD_LONGEST if child else LONGEST), *_characters(text), *_leftovers(text)]
    return tuple(found + _unexplained(text, sentences))


def _lengths(sentences: list[str], longest: int) -> list[Finding]:
    found = [
        Finding(Rule.SENTENCE_LENGTH, sentence, f"{length(sentence)} characters; at most {longest}")
        for sentence in sentences
        if length(sentence) > longest
    ]
    average = sum(map(length, sentences)) / len(sentences) if sentences else 0.0
    if average > AVERAGE:
        found.append(Finding(Rule.AVERAGE_LENGTH, "", f"{average:.1f} on average; at most {AVERAGE}"))
    return found


def _characters(text: str) -> list[Finding]:
    han = _HAN.findall(text)
    rare = [character for character in han if character not in common_characters()]
    if not han or 1 - len(rare) / len(han) >= COMMON_SHARE:
        return []
    return [Finding(Rule.RARE_CHARACTERS, "".join(dict.fromkeys(rare)), "use everyday characters")]


def _leftovers(text: str) -> list[Finding]:
    found = [
        Finding(Rule.FOREIGN, word, "say it in Chinese")
        for word in _LATIN.findall(text)
        if word not in _LATIN_KNOWN
    ]
    found += [Finding(Rule.CODE, match.group(), "left over from code") for match in _CODE.finditer(text)]
    found += [
        Finding(Rule.SPELLED_NUMBER, match.group(), "write the number in digits")
        for match in _SPELLED_NUMBER.finditer(text)
    ]
    return found


def _unexplained(text: str, sentences: list[str]) -> list[Finding]:
    found = []
    covered = text
    for term in glossary():
        if term.term not in covered:
            continue
        covered = covered.replace(term.term, "　" * len(term.term))
        first = next((index for index, sentence in enumerate(sentences) if term.term in sentence), None)
        if first is None:
            continue
        if not _said_near(sentences, first, term):
            found.append(Finding(Rule.UNEXPLAINED_TERM, term.term, f"say what it is: {term.meaning}"))
    return found


def _said_near(sentences: list[str], place: int, term: Term) -> bool:
    near = "".join(sentences[max(0, place - 1) : place + 2]).replace(term.term, "")
    return any(words in near for words in term.said_as)


def explains(text: str, term: Term) -> bool:
    """Whether a text says somewhere what a term means: in the glossary's words, or near the term in its own.

    Examples:
        >>> guardian = next(term for term in glossary() if term.term == "监护人")
        >>> explains("找监护人。", guardian), explains("找监护人（依法照管孩子的人）。", guardian)
        (False, True)
    """
    if term.term not in text:
        return False
    sentences = _SENTENCE.findall(text)
    places = (index for index, sentence in enumerate(sentences) if term.term in sentence)
    return term.meaning in text or any(_said_near(sentences, place, term) for place in places)


def without_explanations(text: str, explanations: Iterable[str]) -> str:
    """A sentence without the bracketed explanations that are among its evidence, word for word.

    They are reviewed text that was put into a sentence; what is left is to be checked as it stood before.

    Examples:
        >>> without_explanations("找监护人（依法照管孩子的人）签字。", ["监护人（依法照管孩子的人）"])
        '找监护人签字。'
        >>> without_explanations("找监护人（谁都行）签字。", ["监护人（谁都行）"])
        '找监护人（谁都行）签字。'
    """
    named = frozenset(explanations)
    for term in glossary():
        if term.bracketed in named:
            tail = "|".join(("", *term.tails))
            behind = re.compile(f"({term.term}(?:{tail})[”」]?)（{re.escape(term.meaning)}）")
            text = behind.sub(r"\1", text, count=1)
    return text
