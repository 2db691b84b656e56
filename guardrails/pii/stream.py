"""Redaction of text that arrives in pieces: nothing goes while a pattern may be unfinished (PR-4, R-43)."""

from __future__ import annotations

from guardrails.pii.redactor import Redactor, hidden
from guardrails.pii.vault import Vault

_ENDS = frozenset("。！？!?；;\n")
HOLD_BACK = 96
"""Characters kept at least: longer than the longest number with a pause after each place, and its cue."""
_FORCED = 1024
"""Without any mark to stop at, the text is cut here, so that the buffer stays small."""


class StreamRedactor:
    """Redacts a stream with a hold-back buffer.

    What comes out does not depend on how the stream was cut: a part is let go only at the end of a sentence
    that lies `HOLD_BACK` characters or more behind the latest sentence end, and the decision falls on that
    character, wherever the pieces begin and end.
    """

    def __init__(self, redactor: Redactor, vault: Vault) -> None:
        self._redactor = redactor
        self._vault = vault
        self._buffer = ""

    def feed(self, piece: str) -> str:
        """Take the next piece; returns redacted text that may be shown, often nothing.

        Raises:
            RedactionError: if redaction failed. Nothing more may be shown of this stream.
        """
        released = ""
        for character in piece:
            self._buffer += character
            if character in _ENDS:
                released += self._release(self._last_end())
            elif len(self._buffer) >= _FORCED:
                released += self._release(len(self._buffer) - HOLD_BACK)
        return released

    def close(self) -> str:
        """The rest, redacted."""
        rest, self._buffer = self._buffer, ""
        return self._redactor.redact(rest, self._vault)[0] if rest else ""

    def _last_end(self) -> int:
        """How much may go: up to the last sentence end that is far enough back."""
        limit = len(self._buffer) - HOLD_BACK
        return max((at + 1 for at in range(max(limit, 0)) if self._buffer[at] in _ENDS), default=0)

    def _release(self, upto: int) -> str:
        """Redact the buffer as a whole and let its beginning go, never from the middle of an identifier."""
        if upto <= 0:
            return ""
        _, entities = self._redactor.redact(self._buffer, self._vault)
        for entity in entities:
            if entity.start < upto < entity.end:
                upto = entity.start
        ready, self._buffer = self._buffer[:upto], self._buffer[upto:]
        return hidden(ready, [entity for entity in entities if entity.end <= upto], self._vault)
