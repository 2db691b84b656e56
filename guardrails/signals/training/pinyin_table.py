"""Count the table by which typed pinyin is read back: characters and pairs of our own material and guides."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

_HAN = re.compile(r"[\u4e00-\u9fa5]+")
_CHARACTERS_PER_SYLLABLE = 14
_PAIRS = 14_000


def count(texts: Iterable[str]) -> tuple[Counter[str], Counter[str]]:
    """How often each character, and each pair of neighbours, occurs."""
    characters: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    for text in texts:
        for run in _HAN.findall(text):
            characters.update(run)
            pairs.update(run[i : i + 2] for i in range(len(run) - 1))
    return characters, pairs


def write(texts: Iterable[str], path: Path) -> None:
    """Write the table, the same bytes for the same texts."""
    from pypinyin import Style, pinyin

    characters, pairs = count(texts)
    syllables: dict[str, list[str]] = {}
    for character, _ in sorted(characters.items(), key=lambda item: (-item[1], item[0])):
        for syllable in sorted(set(pinyin(character, style=Style.NORMAL, heteronym=True)[0])):
            known = syllables.setdefault(syllable.replace("ü", "v"), [])
            if (
                re.fullmatch(r"[a-z]{1,6}", syllable.replace("ü", "v"))
                and len(known) < _CHARACTERS_PER_SYLLABLE
            ):
                known.append(character)
    syllables = {syllable: known for syllable, known in sorted(syllables.items()) if known}
    kept = {character for known in syllables.values() for character in known}
    best = sorted(
        (p for p in pairs if p[0] in kept and p[1] in kept and pairs[p] > 1), key=lambda p: (-pairs[p], p)
    )[:_PAIRS]
    table = {
        "syllables": {syllable: "".join(known) for syllable, known in syllables.items()},
        "characters": {character: characters[character] for character in sorted(kept)},
        "pairs": {pair: pairs[pair] for pair in sorted(best)},
    }
    text = json.dumps(table, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")
