"""Pinyin typed in Latin letters, with or without spaces and tones, read back as Chinese characters.

The reading is the likeliest one under a small table of character pairs, counted over our own material and the
policy text (`pinyin.json`, made by `train.py`). Without the table the text stays as it was typed.
"""

from __future__ import annotations

import json
import math
import re
from functools import lru_cache
from pathlib import Path

from guardrails.signals.normalise import Normalised

TABLE = Path(__file__).with_name("model") / "pinyin.json"
Tables = tuple[dict[str, tuple[str, ...]], dict[str, float], dict[str, float]]
_WORD = re.compile(r"(?<![a-z])([a-z]+)[1-5]?(?![0-9])")
_FEWEST_SYLLABLES = 2
_SYLLABLE = 6
"""Letters of the longest syllable (zhuang)."""
_LONGEST = 900
"""Letters of a word without a blank; nobody writes longer ones, and twenty thousand would take minutes."""
_BEAM = 12


@lru_cache(maxsize=1)
def tables() -> Tables | None:
    """Characters by syllable, log frequency of characters, log frequency of pairs."""
    if not TABLE.exists():
        return None
    data = json.loads(TABLE.read_text(encoding="utf-8"))
    syllables = {syllable: tuple(characters) for syllable, characters in data["syllables"].items()}
    total = sum(data["characters"].values())
    single = {character: math.log(count / total) for character, count in data["characters"].items()}
    pairs = {pair: math.log(count / data["characters"][pair[0]]) for pair, count in data["pairs"].items()}
    return syllables, single, pairs


def segment(letters: str, syllables: dict[str, tuple[str, ...]]) -> list[str] | None:
    """Cut a run of letters into syllables, longest first; None if it is not pinyin.

    Examples:
        >>> segment("xianghuo", {"xiang": ("想",), "huo": ("活",), "hu": ("户",)})
        ['xiang', 'huo']
    """
    end = len(letters)
    taken = [0] * (end + 1)  # letters of the syllable that begins here; 0 where none leads to the end
    for start in range(end - 1, -1, -1):
        for length in range(min(_SYLLABLE, end - start), 0, -1):
            leads_on = start + length == end or taken[start + length]
            if leads_on and letters[start : start + length] in syllables:
                taken[start] = length
                break
    if end and not taken[0]:
        return None
    cut, start = [], 0
    while start < end:
        cut.append(letters[start : start + taken[start]])
        start += taken[start]
    return cut


def _likeliest(cut: list[str], left: str, right: str, tables: Tables) -> str:
    syllables, single, pairs = tables

    def step(before: str, character: str) -> float:
        seen = pairs.get(before + character)
        return seen if seen is not None else 0.3 * single.get(character, -12.0) - 7.0

    beams = [(0.0, "")]
    for syllable in cut:
        beams = sorted(
            (
                score + (step((text or left)[-1], character) if text or left else single[character]),
                text + character,
            )
            for score, text in beams
            for character in syllables[syllable]
        )[::-1][:_BEAM]
    if right:
        beams = sorted(((score + step(text[-1], right), text) for score, text in beams), reverse=True)
    return beams[0][1]


def _runs(text: str, tables: Tables) -> list[tuple[int, int, list[str]]]:
    """Stretches of neighbouring words that are pinyin throughout, with their syllables."""
    from guardrails.signals.readings import foreign

    runs: list[tuple[int, int, list[str]]] = []
    for word in _WORD.finditer(text):
        unread = len(word.group(1)) > _LONGEST or word.group(1) in foreign()
        cut = None if unread else segment(word.group(1), tables[0])
        if not cut:
            continue
        if runs and not text[runs[-1][1] : word.start()].strip(" '’.-_·/*"):
            start, _, before = runs[-1]
            runs[-1] = (start, word.end(), [*before, *cut])
        else:
            runs.append((word.start(), word.end(), cut))
    return runs


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"


def read(message: Normalised) -> Normalised:
    """Exchange runs of pinyin for characters; a lone syllable only inside Chinese words (不想huo了)."""
    found = tables()
    text = message.text
    if found is None or not re.search(r"[a-z]{2}", text):
        return message
    pieces = []
    for start, end, cut in _runs(text, found):
        left, right = text[max(0, start - 1) : start], text[end : end + 1]
        left, right = left if _is_han(left) else "", right if _is_han(right) else ""
        if len(cut) < _FEWEST_SYLLABLES and not (left and end - start > 1):
            continue
        pieces.append((start, end, _likeliest(cut, left, right, found)))
    return message.replace(pieces) if pieces else message
