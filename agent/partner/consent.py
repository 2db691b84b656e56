"""Whether a family wants its question handed on, and with what. Silence and anything unclear is no."""

from __future__ import annotations

from enum import StrEnum

from agent.partner.data import texts

ANSWER_CHARS = 40
"""A yes or no is short; a longer message is a new one, and agrees to nothing."""


class Answer(StrEnum):
    """What the family said to our question."""

    YES = "yes"
    WORDS_ONLY = "words_only"
    """The question may go, the facts may not."""
    NO = "no"
    UNCLEAR = "unclear"


def read(text: str) -> Answer:
    """Read the reply to 要我帮您转过去问吗.

    Examples:
        >>> [str(read(t)) for t in ("可以，去问吧", "只转这句话", "不用了", "那低保呢", "可以不转吗")]
        ['yes', 'words_only', 'no', 'unclear', 'no']
    """
    plain = text.strip()
    how = texts().consent
    if not plain or len(plain) > ANSWER_CHARS or how.person.search(plain):
        return Answer.UNCLEAR
    if how.words.search(plain):
        return Answer.WORDS_ONLY
    if how.no.search(plain):
        return Answer.NO
    return Answer.YES if how.yes.search(plain) else Answer.UNCLEAR
