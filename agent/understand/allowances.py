"""Which of the two allowances for the disabled a family tells of: 护理补贴有，生活补贴没有.

Both stand in one breath, and 生活补贴 alone is also said of the children's basic living allowance; beside
护理补贴 or 两项补贴 it is the one for the disabled.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.types import SaidFact
from agent.understand.talk import Segment

NAME = "receives_disability_living_allowance"
_BOTH_KNOWN = re.compile(
    r"护理(?:补贴|补助|的|那份|那个)|残疾|残补|两补|两项补贴|(?:批|给|领|拿|发|有)了?护理"
)
_OF_CHILDREN = re.compile(r"孤儿|事实|困境|基本")
_LIVING = re.compile(
    r"(?:残疾人?的?|困难残疾人)?(?:那个|那份)?生活(?:补贴|补助)(?:和|跟|、|与)?(?P<rest>[^护]*)"
)
_ONLY_CARE = re.compile(r"(?:只|光|就)(?:批|有|给|领|拿|发)了?(?:个|到)?护理|只[^生]{0,4}护理")
_NO = re.compile(r"没|不(?!错)|停|断|未|冇|呒")
_YES = re.compile(r"有|领|拿|到(?:卡|账|手)|发|享受|批(?:了|下)")
_ASKED = re.compile(r"吗|能|可以|怎么|多少|想|要|如何|哪|区别|几|申请|打算|还是|冲突|如果")


def told_of_both(segments: Sequence[Segment]) -> SaidFact | None:
    """Whether the living allowance for the disabled is paid, where a message sets it beside the other."""
    clauses = list(dict.fromkeys(part.clause for part in segments if not (part.asks or part.hypothetical)))
    text = "，".join(clauses)
    if not _BOTH_KNOWN.search(text) or _OF_CHILDREN.search(text):
        return None
    for clause in clauses:
        if _ASKED.search(clause):
            continue
        if found := _LIVING.search(clause):
            rest = found["rest"] or clause[found.end() :]
            if _NO.search(rest):
                return SaidFact(NAME, False, clause)
            if _YES.search(rest):
                return SaidFact(NAME, True, clause)
        elif _ONLY_CARE.search(clause):
            return SaidFact(NAME, False, clause)
    return None
