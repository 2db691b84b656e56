"""What surrounds a danger word, or is a whole message: idioms, stories, plain turns, want, and what is past.

The patterns lie in `contexts.yaml`; rules and classifier ask them.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

FILE = Path(__file__).with_name("contexts.yaml")
MASK = "\u25a1"


class Contexts(BaseModel):
    """The file `contexts.yaml`: idioms, negation, stories, past and resolved."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    idioms: tuple[str, ...]
    negated_before: tuple[str, ...]
    negation_inside: str
    told: tuple[str, ...]
    told_but_real: str
    past: tuple[str, ...]
    resolved: tuple[str, ...]
    not_resolved: str
    still_there: tuple[str, ...]
    in_want: tuple[str, ...]
    in_want_by_disaster: tuple[str, ...]
    set_aside: tuple[str, ...]
    long_absent: tuple[str, ...]
    plain_answer: tuple[str, ...]
    plain_question: tuple[str, ...]
    call_made: tuple[str, ...]
    bare_reply: tuple[str, ...]
    in_want_but_alone: str
    question: tuple[str, ...]
    of_office: tuple[str, ...]


def any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for all of them."""
    return re.compile("|".join(f"(?:{one})" for one in patterns))


@cache
def contexts() -> Contexts:
    """The file `contexts.yaml`."""
    return Contexts.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))


@cache
def context(name: str) -> re.Pattern[str]:
    """The patterns of one entry of the file, as one."""
    value = getattr(contexts(), name)
    return any_of(value if isinstance(value, tuple) else (value,))


def mask_idioms(text: str) -> str:
    """Exaggerations blanked out, length kept.

    Examples:
        >>> mask_idioms("累死了,不想活了")
        '□□□,不想活了'
    """
    return context("idioms").sub(lambda idiom: MASK * len(idiom.group()), text)


def only_idioms(text: str) -> bool:
    """Whether a message is nothing but exaggerations: 「气死我了！」 says no more than that.

    Examples:
        >>> only_idioms("气死我了!"), only_idioms("累死了,不想活了"), only_idioms("好")
        (True, False, False)
    """
    masked = mask_idioms(text)
    return MASK in masked and not re.search(
        r"[^\W_]", masked.replace(MASK, "").strip("我你啊呀呢吧哦哈真的太都要快")
    )


def is_plain_answer(text: str) -> bool:
    """Whether a whole message only says that a parent is there and well.

    Examples:
        >>> is_plain_answer("孩子他爸在家,身体没问题"), is_plain_answer("他爸在家,又打她")
        (True, False)
    """
    return bool(context("plain_answer").fullmatch(text.strip()))


def is_call_made(text: str) -> bool:
    """Whether a whole message says that help was called: 打 there is no blow, and what happened is known.

    Examples:
        >>> is_call_made("打了,他们说十分钟到"), is_call_made("打了"), is_call_made("他打了我,在路上")
        (True, False, False)
    """
    return bool(context("call_made").fullmatch(text.strip()))


def is_plain_turn(text: str) -> bool:
    """Whether a whole message only asks what, where, how long or how much, or answers with an age or a no.

    Examples:
        >>> is_plain_turn("那要带什么材料呢?"), is_plain_turn("她九岁了"), is_plain_turn("要多久才死")
        (True, True, False)
    """
    told = text.strip()
    return any(context(name).fullmatch(told) for name in ("plain_question", "bare_reply"))


def still_there(text: str) -> bool:
    """Whether who did it is told to live with them to this day: then nothing is over (CR-8).

    Examples:
        >>> still_there("去年摸过她,现在还住一套房子"), still_there("去年打过,早就离了")
        (True, False)
    """
    return bool(context("still_there").search(text))


def what_decides(text: str) -> str:
    """A message without what is heavy by itself (a fire of last month) or says nothing (心里有个数).

    Examples:
        >>> what_decides("孩子十岁,前阵子家里着火了,能领什么"), what_decides("家里着火了")
        ('孩子十岁,,能领什么', '家里着火了')
    """
    return context("set_aside").sub("", text)


def long_absent(text: str) -> bool:
    """Whether a parent is told to have been out of contact for months: a ground for an allowance, no search.

    Examples:
        >>> long_absent("孩子妈联系不上有十个月"), long_absent("儿子放学到现在没回来")
        (True, False)
    """
    return bool(context("long_absent").search(text)) and not _TODAY.search(text)


_TODAY = re.compile("今[天晚早]|昨[天晚]|刚才|现在还|放学|半夜|前天")


def in_want(text: str) -> bool:
    """Whether a family tells of its own lack of shelter, food or money, with somebody caring for the child.

    That is what 临时救助 is for: it is answered at once, not met with a card about neglect.

    Examples:
        >>> in_want("家里着火了,今晚我和孩子没地方住"), in_want("家里没米了,妈妈走了五天,弟弟一直哭")
        (True, False)
    """
    return bool(context("in_want").search(text)) and not context("in_want_but_alone").search(text)


def in_want_by_disaster(text: str) -> bool:
    """Whether such a family names what took its home: fire, water, a collapse, and not a person."""
    return in_want(text) and bool(context("in_want_by_disaster").search(text))


def is_question(text: str) -> bool:
    """Whether anything is asked in a message, mark or no mark.

    Examples:
        >>> is_question("那她还能去哪里读"), is_question("我不想活了")
        (True, False)
    """
    return bool(context("question").search(text))


def asks_office(text: str) -> bool:
    """Whether a message speaks of what families ask offices for.

    Examples:
        >>> asks_office("孩子的补贴停了"), asks_office("他又打我")
        (True, False)
    """
    return bool(context("of_office").search(text))
