"""One way to make characters comparable: width folded, controls blanked, invisible ones dropped."""

from __future__ import annotations

import unicodedata

_REPLACEMENT = "\ufffd"


class _Fold(dict[int, str]):
    """Filled as characters are met."""

    def __missing__(self, code: int) -> str:
        folded = _fold(chr(code))
        self[code] = folded
        return folded


def _fold(character: str) -> str:
    if character in "\n\t":
        return character
    if character == "\0":
        return _REPLACEMENT
    category = unicodedata.category(character)
    if category in ("Cf", "Mn", "Me") or "\ufe00" <= character <= "\ufe0f":
        return ""
    if category == "Cc":
        return " "
    if category == "Cs":
        return _REPLACEMENT
    if category == "Zs":
        return " "
    if category == "No":
        return (
            character  # Circled and raised digits stay apart: a list mark is not part of the number after it.
        )
    wide = unicodedata.normalize("NFKC", character)
    return wide if len(wide) == 1 else character


_FOLD = _Fold()


def storable(text: str) -> str:
    """The same text, character by character, without NUL and lone surrogates, which no database takes."""
    return "".join(_REPLACEMENT if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in text)


def folded_characters(text: str) -> list[str]:
    """Each character as one other or, if it is invisible, as nothing: the way back stays known."""
    return [_FOLD[ord(character)] for character in text]
