"""Dialect and mistyped words, put into the words that the readers know, before anything is read.

Dialect is a table (`dialect.yaml`). A mistyped word is one of `terms.yaml` that sounds or looks like what was
typed, where each character that differs fits in no known word with its neighbours (低宝户, 志力残疾二急):
words that are words stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from agent.understand.lexicon import load_lexicon
from guardrails.signals import pinyin

DIALECT_FILE = Path(__file__).with_name("dialect.yaml")
TERMS_FILE = Path(__file__).with_name("terms.yaml")
_LEVEL = re.compile(
    r"([一二三四1-4])[急及极集积记](?!了|着|诊|救|病|用|需|忙|死|性|时|哭)"
    r"(?=$|[，。,！!、残证的 ]|孩|能|有|想|怎)"
)
"""二急 for 二级."""
_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ing", "in"), ("eng", "en"), ("ang", "an"), ("uang", "uan"))
_NEVER_MISTYPED = frozenset(
    "的了和把给还能没在是有不我他她你您就都也要到去来从被年月天几个人这那什么吗呢做上下进出再又才只跟与或对让向往很太更最已经所以可为但"
    "报非弃如果及吃喝住说讲看听想问拿领带走跑打开关回前后里外大小多少一二三四五六七八九十两半零死失试爸妈亡"
)
"""So common that it stands there on purpose: 刚领到残疾证 is no 领导."""
_WHOLE = 3
"""So long a right word stands for itself."""
_HAN = re.compile(r"[\u4e00-\u9fa5]")


class _Terms(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    words: tuple[str, ...]
    right: str
    looks: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Term:
    word: str
    sounds: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class _Index:
    terms: dict[str, tuple[_Term, ...]]
    """By the sound of the first character, longest first."""
    looks: dict[str, str]
    pairs: frozenset[str]
    whole: re.Pattern[str]
    """Right words that no mistyped one may reach into: 装人工耳蜗 asks for no person."""


class Wording:
    """Words exchanged for others, one after the other. Most texts have none of them: one look tells."""

    def __init__(self, *tables: Mapping[str, str]) -> None:
        words = [(word, plain) for table in tables for word, plain in table.items()]
        self._table = tuple((re.compile(word), plain) for word, plain in words)
        self._any = re.compile("|".join(f"(?:{word})" for word, _ in words))

    def exchange(self, text: str) -> str:
        """The text in the other words."""
        if not self._any.search(text):
            return text
        for word, plain in self._table:
            text = word.sub(plain, text)
        return text


@cache
def _dialect() -> Wording:
    tables: dict[str, dict[str, str]] = yaml.safe_load(DIALECT_FILE.read_text(encoding="utf-8"))
    return Wording(*tables.values())


def _blurred(sound: str) -> str:
    for exact, vague in _ALIKE:
        sound = sound.replace(exact, vague)
    return "l" + sound[1:] if sound.startswith("n") else sound


@lru_cache(maxsize=8192)
def _sounds(character: str) -> frozenset[str]:
    from pypinyin import Style
    from pypinyin import pinyin as spell

    if not _HAN.fullmatch(character):
        return frozenset()
    return frozenset(map(_blurred, spell(character, style=Style.NORMAL, heteronym=True)[0]))


def _places() -> list[str]:
    """Names of places, which sound like much else."""
    return [re.sub(r"\(.*\)", "", name) for names in load_lexicon().data.places.values() for name in names]


@cache
def _index() -> _Index:
    file = _Terms.model_validate(yaml.safe_load(TERMS_FILE.read_text(encoding="utf-8")))
    words = sorted({word for line in file.words for word in line.split()}, key=lambda w: (-len(w), w))
    found: dict[str, list[_Term]] = {}
    for word in words:
        term = _Term(word, tuple(map(_sounds, word)))
        for sound in term.sounds[0]:
            found.setdefault(sound, []).append(term)
    right = (*words, *file.right.split(), *_places())
    pairs = frozenset(word[i : i + 2] for word in right for i in range(len(word) - 1))
    whole = re.compile("|".join(word for word in file.right.split() if len(word) >= _WHOLE))
    return _Index({sound: tuple(terms) for sound, terms in found.items()}, file.looks, pairs, whole)


@lru_cache(maxsize=16384)
def _known(pair: str) -> bool:
    from pypinyin.constants import PHRASES_DICT

    found = pinyin.tables()
    return pair in PHRASES_DICT or pair in _index().pairs or (found is not None and pair in found[2])


def _fits_nowhere(text: str, start: int, word: str, changed: list[int]) -> bool:
    for i in changed:
        at = start + i
        if text[at] in _NEVER_MISTYPED:
            return False
        if any(_known(pair) for pair in (text[max(0, at - 1) : at + 1], text[at : at + 2]) if len(pair) == 2):
            return False
    return True


@lru_cache(maxsize=16384)
def _begun(pair: str) -> tuple[_Term, ...]:
    """The terms that may be meant where these two characters stand, longest first for each sound."""
    first, second = pair[0], pair[1]
    if not _HAN.match(first):
        return ()
    looks, terms = _index().looks, _index().terms
    heads = _sounds(first) | (_sounds(looks[first]) if first in looks else frozenset())
    return tuple(
        term for head in sorted(heads) for term in terms.get(head, ()) if _may_be(second, term, 1, looks)
    )


def _may_be(typed: str, term: _Term, i: int, looks: Mapping[str, str]) -> bool:
    """Whether a character is the one of the term, or sounds or looks like it."""
    right = term.word[i]
    return typed == right or bool(term.sounds[i] & _sounds(typed)) or looks.get(typed) == right


def _meant(text: str, at: int) -> str | None:
    """The term that the stretch beginning here is a misspelling of."""
    looks = _index().looks
    for term in _begun(text[at : at + 2]):
        typed = text[at : at + len(term.word)]
        if len(typed) < len(term.word):
            continue
        changed = [i for i, char in enumerate(term.word) if typed[i] != char]
        if not changed:
            return None
        if len(changed) > len(term.word) // 2 or not all(_may_be(typed[i], term, i, looks) for i in changed):
            continue
        if _fits_nowhere(text, at, term.word, changed):
            return term.word
    return None


def corrected(text: str) -> str:
    """The text with its mistyped terms exchanged.

    Examples:
        >>> corrected("评了低宝，他志力二急"), corrected("我姐读书")
        ('评了低保，他智力二级', '我姐读书')
    """
    out, at = [], 0
    text = _LEVEL.sub(r"\1级", text)
    whole = [found.span() for found in _index().whole.finditer(text)]
    while at < len(text):
        term = _meant(text, at) if at + 1 < len(text) else None
        if term and any(at < end and begin < at + len(term) for begin, end in whole):
            term = None
        out.append(term or text[at])
        at += len(term) if term else 1
    return "".join(out)


@lru_cache(maxsize=512)
def in_plain_words(text: str) -> str:
    """The text with dialect and mistyped terms in the words that everyone uses.

    Kept: a (redacted) message is read by many in its turn, and as an earlier one in those that follow.
    """
    return corrected(_dialect().exchange(text))
