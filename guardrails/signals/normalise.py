"""Make disguised writing readable (CR-3) while every character still knows where it came from.

A message goes through four steps: fold (NFKC, invisible and traditional characters, case), join (what was
pulled apart by dots, spaces or symbols), pinyin (syllables typed in Latin letters) and read (homophones,
initials, number slang, emoji, from `readings.yaml`). Rules and classifier look at the result; triggers
show the family's own words.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
import zhconv

from guardrails.types import Span

DRAWN = Path(__file__).with_name("drawn.yaml")
_HAN = r"\u3400-\u9fff\U00020000-\U0003134f"
# Between single Han characters whatever is neither Han, letter nor digit pulls a word apart: 不.想.活.了.
_PULLED_APART = re.compile(rf"(?:[{_HAN}][^{_HAN}a-z0-9\n]{{1,3}}){{2,}}[{_HAN}](?![{_HAN}])")
# Between longer pieces only symbols that nobody uses as punctuation: 不想/活了, 自*杀, 跳_楼.
_SYMBOLS = re.compile(
    rf"(?<=[{_HAN}a-z])[.*/_\-|~·^+=#@&$%`\\<>…•。\u3000]{{0,2}}[*/_\-|~·^+=#@&$%`\\<>•.]+(?=[{_HAN}])"
)
_DROPPED = frozenset({"Cf", "Cc", "Cs", "Co", "Mn", "Me"})


@dataclass(frozen=True, slots=True)
class Normalised:
    """Readable text; `starts[i]` and `ends[i]` bound what character i was in the original."""

    original: str
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """The original words behind a stretch of the readable text."""
        if not self.text or start >= end:
            return Span(0, 0, "")
        left, right = min(self.starts[start:end]), max(self.ends[start:end])
        return Span(left, right, self.original[left:right])

    def replace(self, pieces: list[tuple[int, int, str]]) -> Normalised:
        """The same with stretches exchanged; `pieces`: (start, end, new text), in order, without overlap."""
        text: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        at = 0
        for start, end, new in [*pieces, (len(self.text), len(self.text), "")]:
            text.append(self.text[at:start])
            starts.extend(self.starts[at:start])
            ends.extend(self.ends[at:start])
            if new:
                text.append(new)
                starts.extend([min(self.starts[start:end])] * len(new))
                ends.extend([max(self.ends[start:end])] * len(new))
            at = end
        return Normalised(self.original, "".join(text), tuple(starts), tuple(ends))


@lru_cache(maxsize=8192)
def _fold(character: str) -> str:
    """One character in its plain form; empty for what nobody sees.

    Examples:
        >>> _fold("Ａ"), _fold("嗎"), _fold("ǎ"), _fold("\u200b")
        ('a', '吗', 'a', '')
    """
    if character in "\n\t\r\v\f\u2028\u2029":
        return "\n" if character in "\n\u2028\u2029" else " "
    if unicodedata.category(character) in _DROPPED:
        return ""
    plain = unicodedata.normalize("NFKC", character).lower()
    if ord(plain[0]) < 0x3000:
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
        return plain.replace("ı", "i")
    simplified = zhconv.convert(_drawn().get(plain, plain), "zh-hans")
    return simplified if isinstance(simplified, str) else plain


@lru_cache(maxsize=1)
def _drawn() -> dict[str, str]:
    """Fancy characters and the plain ones they stand for."""
    table: dict[str, str] = yaml.safe_load(DRAWN.read_text(encoding="utf-8"))["drawn"]
    return {fancy: plain for plain, drawings in table.items() for fancy in drawings}


def fold(original: str) -> Normalised:
    """Step 1: compatibility forms, case, traditional characters and invisible characters."""
    text: list[str] = []
    starts: list[int] = []
    for index, character in enumerate(original):
        for plain in _fold(character):
            text.append(plain)
            starts.append(index)
    return Normalised(original, "".join(text), tuple(starts), tuple(start + 1 for start in starts))


def join(message: Normalised) -> Normalised:
    """Step 2: put words together again that were pulled apart."""
    cuts: set[int] = set()
    for match in _PULLED_APART.finditer(message.text):
        run = match.group()
        # 爸，妈，你 is a list, not a disguise: commas join only runs of four characters and more.
        if len(re.findall(rf"[{_HAN}]", run)) < 4 and re.search(r"[，、。,!?！？；;]", run):
            continue
        cuts.update(
            i for i in range(match.start(), match.end()) if not re.match(rf"[{_HAN}]", message.text[i])
        )
    for match in _SYMBOLS.finditer(message.text):
        cuts.update(range(match.start(), match.end()))
    return message.replace([(i, i + 1, "") for i in sorted(cuts)]) if cuts else message


def normalise(original: str) -> Normalised:
    """All steps."""
    from guardrails.signals import readings

    return readings.read(join(fold(original)))
