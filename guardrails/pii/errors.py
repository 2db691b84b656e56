"""Errors of the redaction room."""

from __future__ import annotations


class RedactionError(Exception):
    """Redaction could not be done (PR-5, R-48).

    Seen by the caller, never by a family. Whoever catches it stores and sends nothing of the message: rules
    and templates go on, the text is dropped. The message of this error never holds any part of the text.
    """
