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
from agent.understand.respell import in_plain_words

ASKING_FILE = Path(__file__).with_name("asking.yaml")
CHAT = frozenset(
    {
        Intent.GREETING, Intent.THANKS, Intent.HUMAN, Intent.FORGET_ME, Intent.ARE_YOU_HUMAN,
        Intent.COMPLAINT, Intent.OUT_OF_SCOPE, Intent.STATUS_OF_MY_CASE,
    }
)  # fmt: skip
"""What the documents do not answer, when it is really meant."""
_POLITE = frozenset({Intent.GREETING, Intent.THANKS})
_CHAT_CHARS = 6
"""Up to so many characters a greeting is one."""
_ANSWER_CHARS = 12
"""Up to so many characters a message that asks nothing answers our question."""


class Asking(BaseModel):
    """`asking.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    asks: re.Pattern[str]
    troubled: re.Pattern[str]
    staff: re.Pattern[str]
    dialect: dict[str, str]


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
    text = in_plain_words(text)
    for spoken, plain in load_asking().dialect.items():
        text = re.sub(spoken, plain, text)
    return text


@cache
def _reader() -> IntentReader:
    return IntentReader.load()


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
    return bool(load_asking().staff.search(text))


def troubled(text: str) -> bool:
    """Whether a statement tells of a trouble that wants an answer: 学校不肯收."""
    return bool(load_asking().troubled.search(standard(text)))


def supposed(intent: Intent, text: str) -> bool:
    """Whether a message was taken for small talk by its likeness only: no wording says so."""
    short = intent in _POLITE and len(text) <= _CHAT_CHARS
    return intent in CHAT and not short and not _reader().ruled(intent, text)


def wants_search(understanding: Understanding, *, answers: bool) -> bool:
    """Whether the documents are to be searched although no intent asks for it.

    Args:
        understanding: of the message.
        answers: a question of ours waits.
    """
    text = understanding.question
    if understanding.intent in CHAT:
        return supposed(understanding.intent, text)
    if answers and len(text) <= _ANSWER_CHARS and understanding.facts:
        return worded(text)
    return worded(text) or troubled(text)
