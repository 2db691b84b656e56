"""What redaction put in place of a name or a number, said in plain words: nobody reads 「<姓名1>」."""

from __future__ import annotations

import re

from guardrails.pii.kinds import PLACEHOLDER

PLACEHOLDERS = re.compile(PLACEHOLDER)


def in_plain_words(text: str, words: str) -> str:
    """A text without placeholders.

    Args:
        text: may hold placeholders.
        words: what stands for one; `{what}` is the kind of what was hidden.

    Examples:
        >>> in_plain_words("<姓名1>七个月了", "（已隐去的{what}）")
        '（已隐去的姓名）七个月了'
    """
    return PLACEHOLDERS.sub(lambda found: words.format(what=kind_of(found.group())), text)


def kind_of(placeholder: str) -> str:
    """The word inside a placeholder, without its number."""
    return placeholder.strip("<>").rstrip("0123456789")
