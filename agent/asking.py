"""Whether a message wants an answer from the documents, whatever its intent was taken for."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from agent.types import Intent, Understanding
from agent.understand.intents import IntentReader
from agent.understand.lexicon import load_lexicon
from agent.understand.respell import Wording, in_plain_words
from agent.understand.roles import role_of

ASKING_FILE = Path(__file__).with_name("asking.yaml")
CHAT = frozenset(
    {
        Intent.GREETING, Intent.THANKS, Intent.HUMAN, Intent.FORGET_ME, Intent.ARE_YOU_HUMAN,
        Intent.COMPLAINT, Intent.OUT_OF_SCOPE, Intent.STATUS_OF_MY_CASE,
    }
)  # fmt: skip
"""What the documents do not answer, when it is really meant."""
HEARD = frozenset({Intent.COMPLAINT, Intent.STATUS_OF_MY_CASE})
"""Who complains, or waits, may read what they have a right to as well."""
_PLAIN = (Intent.AMOUNT, Intent.WHERE, Intent.HOW_LONG, Intent.MATERIALS)
_POLITE = frozenset({Intent.GREETING, Intent.THANKS})
_CHAT_CHARS = 6
"""Up to so many characters a greeting is one."""
_CLAUSE = re.compile(r"[^。！？!?；;，,\s]+[？?]?")
_PART_CHARS = 3
"""From so many characters on a clause may be a question of its own."""
_PARTS_MOST = 3
_ANSWER_CHARS = 12
"""Up to so many characters a message that asks nothing answers our question."""


class Asking(BaseModel):
    """`asking.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    asks: re.Pattern[str]
    troubled: re.Pattern[str]
    staff: re.Pattern[str]
    dialect: dict[str, str]
    worded: dict[Intent, re.Pattern[str]]
    how: re.Pattern[str]
    medicine: re.Pattern[str]


@cache
def load_asking() -> Asking:
    """Read once a process."""
    return Asking.model_validate(yaml.safe_load(ASKING_FILE.read_text(encoding="utf-8")))


def standard(text: str) -> str:
    """The same in words that the patterns and the documents know, where it was said in the dialect of here.

    Examples:
        >>> standard("伢儿住校，住宿费好减伐")
        '孩子住校，住宿费可以减吗'
    """
    return _dialect().exchange(in_plain_words(text))


@cache
def _dialect() -> Wording:
    return Wording(load_asking().dialect)


@cache
def _reader() -> IntentReader:
    return IntentReader.load()


def ruled(intent: Intent, text: str) -> bool:
    """Whether the wording says that this is asked: 要带什么材料."""
    return _reader().ruled(intent, text)


def plainly_asked(text: str) -> tuple[Intent, ...]:
    """What the wording asks for about a benefit, such as its amount, in the order of `_PLAIN`."""
    return tuple(intent for intent in _PLAIN if ruled(intent, text))


def worded(text: str) -> bool:
    """Whether the wording asks something.

    Examples:
        >>> worded("奶奶和外婆都要孙子，听谁的"), worded("孩子爸爸去年走了")
        (True, False)
    """
    patterns = (load_lexicon().asks, load_asking().asks)
    return any(pattern.search(said) for said in (text, standard(text)) for pattern in patterns)


def for_staff(text: str) -> bool:
    """Whether somebody who works with families is reading, or wants the clause itself.

    Examples:
        >>> for_staff("村委会能不能替孩子申请，依据是哪条"), for_staff("去哪里申请")
        (True, False)
    """
    return bool(load_asking().staff.search(text)) or bool(role_of(text))


def troubled(text: str) -> bool:
    """Whether a statement tells of a trouble that wants an answer: 学校不肯收."""
    return bool(load_asking().troubled.search(standard(text)))


def misheard(intent: Intent, text: str) -> bool:
    """Whether an intent was supposed although the message has none of the words that it always has.

    Examples:
        >>> misheard(Intent.APPEAL, "补贴打到谁卡上"), misheard(Intent.CONTACT, "他在外地，电话也通")
        (True, True)
        >>> misheard(Intent.APPEAL, "低保给我停了怎么办"), misheard(Intent.WHERE, "去哪里")
        (False, False)
    """
    words = load_asking().worded.get(intent)
    return words is not None and not any(words.search(said) for said in (text, standard(text)))


def asks_how(text: str) -> bool:
    """Whether a message asks how something is done: 怎么申请, not 想申请，还有没有."""
    return bool(load_asking().how.search(standard(text)))


def about_medicine(text: str) -> bool:
    """Whether a message asks for a dose or a medicine, which only doctors may say."""
    return bool(load_asking().medicine.search(standard(text)))


def supposed(intent: Intent, text: str) -> bool:
    """Whether a message was taken for small talk by its likeness only: no wording says so."""
    short = intent in _POLITE and len(text) <= _CHAT_CHARS
    return intent in CHAT and not short and not _reader().ruled(intent, text)


def wants_search(understanding: Understanding, *, answers: bool) -> bool:
    """Whether the documents are to be searched although no intent asks for it.

    Args:
        understanding: of the message.
        answers: it tells what our question asked for.
    """
    text = understanding.question
    if understanding.intent in HEARD and len(text) > _ANSWER_CHARS:
        return True
    if understanding.intent in CHAT:
        return supposed(understanding.intent, text) or troubled(text)
    if answers and is_short(text):
        return worded(text)
    return worded(text) or troubled(text)


def is_short(text: str) -> bool:
    """Whether a message is short enough to be nothing but the answer to our question."""
    return len(text) <= _ANSWER_CHARS


def asking_part(text: str) -> str:
    """The clauses of a message that ask, joined; the whole where none does.

    Examples:
        >>> asking_part("孩子爸爸住院，家里就我一个人，低保怎么办")
        '低保怎么办'
        >>> asking_part("他爸坐牢了")
        '他爸坐牢了'
    """
    asks = [clause for clause in _CLAUSE.findall(text) if len(clause) >= _PART_CHARS and worded(clause)]
    return "，".join(asks) or text


def questions_in(text: str) -> tuple[str, ...]:
    """The clauses of a message that each ask something, where it asks several things; else none.

    Examples:
        >>> questions_in("孤儿和低保能一起领吗？孤儿费又是谁去申请、到哪里申请？")
        ('孤儿和低保能一起领吗？', '孤儿费又是谁去申请、到哪里申请？')
        >>> questions_in("他爸坐牢了，能申请什么")
        ()
    """
    found = [c for c in _CLAUSE.findall(text) if len(c) >= _PART_CHARS and worded(c)]
    return tuple(found[:_PARTS_MOST]) if len(found) > 1 else ()
