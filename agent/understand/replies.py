"""Answers to our own last question: 有, 没有, 三年, 去世了, 不想说."""

from __future__ import annotations

import re

from agent.types import SaidFact
from agent.understand import numerals
from agent.understand.disability import read_disability
from agent.understand.lexicon import Lexicon
from tools.facts import Fact, FactType


def declines(text: str, lexicon: Lexicon) -> bool:
    """Whether the family would rather not say."""
    return bool(lexicon.data.answers and re.search(lexicon.data.answers["declined"], text))


def does_not_know(text: str, lexicon: Lexicon) -> bool:
    """Whether the answer is that they do not know."""
    return bool(re.search(lexicon.data.answers["unknown"], text))


def read_answer(text: str, fact: Fact, lexicon: Lexicon) -> SaidFact | None:
    """The value of `fact` in a short answer; None when the text is no answer to it."""
    text = text.strip()
    if not text or len(text) > 30 or declines(text, lexicon):
        return None
    certain = not lexicon.doubt.search(text)
    if fact.type is FactType.BOOL:
        if (value := _yes_no(text, fact, lexicon)) is not None:
            return SaidFact(fact.name, value, text, certain=certain)
        return None
    if does_not_know(text, lexicon):
        return None
    if fact.type is FactType.INT:
        return _number(text, fact, certain, lexicon)
    return _choice(text, fact, certain, lexicon)


def _yes_no(text: str, fact: Fact, lexicon: Lexicon) -> bool | None:
    for value, choice in ((True, fact.if_true), (False, fact.if_false)):
        if choice and text in (choice.label, *choice.said_as):
            return value
    first = re.split(r"[，,。.！!；; ]", text)[0]
    if re.match(lexicon.data.answers["denied"], first):
        return False
    if re.match(lexicon.data.answers["affirmed"], first):
        return True
    return None


def _number(text: str, fact: Fact, certain: bool, lexicon: Lexicon) -> SaidFact | None:
    read = {"个月": _months, "级": _level, "岁": _years}.get(fact.unit, _plain)
    value, exact = read(text, lexicon)
    if value is None or not (fact.min or 0) <= value <= (fact.max if fact.max is not None else value):
        return None
    return SaidFact(fact.name, value, text, certain=certain and exact)


def _months(text: str, lexicon: Lexicon) -> tuple[int | None, bool]:
    if re.search(r"无期|死缓", text):
        return 600, True
    if amount := numerals.months(text):
        return amount.value, amount.certain
    bare = re.fullmatch(rf"({numerals.NUMBER})个?月?", text)
    return (numerals.number(bare.group(1)) if bare else None), True


def _level(text: str, lexicon: Lexicon) -> tuple[int | None, bool]:
    level = read_disability(text, lexicon, asked=True).level
    if level is None and re.fullmatch(r"[0-4一二三四零]级?", text):
        level = numerals.number(text.rstrip("级"))
    if level is None and re.search(r"没(评|证|办|去)|还没", text):
        level = 0
    return level, True


def _years(text: str, lexicon: Lexicon) -> tuple[int | None, bool]:
    if found := numerals.age(text, 0):
        return found[0].value, found[0].certain
    bare = re.fullmatch(rf"(?:今年|快|刚)?({numerals.NUMBER})(?:了|周)?", text)
    return (numerals.number(bare.group(1)) if bare else None), True


def _plain(text: str, lexicon: Lexicon) -> tuple[int | None, bool]:
    bare = re.search(numerals.NUMBER, text)
    return (numerals.number(bare.group()) if bare else None), True


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
    if "none" in fact.values and re.match(lexicon.data.answers["denied"], text):
        return SaidFact(fact.name, "none", text, certain=certain)
    if "ordinary" in fact.values and re.match(lexicon.data.answers["denied"], bare or text):
        return SaidFact(fact.name, "ordinary", text, certain=certain)
    return None
