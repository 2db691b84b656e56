"""A message that tells of two children: what it says of the one whom the facts are about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.understand.kin import Subject
from agent.understand.talk import Segment

_NAMED = re.compile(
    r"(?P<first>大的|老大|大宝|大孙[子女]?|大儿子|大女儿|姐姐|哥哥)|(?P<second>小的|老二|二宝|小孙[子女]?|小儿子|小女儿|弟弟|妹妹)"
    r"|(?P<third>老三|最小的)|(?P<boy>(?<!外)孙子|外孙(?!女)|儿子|侄[子儿]|外甥(?!女)|男孩)|(?P<girl>外?孙女|女儿|闺女|囡囡?|侄女|外甥女|女孩)"
)
ORDINALS = frozenset({"大的", "小的", "老大", "老二", "老三", "大宝", "二宝"})
"""Words by which a family turns from one child to the other."""
_TOLD_OF = re.compile(
    r"[0-9一二三四五六七八九十](?:周)?(?:岁|了?$)|残|[一二三四1-4]级|自闭|孤独症|脑瘫|智力|癌|白血|病|读|上|念|幼儿园|大班|健康|聋|瘫"
)
_NEEDS = re.compile(r"残|[一二三四1-4]级|自闭|孤独症|脑瘫|智力|癌|白血|病(?!没)|聋|瘫|辍学|不肯")
_WELL = re.compile(r"健康|没(?:有)?(?:残|病|问题|毛病)|正常|好好的")


_ASKED_OF = re.compile(
    r"(?<!不)(?:问|说|讲)的?(?:就|只)?是?(?P<who>大的|小的|老大|老二|老三|[^，。！!？?]{1,4})"
)


def _named(part: Segment) -> re.Match[str] | None:
    """The word for the child; 小儿子 is cut before 儿子."""
    return _NAMED.search(part.clause, max(part.clause.find(part.text) - 1, 0))


def _of_whom(parts: Sequence[Segment]) -> list[str]:
    """For each segment the child it tells of; empty where it tells of no child in particular."""
    whom, current = [], ""
    for part in parts:
        if part.subject not in (Subject.CHILD, Subject.NOBODY):
            whom.append("")
            continue
        if part.subject is Subject.CHILD and (found := _named(part)):
            current = found.lastgroup or ""
        whom.append(current)
    return whom


def one_child(parts: Sequence[Segment], *, now: str = "") -> tuple[tuple[Segment, ...], str | None]:
    """The segments without what is told of a second child, and the word for the child that is left.

    女儿12岁肢体二级，儿子8岁智力三级: the grade of one and the age of the other make up no child. The one in
    need stays, else the first, but before both the one that is asked about (问的是小的) and the one that the
    talk is about `now`; the other is asked for by itself.
    """
    whom = _of_whom(parts)
    told: dict[str, list[Segment]] = {}
    for child, part in zip(whom, parts, strict=True):
        if child and _TOLD_OF.search(part.text) and not part.asks:
            told.setdefault(child, []).append(part)
    if len(told) < 2:
        return tuple(parts), None
    in_need = [one for one, said in told.items() if any(_in_need(part.text) for part in said)]
    asked = [_ASKED_OF.search(part.clause) for part in parts]
    wished = [_NAMED.search(found["who"]) for found in asked if found] + [_NAMED.match(now)]
    wished_for = [found.lastgroup or "" for found in wished if found]
    kept = next(one for one in [*wished_for, *in_need, *told] if one in told)
    left = tuple(part for child, part in zip(whom, parts, strict=True) if child in ("", kept))
    word = next((found.group() for part in told[kept] if (found := _named(part)) is not None), None)
    return left, word


def _in_need(text: str) -> bool:
    return bool(_NEEDS.search(text)) and not _WELL.search(text)
