"""Answers to our own last question: 有, 没有, 三年, 去世了, 不想说."""

from __future__ import annotations

import re

from agent.types import SaidFact
from agent.understand.ages import of_another_time, own_age
from agent.understand.disability import read_disability
from agent.understand.frames import load_frames
from agent.understand.lexicon import Lexicon
from agent.understand.likeness import closest
from tools import numerals
from tools.facts import Fact, FactType


def declines(text: str, lexicon: Lexicon) -> bool:
    """Whether the family would rather not say."""
    return bool(lexicon.data.answers and re.search(lexicon.data.answers["declined"], text))


def does_not_know(text: str, lexicon: Lexicon) -> bool:
    """Whether the answer is that they do not know."""
    return bool(re.search(lexicon.data.answers["unknown"], text))


def is_whole_answer(text: str, fact: Fact) -> bool:
    """Whether the text is one of our own choices, word for word: it then says nothing else."""
    choices = [*fact.values.values(), *(choice for choice in (fact.if_true, fact.if_false) if choice)]
    bare = text.strip().rstrip("。.！!了")
    return any(bare == choice.label.rstrip("了") for choice in choices)


_NO_ANSWER = re.compile(
    r"(?<![不没])想(?:要|给[^，。]{1,4}|去|再)?(?:吃|拿|办|申请|领|评)|(?:是|叫|指)(?:个)?(?:啥|什么|什么意思|啥意思)(?:呀|啊)?[？?]?$|(?:啥|什么)意思"
)
"""我们也想吃低保 is a wish; 低边是啥, asked back while we wait for the kind of household, chooses none."""


def read_answer(text: str, fact: Fact, lexicon: Lexicon) -> SaidFact | None:
    """The value of `fact` in a short answer; None when the text is no answer to it."""
    text = text.strip()
    if not text or len(text) > 30 or declines(text, lexicon) or _NO_ANSWER.search(text):
        return None
    certain = not lexicon.doubt.search(text)
    if fact.type is FactType.BOOL:
        if (value := _yes_no(text, fact, lexicon)) is not None:
            return SaidFact(fact.name, value, text, certain=certain)
        return None
    if does_not_know(text, lexicon) and not (fact.type is FactType.ENUM and "是谁" in text):
        return None
    if fact.type is FactType.INT:
        if fact.unit == "岁" and (own_age(text) is not None or of_another_time(text)):
            return None  # 我今年29, said by who looks after the child; 19岁以前 is not now
        if re.search(r"钱|补贴|补助|[?？]", text):
            return None  # 一个月有多少钱, asked back while we wait for a term, is no term
        return _number(text, fact, certain, lexicon)
    return _choice(text, fact, certain, lexicon)


def _by_words(text: str, fact: Fact, lexicon: Lexicon) -> bool | None:
    """What the patterns of this fact say of the answer."""
    framed = load_frames().value(fact.name, text)
    if isinstance(framed, bool):
        return framed
    words = lexicon.data.simple.get(re.sub("^(father|mother)_", "", fact.name))
    if words is None:
        return None
    pairs = ((False, words.denied), (True, words.affirmed))
    return next((value for value, pattern in pairs if re.search(pattern, text)), None)


def _yes_no(text: str, fact: Fact, lexicon: Lexicon) -> bool | None:
    labelled = {
        value: (choice.label, *choice.said_as)
        for value, choice in ((True, fact.if_true), (False, fact.if_false))
        if choice
    }
    for value, wordings in labelled.items():
        if text in wordings:
            return value
    clauses = [clause for clause in re.split(r"[，,。.！!；;、 ]", text) if clause]
    yes, no = (False, True) if fact.no_affirms else (True, False)
    for clause in clauses[:1]:
        if re.match(lexicon.data.answers["denied"], clause):
            # 没有 to 是不是没有人照料 may mean either: the rest of the sentence says which.
            if "是不是没" not in fact.question:
                return no
        elif re.match(lexicon.data.answers["affirmed"], clause):
            return yes
    if (worded := _by_words(text, fact, lexicon)) is not None:
        return worded
    for said in (text, *clauses):
        if labelled and (likest := closest(said, labelled)) is not None:
            return likest
    first = clauses[0] if clauses else ""
    if found := _DENIED.match(first):
        return no if _of_question(first[found.end() :], fact) else None
    return yes if _of_question(first, fact) else None


_DENIED = re.compile(r"^(从来|一直|一分(?:钱)?都|都|也|还|现在)?(没有?|不|未|还没有?)(是|被|去)?")
_ABOUT = re.compile(r"[了过的呀啊吧呢着]|^(已经|是|有|在|都|早就)")


