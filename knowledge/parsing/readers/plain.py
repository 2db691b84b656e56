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
                "这不是文本文件（含有二进制内容）。能收录 txt、md、html、docx 和有文字层的 pdf。"
            )
        candidates = [name for name in ("utf-8-sig", declared, "gb18030") if name]
    for name in candidates:
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    raise ReadingError("看不出文件的编码。请另存为 UTF-8 或 GB18030 编码再收录。")
