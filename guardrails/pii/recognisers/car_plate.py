"""车牌: province, letter, five or (new energy) six places."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.pii.found import LIKELY, Found
from guardrails.pii.kinds import EntityType
from guardrails.pii.reading import Reading

_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]\s?[A-HJ-Za-hj-z]\s?[·•.\-]?\s?"
    r"(?:[A-HJ-NP-Za-hj-np-z0-9]\s?){4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳](?![A-Za-z0-9])"
)


def find(reading: Reading) -> Iterator[Found]:
    """Plates with at least three digits: words of Latin letters after a province are not one."""
    for match in _PLATE.finditer(reading.text):
        if sum(character.isdigit() for character in match.group()) >= 3:
            yield Found(EntityType.CAR_PLATE, *match.span(), LIKELY)
