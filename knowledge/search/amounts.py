"""Questions about sums of money, and clauses that state one."""

from __future__ import annotations

import re

_ASKS = re.compile(
    r"多少钱|多少元|几块钱|几百|几千|几多钱|多少(?:补贴|补助|救助金|钞票|费用)|(?:补|发|给|领|拿|报销|资助|救助|补贴|补助|能有|有)(?:到|我们|孩子)?(?:个)?(?:多少|几钿)"
    r"|(?:标准|金额|数额|额度|比例)(?:是|为|有)?(?:多少|多高|几|怎么|什么)|(?:多少|几)(?:钱|元|块)?一(?:个)?月|一(?:个)?月(?:能|可以)?(?:有|发|给|领|拿|补)?(?:到)?(?:多少|几)"
    r"|具体(?:金额|数额|标准)|报(?:销)?(?:多少|百分之几|几成)|几钿"
)
_NOT_MONEY = re.compile(
    r"多少(?:天|岁|人|时间|个工作日|日|年|小时|分|级|次)|标准.{0,4}(?:几级|几岁|怎么算残)"
)

_YUAN = re.compile(r"(?:\d[\d,.]*|[一二三四五六七八九十百千万两]{2,})\s*(?:万)?元")
_SHARE = re.compile(
    r"\d[\d.]*\s*(?:%|％|倍)|百分之[一二三四五六七八九十百]+|[一二三四五六七八九十]+(?:点五)?倍|全额|免费|不收"
)
_GIVES = re.compile(
    r"给予|发放|发给|每月发|补贴|补助|资助|救助|报销|支付|发到|最高|最多|免除|减免|免|代缴|缴费"
)
_THRESHOLD = re.compile(r"收入(?:在|要)?(?:低于|高于|不超过|不高于|超过)|低于|罚款|罚金|处[^。]{0,12}元")
_NOT_PUBLISHED = re.compile(r"没有公布|未公布|没有写|文件没有|没查到|不在.{0,6}文件")
_SUM = re.compile(r"钱|元|标准|比例|金额|数额|多少|限额")
_SENTENCE = re.compile(r"[^。；;！？\n]+")


def asks_amount(question: str) -> bool:
    """Whether the question wants a sum: `一个月多少钱`, `报销几成`; not `多少天`."""
    return _ASKS.search(question) is not None and not _NOT_MONEY.search(question)


def states_amount(text: str) -> bool:
    """Whether a clause states what is given: in yuan, as a share or multiple, or in full.

    Income limits and fines are no amounts that a family gets, nor is a sentence that says none is published.
    """
    return any(_gives(sentence) for sentence in _SENTENCE.findall(text))


def says_unpublished(text: str) -> bool:
    """Whether a clause says that the sum asked for is not in the documents."""
    return any(
        _NOT_PUBLISHED.search(sentence) and _SUM.search(sentence) for sentence in _SENTENCE.findall(text)
    )


def _gives(sentence: str) -> bool:
    if _NOT_PUBLISHED.search(sentence) or _THRESHOLD.search(sentence):
        return False
    return bool(_YUAN.search(sentence)) or (bool(_SHARE.search(sentence)) and bool(_GIVES.search(sentence)))
