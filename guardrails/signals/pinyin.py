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
_RUN = re.compile(r"[a-z]+(?:[1-5])?(?:[ '’]{1,2}[a-z]+[1-5]?)*")
_FEWEST_SYLLABLES = 2
_BEAM = 12


@lru_cache(maxsize=1)
def _load() -> tuple[dict[str, tuple[str, ...]], dict[str, float], dict[str, float]] | None:
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
    if not letters:
        return []
    for length in range(min(6, len(letters)), 0, -1):
        head = letters[:length]
        if head in syllables and (rest := segment(letters[length:], syllables)) is not None:
            return [head, *rest]
    return None


def _likeliest(
    cut: list[str], tables: tuple[dict[str, tuple[str, ...]], dict[str, float], dict[str, float]]
) -> str:
    syllables, single, pairs = tables
    beams: list[tuple[float, str]] = [(0.0, "")]
    for syllable in cut:
        grown = []
        for score, text in beams:
            for character in syllables[syllable]:
                step = single[character] * 0.3 + math.log(0.3) - 6.0
                if text and (seen := pairs.get(text[-1] + character)) is not None:
                    step = seen
                elif not text:
                    step = single[character]
                grown.append((score + step, text + character))
        beams = sorted(grown, reverse=True)[:_BEAM]
    return beams[0][1]


def read(message: Normalised) -> Normalised:
    """Exchange runs of pinyin for characters."""
    tables = _load()
    if tables is None or not re.search(r"[a-z]{2}", message.text):
        return message
    pieces = []
    for match in _RUN.finditer(message.text):
        words = re.findall(r"[a-z]+", match.group())
        cuts = [segment(word, tables[0]) for word in words]
        cut = [syllable for found in cuts if found for syllable in found]
        if any(found is None for found in cuts) or len(cut) < _FEWEST_SYLLABLES:
            continue
        pieces.append((match.start(), match.end(), _likeliest(cut, tables)))
    return message.replace(pieces) if pieces else message
