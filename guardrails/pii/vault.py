"""The stable placeholders of one conversation, and what they stand for (PR-3)."""

from __future__ import annotations

import json
import re
from typing import Any

from guardrails.pii.digits import SPOKEN
from guardrails.pii.errors import RedactionError
from guardrails.pii.folding import folded_characters
from guardrails.pii.kinds import LABELS, PLACEHOLDER, EntityType

_PLACEHOLDER = re.compile(PLACEHOLDER)
_FORMAT = 1
_MOST_PER_LABEL = 9999
"""A placeholder has four digits at most; beyond that new values share the last one."""

_NUMERIC = frozenset(
    {
        EntityType.CN_RESIDENT_ID, EntityType.CN_MOBILE, EntityType.CN_LANDLINE, EntityType.BANK_CARD,
        EntityType.PASSPORT, EntityType.HK_MACAO_TAIWAN_PERMIT, EntityType.HOUSEHOLD_REGISTER,
        EntityType.DISABILITY_CERTIFICATE, EntityType.BIRTH_CERTIFICATE, EntityType.STUDENT_NUMBER,
        EntityType.SOCIAL_SECURITY_CARD, EntityType.QQ,
    }
)  # fmt: skip


def same_form(kind: EntityType, value: str) -> str:
    """The form under which two spellings of one value are equal.

    Examples:
        >>> same_form(EntityType.CN_MOBILE, "+86 138-0013 8000")
        '13800138000'
        >>> same_form(EntityType.CN_MOBILE, "一三八〇〇一三八〇〇〇")
        '13800138000'
        >>> same_form(EntityType.PERSON, "张 伟")
        '张伟'
    """
    folded = "".join(folded_characters(value)).casefold()
    kept = (
        "".join(c for c in folded if c.isalnum()) if kind in _NUMERIC or kind is EntityType.PERSON else folded
    )
    if kind not in _NUMERIC:
        return "".join(kept.split())
    plain = "".join(SPOKEN.get(c, c) for c in kept).replace("х", "x").replace("叉", "x")
    if kind is EntityType.CN_RESIDENT_ID and len(plain) == 17:
        plain += "x"  # The sign for X was a multiplication sign or a star, which is not a letter.
    if kind is EntityType.CN_MOBILE and len(plain) > 11:
        return plain[-11:]
    return plain


class Vault:
    """Placeholders of one conversation. It can undo every redaction, so it is stored encrypted."""

    def __init__(self) -> None:
        self._placeholders: dict[tuple[str, str], str] = {}
        self._values: dict[str, str] = {}
        self._names: dict[str, None] = {}

    def __len__(self) -> int:
        return len(self._values)

    def placeholder(self, kind: EntityType, value: str) -> str:
        """The placeholder of a value: the same one whenever the value comes again, however it is written."""
        key = (kind.label, same_form(kind, value))
        known = self._placeholders.get(key)
        if known is not None:
            return known
        count = sum(1 for label, _ in self._placeholders if label == kind.label)
        made = f"<{kind.label}{min(count + 1, _MOST_PER_LABEL)}>"
        self._placeholders[key] = made
        self._values.setdefault(made, value)
        if kind is EntityType.PERSON:
            self._names[value] = None
        return made

    @property
    def names(self) -> tuple[str, ...]:
        """Names hidden so far, as they were written, so that the next message hides them too."""
        return tuple(name for name in self._names if len(name) >= 2)

    @property
    def hidden(self) -> dict[str, str]:
        """What each placeholder stands for: only for staff with a reason, audited by the caller (PR-3)."""
        return dict(self._values)

    def restore(self, text: str) -> str:
        """Undo the redaction of a text: only for staff with a reason, and audited by the caller (PR-3)."""
        return _PLACEHOLDER.sub(lambda match: self._values.get(match.group(), match.group()), text)

    def to_json(self) -> str:
        """All placeholders and values, to be encrypted and stored."""
        entries = [[label, form, made] for (label, form), made in self._placeholders.items()]
        content = {"format": _FORMAT, "entries": entries, "values": self._values, "names": list(self._names)}
        return json.dumps(content, ensure_ascii=True)

    @classmethod
    def from_json(cls, content: str) -> Vault:
        """The vault that `to_json` wrote.

        Raises:
            RedactionError: if the content is not a vault. The error holds none of it.
        """
        try:
            loaded: dict[str, Any] = json.loads(content)
            if loaded["format"] != _FORMAT or any(label not in LABELS for label, _, _ in loaded["entries"]):
                raise ValueError
            vault = cls()
            vault._placeholders = {
                (str(label), str(form)): str(made) for label, form, made in loaded["entries"]
            }
            vault._values = {str(made): str(value) for made, value in loaded["values"].items()}
            vault._names = {str(name): None for name in loaded["names"]}
        except (ValueError, KeyError, TypeError, AttributeError):
            raise RedactionError("The placeholder vault of this conversation could not be read.") from None
        return vault
