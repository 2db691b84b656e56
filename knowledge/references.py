"""How documents and clauses are named, and how a name is brought into its one canonical form."""

from __future__ import annotations

import re
import unicodedata

from knowledge.errors import LabelError
from knowledge.numerals import NUMERAL_CHARS, from_chinese, to_chinese

_NUM = rf"[{NUMERAL_CHARS}\d]+"
_SMALL = "(?:[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
"""Numbers of sections and items: 一 to 九十九, never two digits side by side."""
_ARTICLE = re.compile(
    rf"^第(?P<article>{_NUM})条(?:之(?P<of>{_NUM}))?"
    rf"(?:第(?P<paragraph>{_NUM})款)?(?:第?\(?(?P<item>{_NUM})\)?项)?(?:第?\(?(?P<point>{_NUM})\)?目)?$"
)
_NOTICE = re.compile(
    rf"^(?P<one>{_SMALL})[、.]?(?:\((?P<two>{_SMALL})\))?(?:(?P<three>\d+)[.、]?)?(?:\((?P<four>\d+)\))?$"
)
_HEADING = re.compile(rf"^(?:第{_NUM}(?:分?编|章|节))+$")
_OTHER = re.compile(r"^(?:引言|结尾|(?:附件\d*)?(?:表\d+)?(?:第\d+行)?(?:段\d+)?)$")
_DOCUMENT_NUMBER = re.compile(r"([\u4e00-\u9fff]+)[〔\[(【{]?((?:19|20)\d\d)[〕\])】}]?第?(\d+)号")
_DROPPED = re.compile(r"[\s《》〈〉“”\"'‘’「」]+")


def document_key(text: str) -> str:
    """The form in which document names are compared: `民发[2019] 62号` is `民发〔2019〕62号`."""
    plain = _DROPPED.sub("", unicodedata.normalize("NFKC", text))
    return _DOCUMENT_NUMBER.sub(r"\1〔\2〕\3号", plain)


def canonical_label(text: str) -> str:
    """The canonical clause label: half-width brackets, Chinese numerals, no punctuation.

    `二（二）1．` → `二(二)1`; `第18条第2款第3项` → `第十八条第二款第(三)项`.
    Empty stays empty: the whole document.

    Raises:
        LabelError: when it is not written as clause labels are.
    """
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    if not plain:
        return ""
    if match := _ARTICLE.match(plain):
        return _article_label(match)
    if match := _NOTICE.match(plain):
        label = to_chinese(from_chinese(match["one"]))
        label += f"({to_chinese(from_chinese(match['two']))})" if match["two"] else ""
        label += str(int(match["three"])) if match["three"] else ""
        return label + (f"({int(match['four'])})" if match["four"] else "")
    if _HEADING.match(plain) or _OTHER.match(plain):
        return plain
    raise LabelError(
        f"“{text.strip()}” is no clause label. Notices: 三(一) or 二(二)1; laws: 第十八条第二款第(三)项."
    )


def _article_label(match: re.Match[str]) -> str:
    label = f"第{to_chinese(from_chinese(match['article']))}条"
    label += f"之{to_chinese(from_chinese(match['of']))}" if match["of"] else ""
    label += f"第{to_chinese(from_chinese(match['paragraph']))}款" if match["paragraph"] else ""
    label += f"第({to_chinese(from_chinese(match['item']))})项" if match["item"] else ""
    return label + (f"第{from_chinese(match['point'])}目" if match["point"] else "")


def article_number(label: str) -> int | None:
    """The article that a label lies in: `第十八条第二款` → 18; None for labels of notices."""
    match = _ARTICLE.match(label)
    return from_chinese(match["article"]) if match else None


def is_law_label(label: str) -> bool:
    """Whether the label counts articles (第…条)."""
    return _ARTICLE.match(label) is not None


def clause_id(document_id: str, label: str) -> str:
    """`hz_kunjing_2025_70#三(一)`; the document's own id for the whole of it."""
    return f"{document_id}#{label}" if label else document_id
