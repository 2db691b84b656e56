"""Dialect and mistyped words are read as the words they stand for; words that are words stay (CR-6)."""

from __future__ import annotations

import datetime as dt

import pytest

from agent.types import ConversationState, Intent
from agent.understand import Understander, material
from agent.understand.respell import corrected, in_plain_words
from tools.facts import FactBook


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("医宝没交", "医保没交"),
        ("爸爸座牢", "爸爸坐牢"),
        ("户囗本要带吗", "户口本要带吗"),
        ("学废交不起", "学费交不起"),
        ("肢提三急", "肢体三级"),
        ("我姐读书", "我姐读书"),
        ("刚领到残疾证", "刚领到残疾证"),
        ("放弃低保", "放弃低保"),
        ("户口还没迁", "户口还没迁"),
        ("想装人工耳蜗", "想装人工耳蜗"),
    ],
)
def test_only_what_fits_nowhere_is_exchanged(typed: str, meant: str) -> None:
    assert corrected(typed) == meant


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("屋里厢呒没米哉", "家里没有米了"),
        ("娃儿啷个办证", "孩子怎么办证"),
        ("佢老豆坐监", "他爸爸坐监"),
        ("啥辰光发铜钿", "什么时候发钱"),
        ("特困哪个办", "特困哪个办"),
        ("怎么有这种事", "怎么有这种事"),
        ("他妈没什么事，能带孩子", "他妈没什么事，能带孩子"),
    ],
)
def test_dialect_is_put_into_plain_words(said: str, plain: str) -> None:
    assert in_plain_words(said) == plain


def test_what_is_typed_right_stays() -> None:
    """Of thousands of sentences of our own only those with a slip of the pen change."""
    texts = [wish.text for wish in material.wishes()] + [one.text for one in material.sayings()]
    changed = [text for text in texts if corrected(text) != text]
    assert len(changed) <= len(texts) // 200, changed


def test_questions_and_small_talk_tell_no_facts() -> None:
    """What is asked, thanked or complained of is nobody's fact; a handful of borders is allowed."""
    reader = Understander.load(FactBook.load(), {})
    telling = {Intent.TELL_FACTS, Intent.URGENT_NEED, Intent.AM_I_ELIGIBLE, Intent.CORRECT}
    asked = [wish.text for wish in material.wishes() if not telling & set(wish.intents)]
    today = dt.date(2026, 11, 22)
    told = [t for t in asked if reader.read(t, None, ConversationState(), today=today).facts]
    assert len(told) <= len(asked) // 50, told
