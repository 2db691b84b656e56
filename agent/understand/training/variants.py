"""Further wordings of the material: the other parent, slips of typing, dialect, several things at once."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import yaml

from agent.types import Intent
from agent.understand.respell import DIALECT_FILE
from agent.understand.training.data import Example
from guardrails.signals.training.variants import same_sound

_MARKS = "，。！？,!?、；;"
_SWAPPED = (
    ("爸爸", "妈妈"), ("爸", "妈"), ("爹", "娘"), ("父亲", "母亲"), ("生父", "生母"),
    ("老公", "老婆"), ("丈夫", "妻子"), ("前夫", "前妻"), ("女婿", "媳妇"), ("阿爸", "姆妈"),
)  # fmt: skip
_OTHER = {one: other for pair in _SWAPPED for one, other in (pair, pair[::-1])}
_PARENT = re.compile("|".join(sorted(map(re.escape, _OTHER), key=len, reverse=True)))
_NOT_SWAPPED = re.compile(
    r"儿媳|媳妇儿|嫂|弟媳|姐夫|妹夫|姑娘|新娘|大娘|老娘|娘家|娘舅|奶妈|干[爹妈娘]|后[爹妈娘]|姑妈|姨妈|舅妈|爷娘|爹爹"
    r"|怀孕|生她|生他|生完|生下|难产|坐月子|生孩子|生了他|生了她|老爸|老妈"
)
_JOINED = ("，", "。", " ", "，", "；", "！")


def of_the_other_parent(text: str) -> str:
    """The same said of the other parent; as it is where that cannot be done word by word."""
    if _NOT_SWAPPED.search(text):
        return text
    return _PARENT.sub(lambda found: _OTHER[found.group()], text)


@cache
def _dialects() -> tuple[tuple[tuple[str, tuple[str, ...]], ...], ...]:
    """Of each dialect: a plain word, and the words of home for it that are written out in the table."""
    tables: dict[str, dict[str, str]] = yaml.safe_load(DIALECT_FILE.read_text(encoding="utf-8"))
    found = []
    for table in tables.values():
        words: dict[str, list[str]] = {}
        for pattern, plain in table.items():
            bare = re.sub(r"\(\?<?[=!][^)]*\)", "", pattern)
            words.setdefault(plain, []).extend(
                one for one in bare.split("|") if re.fullmatch(r"[\u4e00-\u9fa5]+", one)
            )
        found.append(tuple((plain, tuple(own)) for plain, own in words.items() if own and len(plain) > 0))
    return tuple(found)


def in_dialect(text: str, chance: random.Random) -> str:
    """The text with words of one dialect, as far as it has any."""
    for plain, own in chance.choice(_dialects()):
        if plain in text and chance.random() < 0.8:
            text = text.replace(plain, chance.choice(own))
    return text


def slips(text: str, chance: random.Random, rate: float = 0.06) -> str:
    """Typing slips: a character of the same sound, a lost one, a lost mark, a doubled one."""
    unmarked = chance.random() < 0.35
    out = []
    for character in text:
        roll = chance.random()
        if character in _MARKS:
            out.append(chance.choice(("", " ")) if unmarked else character)
        elif roll < rate and character in same_sound():
            out.append(chance.choice(same_sound()[character]))
        elif roll < rate * 1.3 and len(text) > 8:
            continue
        elif roll < rate * 1.5:
            out.append(character * 2)
        else:
            out.append(character)
    return "".join(out) or text


def joined(parts: Sequence[Example], chance: random.Random) -> Example | None:
    """Several messages as one; None where two of them say something of the same fact."""
    names = [
        {name for name in ({name for name, _ in part.says} | part.unsure) if not name.startswith(_OF_SEVERAL)}
        for part in parts
    ]
    if any(one & other for i, one in enumerate(names) for other in names[i + 1 :]):
        return None
    text = parts[0].text.rstrip(_MARKS)
    for part in parts[1:]:
        text += chance.choice(_JOINED) + part.text.rstrip(_MARKS)
    wants = [names for part in parts for names in part.wants]
    asked = [names for names in wants if names[0] not in _BESIDE]
    kept = asked or wants[:1]
    return Example(
        text,
        tuple(dict.fromkeys(kept)),
        frozenset().union(*(part.may_want for part in parts), _BESIDE),
        frozenset().union(*(part.says for part in parts)),
        frozenset().union(*(part.unsure for part in parts)),
        min(part.silence for part in parts),
    )


_OF_SEVERAL = ("parent_", "somebody_")
"""May be said of one person so and of another otherwise."""
_BESIDE = frozenset({Intent.TELL_FACTS, Intent.GREETING, Intent.THANKS})
"""Does not lead where something is asked."""
_SHORT, _LONGEST = 30, 110
"""Of a question that others are joined with; of several messages in one."""
_REWORDED = 0.35
"""Share of what is read only once that is read in another wording."""


def variants(examples: Sequence[Example], *, joins: int, seed: int) -> list[Example]:
    """What is learned from: labelled lines as they are and in another wording, sayings and wishes once.

    A text has the same variants whatever else is learned, so that states can be kept.
    """
    found: list[Example] = []
    for example in examples:
        chance = random.Random(f"{seed}/{example.text}")
        other = replace(example, text=_reworded(example.text, chance))
        if example.heard:
            twice = replace(example, text=_reworded(example.text, chance))
            found += [example, other, *([twice] if example.says else [])]
        else:
            found.append(other if chance.random() < _REWORDED else example)
    chance = random.Random(seed)
    telling = [one for one in examples if one.silence and one.says and _only_tells(one)]
    asking = [one for one in examples if one.silence and one.wants and not _only_tells(one)]
    asking = [one for one in asking if len(one.text) < _SHORT]
    for _ in range(joins if telling else 0):
        parts = chance.sample(telling, chance.choice((2, 2, 3)))
        if asking and chance.random() < 0.4:
            parts = [*parts[:2], chance.choice(asking)]
        parts = [
            replace(one, text=of_the_other_parent(one.text)) if chance.random() < 0.5 else one
            for one in parts
        ]
        whole = joined(parts, chance)
        if whole is not None and len(whole.text) <= _LONGEST:
            text = slips(whole.text, chance, 0.03) if chance.random() < 0.4 else whole.text
            found.append(replace(whole, text=text))
    return found


def _reworded(text: str, chance: random.Random) -> str:
    if chance.random() < 0.4:
        text = of_the_other_parent(text)
    return slips(in_dialect(text, chance) if chance.random() < 0.4 else text, chance)


def _only_tells(example: Example) -> bool:
    return all(names[0] is Intent.TELL_FACTS for names in example.wants)
