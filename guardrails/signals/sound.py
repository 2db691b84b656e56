"""Words that matter, recognised by their sound when written with other characters (步见了 for 不见了).

A stretch is read as one of the words of `sounds.yaml` when it sounds the same and every character that
differs stands in no known word with its neighbours: unusual writing is exchanged, usual words are left alone.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

from guardrails.signals import pinyin
from guardrails.signals.normalise import Normalised

FILE = Path(__file__).with_name("sounds.yaml")


@lru_cache(maxsize=8192)
def sounds_of(character: str) -> frozenset[str]:
    """Every way in which a character is read, in pinyin without tones; none if it is no Chinese character."""
    from pypinyin import Style
    from pypinyin import pinyin as spell

    if not "\u4e00" <= character <= "\u9fa5":
        return frozenset()
    return frozenset(spell(character, style=Style.NORMAL, heteronym=True)[0])


@lru_cache(maxsize=1)
def _by_first_sound() -> dict[str, tuple[tuple[str, tuple[frozenset[str], ...]], ...]]:
    words: list[str] = yaml.safe_load(FILE.read_text(encoding="utf-8"))["words"]
    index: dict[str, list[tuple[str, tuple[frozenset[str], ...]]]] = {}
    for word in sorted(set(words), key=len, reverse=True):
        entry = (word, tuple(map(sounds_of, word)))
        for sound in entry[1][0]:
            index.setdefault(sound, []).append(entry)
    return {sound: tuple(entries) for sound, entries in index.items()}


@lru_cache(maxsize=4096)
def _known(pair: str) -> bool:
    from pypinyin.constants import PHRASES_DICT

    found = pinyin.tables()
    return pair in PHRASES_DICT or (found is not None and pair in found[2])


def _disguised(text: str, start: int, word: str) -> bool:
    """Whether the stretch differs from the word only by characters that fit nowhere."""
    changed = [i for i in range(len(word)) if text[start + i] != word[i]]
    if not changed or (len(changed) == len(word) and len(word) < 3):
        return False
    for i in changed:
        at = start + i
        if any(_known(pair) for pair in (text[max(0, at - 1) : at + 1], text[at : at + 2]) if len(pair) == 2):
            return False
    return True


def read(message: Normalised) -> Normalised:
    """Exchange disguised words."""
    text, index = message.text, _by_first_sound()
    pieces: list[tuple[int, int, str]] = []
    at = 0
    while at < len(text):
        for word, sounds in (entry for sound in sounds_of(text[at]) for entry in index.get(sound, ())):
            end = at + len(word)
            if (
                end <= len(text)
                and all(sounds[i] & sounds_of(text[at + i]) for i in range(len(word)))
                and _disguised(text, at, word)
            ):
                pieces.append((at, end, word))
                at = end - 1
                break
        at += 1
    return message.replace(pieces) if pieces else message
