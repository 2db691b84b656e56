"""社保卡, 医保卡, 市民卡: a number of any length behind such a word."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.pii.cues import cue, numbered
from guardrails.pii.found import LIKELY, Found
from guardrails.pii.kinds import EntityType
from guardrails.pii.reading import Reading

_CUE = cue("社保|社会保障|医保|市民卡|参保|新农合|就诊卡|病历号|住院号|门诊号|病案号|医疗证")


def find(reading: Reading) -> Iterator[Found]:
    """Numbers of social-security, medical and citizen cards."""
    for start, end, _ in numbered(reading, _CUE, 6, 20):
        yield Found(EntityType.SOCIAL_SECURITY_CARD, start, end, LIKELY)