def _of_question(words: str, fact: Fact) -> bool:
    """Whether the words are those of the question: 没认定过 to 有没有认定."""
    bare = _ABOUT.sub("", words)
    asked = _ABOUT.sub("", fact.question)
    return 1 <= len(bare) <= 8 and set(bare) <= set(asked)


def _number(text: str, fact: Fact, certain: bool, lexicon: Lexicon) -> SaidFact | None:
    read = {"个月": _months, "级": _level, "岁": _years}.get(fact.unit, _plain)
    value, exact = read(text, lexicon)
    if value is None or not (fact.min or 0) <= value <= (fact.max if fact.max is not None else value):
        return None
    return SaidFact(fact.name, value, text, certain=certain and exact)


_REMAINING = re.compile(r"还(?:有|剩|要|差)|再(?:过|有)")
"""还有一年半出来 is not the whole term, but at least so long."""


def _months(text: str, lexicon: Lexicon) -> tuple[int | None, bool]:
    if re.search(r"无期|死缓", text):
        return 600, True
    if "岁" in text and (old := numerals.age_in_months(text)):
        return old.value, old.certain
    if amount := numerals.months(text):
        return amount.value, amount.certain and not _REMAINING.search(text)
    bare = re.fullmatch(rf"({numerals.NUMBER})个?月?", text)
    return (numerals.number(bare.group(1)) if bare else None), True


def _level(text: str, lexicon: Lexicon) -> tuple[int | None, bool]:
    level = read_disability(text, lexicon, asked=True).level
    if level is None and (bare := re.search(r"(?<![0-9])([0-4一二三四零])级|^([0-4一二三四零])$", text)):
        level = numerals.number(bare.group(1) or bare.group(2))
    if level is None and re.search(r"没(评|证|办|去)|还没", text):
        level = 0
    return level, True


def _years(text: str, lexicon: Lexicon) -> tuple[int | None, bool]:
    text = re.sub(r"老[二三四]", "老幺", text)
    if found := numerals.age(text, 0):
        return found[0].value, found[0].certain
    bare = re.fullmatch(rf"(?:今年|快|刚)?({numerals.NUMBER})(?:了|周)?", text)
    return (numerals.number(bare.group(1)) if bare else None), True


def _plain(text: str, lexicon: Lexicon) -> tuple[int | None, bool]:
    bare = re.search(numerals.NUMBER, text)
    return (numerals.number(bare.group()) if bare else None), True


def _when_asked(text: str, fact: Fact, lexicon: Lexicon) -> str | None:
    name = re.sub("^(father|mother)_", "parent_", fact.name)
    patterns = lexicon.data.when_asked.get(name, {})
    return next((value for value, pattern in patterns.items() if re.search(pattern, text)), None)


def _choice(text: str, fact: Fact, certain: bool, lexicon: Lexicon) -> SaidFact | None:
    for value, choice in fact.values.items():
        if text == choice.label or text in choice.said_as:
            return SaidFact(fact.name, value, text, certain=certain)
    bare = re.sub(r"[了的呀啊吧呢。，,！!]", "", text)
    for value, choice in fact.values.items():
        heads = re.split(r"[（(、，]", choice.label)
        if bare and any(bare == re.sub(r"[了的]", "", head) for head in heads):
            return SaidFact(fact.name, value, text, certain=certain)
    if fact.name.endswith("disability_kind"):
        said = read_disability(text, lexicon, asked=True)
        kind = said.kind or ("none" if re.match(lexicon.data.answers["denied"], text) else None)
        if kind:
            return SaidFact(fact.name, kind, text, certain=certain and said.certain)
    if fact.name.endswith("_state") and re.fullmatch(
        r"(离开|走掉|没联系|离家|联系不上|走的|跑|走了没回来?)(了|的)?", text
    ):
        return SaidFact(fact.name, "out_of_contact", text, certain=certain)
    nothing = next((value for value in ("none", "ordinary") if value in fact.values), None)
    if nothing and re.match(lexicon.data.answers["denied"], bare or text):
        return SaidFact(fact.name, nothing, text, certain=certain)
    if (known := _when_asked(text, fact, lexicon)) is not None:
        return SaidFact(fact.name, known, text, certain=certain)
    wordings = {
        value: (re.sub(r"（.*?）", "", choice.label), *choice.said_as)
        for value, choice in fact.values.items()
    }
    likest = closest(text, wordings)
    return None if likest is None else SaidFact(fact.name, likest, text, certain=certain)
