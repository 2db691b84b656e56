"""Further spellings and surroundings of the training lines, to learn the meaning and not the shape."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pypinyin import lazy_pinyin

from guardrails.signals.inputs import alone, in_context, letters
from guardrails.signals.material import Form, Line
from guardrails.types import Author, Severity, Utterance

_DENIALS = ("开玩笑的", "没有啦，随便说说", "别当真", "没事了，我乱讲的", "当我没说")
PINYIN_SHARE = 0.08
PINYIN_CHARS = 24
"""So many of the short lines are also learned as pinyin."""
_HELLO = ("你好，", "请问，", "在吗，", "老师，", "同志你好，", "我想问下，", "那个，", "唉，", "")


@dataclass(frozen=True, slots=True)
class Example:
    """A text to learn from, and the line whose labels it carries."""

    text: str
    line: Line
    chance: float = 1.0
    """Of being read in one epoch: what is known already is only repeated."""


@lru_cache(maxsize=1)
def same_sound() -> dict[str, str]:
    """Common characters, each with all that sound like it."""
    common = [chr(c) for c in range(0x4E00, 0x9FA6)]
    sounds = lazy_pinyin(common, errors="ignore")
    groups: dict[str, list[str]] = {}
    for character, sound in zip(common, sounds, strict=False):
        try:
            character.encode("gb2312")
        except UnicodeEncodeError:
            continue
        groups.setdefault(sound, []).append(character)
    return {character: "".join(group) for group in groups.values() for character in group}


def _slips(text: str, chance: random.Random) -> str:
    """Typing slips: a character of the same sound, a lost mark, a doubled character."""
    out = []
    for character in text:
        roll = chance.random()
        if character in "，。！？,!?、" and roll < 0.4:
            out.append(chance.choice(("", " ", "，")))
        elif roll < 0.05 and character in same_sound():
            out.append(chance.choice(same_sound()[character]))
        elif roll < 0.065:
            out.append(character * 2)
        else:
            out.append(character)
    return "".join(out)


def _context(line: Line) -> tuple[Utterance, ...]:
    return tuple(Utterance(turn.author, turn.text) for turn in line.window)


def _with_neighbours(line: Line, harmless: Sequence[Line], chance: random.Random) -> str:
    before, after = chance.choice(harmless).text, chance.choice(harmless).text
    mark = chance.choice(("，", "。", " ", "？"))
    shape = chance.random()
    if shape < 0.4:
        return f"{line.text}{mark}{after}"
    if shape < 0.8:
        return f"{before}{mark}{line.text}"
    return f"{before}{mark}{line.text}{mark}{after}"


def variants(lines: Sequence[Line], *, each: int = 3, seed: int = 7) -> list[Example]:
    """The lines as they are, as they were typed where that is not how they are read, and `each` variants."""
    harmless = [one for one in lines if one.form is Form.ORDINARY and not one.window and len(one.text) < 40]
    harmless = [one for one in harmless if one.by == "founder"] or harmless  # the same ones in every run
    found: list[Example] = []
    for line in lines:
        plain, window = alone(line.text), _context(line)
        found.append(Example(in_context(plain, window) or plain, line))
        found += _as_typed(line, plain, random.Random(f"{seed}/pinyin/{line.text}"))
        for number in range(each):
            # A line has the same variants whatever else is in the material, so that states can be kept.
            chance = random.Random(f"{seed}/{number}/{line.text}")
            found.append(_variant(line, window, harmless, chance))
    return found


def _as_typed(line: Line, plain: str, chance: random.Random) -> list[Example]:
    """A disguised line before it was made readable; of the others a few in pinyin, before and after.

    The detector looks at both. Untrained, it took the look of pinyin for danger: of 224 harmless messages in
    pinyin it interrupted 98.
    """
    if line.window:
        return []
    if letters(plain) != letters(line.text):
        return [Example(line.text, line)]
    if len(plain) > PINYIN_CHARS or chance.random() >= PINYIN_SHARE:
        return []
    typed = chance.choice((" ", " ", "")).join(lazy_pinyin(plain))
    return [Example(typed, line), Example(alone(typed), line)]


def _variant(
    line: Line,
    window: tuple[Utterance, ...],
    harmless: Sequence[Line],
    chance: random.Random,
) -> Example:
    roll = chance.random()
    if window:
        plain = alone(_slips(line.text, chance))
        return Example(in_context(plain, window) or plain, line)
    if roll < 0.35:
        return Example(alone(_slips(line.text, chance)), line)
    if roll < 0.5:
        return Example(alone(chance.choice(_HELLO) + line.text), line)
    if roll < 0.75 and harmless:
        return Example(alone(_with_neighbours(line, harmless, chance)), line)
    if roll < 0.9 and harmless:
        earlier = chance.choice(harmless).text
        said = (Utterance(Author.FAMILY, earlier), Utterance(Author.ASSISTANT, "好的，我来帮您看看。"))
        return Example(in_context(alone(line.text), said) or line.text, line)
    if line.level >= Severity.S3 and not line.past:
        said = (Utterance(Author.FAMILY, line.text), Utterance(Author.ASSISTANT, "我在听。"))
        return Example(in_context(chance.choice(_DENIALS), said) or line.text, line)
    return Example(alone(_slips(line.text, chance)), line)
