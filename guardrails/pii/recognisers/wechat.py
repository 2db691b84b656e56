"""微信号: a letter and 5 to 19 letters, digits, _ or -, behind a word for WeChat; wxid_ anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.pii.cues import cue, numbered
from guardrails.pii.found import CERTAIN, LIKELY, Found
from guardrails.pii.kinds import EntityType
from guardrails.pii.reading import Reading

_WORDS = r"微信|微 信|薇信|威信|徽信|卫星号|v信|维信|wechat|weixin|vx|wx|加v|加微|绿泡泡"
_NAMED = re.compile(
    rf"(?:{_WORDS})(?P<link>[^A-Za-z0-9\n。！？]{{0,10}}(?:ID|id)?[^A-Za-z0-9\n。！？]{{0,4}})"
    r"(?P<name>[A-Za-z][A-Za-z0-9_\-]{5,19})(?![A-Za-z0-9_\-])",
    re.IGNORECASE,
)
_SAYS_WHICH = re.compile(r"[:：=是为叫]|号|加|ID|id")
_INTERNAL = re.compile(r"(?<![A-Za-z0-9])wxid_[A-Za-z0-9]{6,30}", re.IGNORECASE)
_NUMBER_CUE = cue(_WORDS, gap=r"[^A-Za-z0-9。！？，,]{0,8}")


def find(reading: Reading) -> Iterator[Found]:
    """WeChat names; numbers used as such a name."""
    for match in _INTERNAL.finditer(reading.text):
        yield Found(EntityType.WECHAT, *match.span(), CERTAIN)
    for match in _NAMED.finditer(reading.text):
        name = match.group("name")
        if any(c.isdigit() or c in "_-" for c in name) or _SAYS_WHICH.search(match.group("link")):
            yield Found(EntityType.WECHAT, *match.span("name"), LIKELY)
    for start, end, _ in numbered(reading, _NUMBER_CUE, 6, 12):
        yield Found(EntityType.WECHAT, start, end, LIKELY)
