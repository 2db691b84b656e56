"""Which fixed line a family reads while a person is awaited (CR-15, CR-25)."""

from __future__ import annotations

import re

from guardrails.signals.contexts import is_call_made
from guardrails.signals.normalise import normalise

WAITING, SAFE, CALLED = "person.waiting", "person.safe", "person.called"

_SAFE = re.compile(
    r"^(?:嗯+|好的?|是的?|我们?|和|孩子|他|她|大家|人|[都很还挺也是，,。 ]|现在|目前|暂时|这会儿|已经)*"
    r"(?:安全|没有?危险|脱离危险)[了的着呢啊]*(?:[，,。！!].{0,12})?$"
)
_DENIED = re.compile(r"不|没有?安全|[吗？?]")
_UNSURE = re.compile(
    r"^(?:我|也|这|有点|真|[，,。 ])*(?:说不(?:清楚?|准|好)|不(?:好说|知道|晓得|确定))[了啊呢，,。！!]*$"
)


def line_for(text: str) -> str:
    """The phrase that fits what the family wrote; 安全 and 说不清 are buttons of the card.

    Examples:
        >>> line_for("我现在安全"), line_for("说不清"), line_for("不安全"), line_for("打了，马上来")
        ('person.safe', 'person.unsure', 'person.waiting', 'person.called')
    """
    said = text.strip()
    if is_call_made(normalise(said).text):
        return CALLED
    if _SAFE.search(said) and not _DENIED.search(said):
        return SAFE
    return "person.unsure" if _UNSURE.search(said) else WAITING
