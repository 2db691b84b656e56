"""电子邮箱."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.pii.found import CERTAIN, Found
from guardrails.pii.kinds import EntityType
from guardrails.pii.reading import Reading

# Every repeat is bounded and the look-behind fixes the start: linear even in 20,000 letters without an @.
_ADDRESS = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]{1,64}\s?(?:@|\(at\)|\[at\]|艾特|#)\s?"
    r"(?:[A-Za-z0-9\-]{1,63}\s?(?:\.|点|。)\s?){1,4}(?:com|cn|net|org|edu|gov|me|io|cc|vip|top|info|hk|tw|mo|xyz|email)"
    r"(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_LOOSE = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@(?:[A-Za-z0-9\-]{1,63}\.){1,4}[A-Za-z]{2,10}(?![A-Za-z0-9])")


def find(reading: Reading) -> Iterator[Found]:
    """Addresses, also with 艾特 or (at) for the sign and 点 for the dot."""
    if (
        "@" not in reading.text
        and "at" not in reading.text.lower()
        and "艾特" not in reading.text
        and "#" not in reading.text
    ):
        return
    for match in _ADDRESS.finditer(reading.text):
        yield Found(EntityType.EMAIL, *match.span(), CERTAIN)
    position = reading.text.find("@")
    while position >= 0:
        for match in _LOOSE.finditer(reading.text, max(0, position - 64), position + 80):
            yield Found(EntityType.EMAIL, *match.span(), CERTAIN)
        position = reading.text.find("@", position + 1)
