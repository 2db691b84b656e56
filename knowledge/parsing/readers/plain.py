"""Plain text and Markdown: UTF-8, UTF-16 with its mark, or GB18030."""

from __future__ import annotations

import codecs

from knowledge.errors import ReadingError
from knowledge.parsing.readers import ReadText


def read_plain(data: bytes) -> ReadText:
    """The text as it is; lines and pipe tables are told by the parser.

    Raises:
        ReadingError: when it is no text, or in no encoding that we know.
    """
    return ReadText("text", decode(data))


def decode(data: bytes, declared: str = "") -> str:
    """Text of unknown encoding.

    Raises:
        ReadingError: when no encoding fits.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    else:
        if b"\x00" in data:
            raise ReadingError(
                "This is no text (it holds binary content). txt, md, html, docx and text PDF are taken in."
            )
        candidates = [name for name in ("utf-8-sig", declared, "gb18030") if name]
    for name in candidates:
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    raise ReadingError("The encoding is not known. Save the file as UTF-8 or GB18030.")
