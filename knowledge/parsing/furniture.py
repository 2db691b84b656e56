"""What surrounds the clauses of an official text: page furniture, title, adoption, addressee, signature."""

from __future__ import annotations

import datetime as dt
import re

FURNITURE = re.compile(
    r"^(?:返\s*回|所在位置|当前位置|您的位置|发布时间|发布日期|来源\s*[:：]|信息来源|稿源|责任编辑|编辑\s*[:：]|作者\s*[:：]"
    r"|打印|关闭|分享|字号|字体\s*[:：]|浏览次数|点击数|阅读次数|扫一扫|索引号|主题分类|公开方式|统一编号|有效性"
    r"|〔网站标注|上一篇|下一篇|相关阅读|附件下载|[-—=_*·\s]{3,}$|[-—]\s*\d+\s*[-—]$|第\s*\d+\s*页|\d{1,4}$|首页)"
)
"""Lines of the page that carried the text. Anchored at the start: a clause never begins so."""

CONTENTS = re.compile(r"^目\s*录$")
GAP = re.compile(r"^(?:…+|\.{3,}|〔?(?:略|以下略|中略)〕?)$")
TORN = re.compile(r"^〔(?:某条|某款|上文|接上)")
"""A paragraph that our copy tore from its article: it must not be counted to the one before."""
NOT_HAD = re.compile(r"〔(?:以下|以上)未取得〕")
ADOPTION = re.compile(
    r"^[（(]?\s*\d{4}\s*[年-]\s*\d{1,2}\s*[月-]\s*\d{1,2}\s*日?[^。；]*(?:通过|批准|修正|修订|公布|发布|施行|废止)"
)
ADDRESSEE = re.compile(r"^(?:各|有关|国务院|省|市|县|部)[^。；]{4,}[:：]$")
NUMBER = re.compile(
    r"^[\u4e00-\u9fff]{2,12}\s*[〔\[(（【]?\s*((?:19|20)\d\d)\s*[〕\])）】]?\s*第?\s*(\d{1,4})\s*号?$"
)
DATE = re.compile(r"^[（(]?\s*(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日\s*[)）]?$")
PUBLIC = re.compile(r"^[（(]?此件(?:公开|主动公开|依申请公开|不公开|删减后公开)(?:发布)?[)）]?$")
SIGNER = re.compile(r"(?:厅|部|局|委员会|委|人民政府|政府|院|会|署|中央|联合会|银行|总工会|办公室)$")
ANNEX = re.compile(r"^附\s*(?:件|表|录)?\s*([一二三四五六七八九十]|\d{1,2})?\s*[:：．.]?\s*(.*)$")
CLOSING = re.compile(
    r"^(?:各省|各地区|各地要|各地可|各区、县|各市|本(?:意见|通知|办法|实施意见|规定)自|以上|请各|特此)"
)
_IN_FORCE = re.compile(r"自\s*(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日起(?:施行|实施|执行)")


def squeezed(text: str) -> str:
    """`text` without any blanks, for comparing titles and names."""
    return re.sub(r"[\s\u3000\u00a0]+", "", text)


def date_of(line: str) -> dt.date | None:
    """The date when `line` is nothing but a date."""
    match = DATE.match(line)
    return _date(*match.groups()) if match else None


def in_force_date(text: str) -> dt.date | None:
    """The date from which the text says that it is in force; the last one named."""
    found = _IN_FORCE.findall(squeezed(text))
    return _date(*found[-1]) if found else None


def _date(year: str, month: str, day: str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def document_number(line: str) -> str | None:
    """The 文号 when `line` is nothing else, in its canonical form; brackets may have been lost."""
    plain = squeezed(line)
    match = NUMBER.match(plain)
    if not match:
        return None
    # Where the brackets are gone the year and the number run together: 杭政办函202570.
    agency = re.match(r"[\u4e00-\u9fff]+", plain)
    return f"{agency[0] if agency else ''}〔{match[1]}〕{match[2]}号"


def is_title(line: str, title: str) -> bool:
    """Whether `line` is the title or a part of it that was broken over lines."""
    part, whole = squeezed(line), squeezed(title)
    return len(part) >= 4 and (part in whole or whole in part) and len(part) <= len(whole) + 8
