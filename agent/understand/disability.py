"""Kind, level and certificate of a disability, as stated: 脑瘫 alone fixes no kind, 脑瘫一级 one to doubt."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.understand.lexicon import Lexicon

_LEVEL = re.compile(r"(?<![零一二两三四五六七八九十0-9])([1-4一二三四])级")
_CERTIFIED = re.compile(r"残疾人?证")
"""Beside it, or a level, a diagnosis tells what was certified: nobody need ask the kind again."""
_LEVELS = {"一": 1, "二": 2, "三": 3, "四": 4}
_ABOUT = re.compile(
    r"残|脑瘫|听障|智力|肢体|视力|听力|言语|精神|自闭|孤独|证|聋|哑|盲|瘫|鉴定|评|听不见|听不到|耳朵|耳蜗|看不见|眼睛"
)


@dataclass(frozen=True, slots=True)
class Disability:
    """What was said of a disability; None where nothing was."""

    kind: str | None
    level: int | None
    certificate: bool | None
    certain: bool
    span: str


def read_disability(text: str, lexicon: Lexicon, *, asked: bool = False) -> Disability:
    """Read a stretch about one person. `asked`: our last question was about this, so 二级 alone counts."""
    kind, span, certain = _kind(text, lexicon)
    level: int | None = None
    if _ABOUT.search(text) or asked:
        if found := _LEVEL.search(text):
            level = _LEVELS.get(found.group(1)) or int(found.group(1))
            span = span or found.group()
        elif found := lexicon.not_assessed.search(text):
            level = 0 if re.search(r"评|定级|鉴定", found.group()) else None
            span = span or found.group()
    certificate: bool | None = None
    if found := lexicon.certificate_no.search(text):
        certificate, span = False, span or found.group()
    elif found := lexicon.certificate_yes.search(text):
        certificate, span = True, span or found.group()
    return Disability(kind, level, certificate, certain, span)


def _kind(text: str, lexicon: Lexicon) -> tuple[str | None, str, bool]:
    for kind, pattern in lexicon.kinds.items():
        found = pattern.search(text)
        if found and not lexicon.negation.search(text[: found.start()]):
            # 精神病二级 is a certificate's wording as people say it; 精神病 alone is hearsay about a kind.
            loose = bool(lexicon.loose_kinds.search(found.group())) and not _LEVEL.search(text)
            return kind, found.group(), not loose
    if found := lexicon.no_disability.search(text):
        if "健康" in found.group() or "正常" in found.group() or "都好" in found.group():
            return None, "", True
        return "none", found.group(), True
    if _LEVEL.search(text) or (_CERTIFIED.search(text) and not lexicon.certificate_no.search(text)):
        for kind, words in lexicon.graded_kinds.items():
            if found := words.search(text):
                return kind, found.group(), False
    return None, "", True
