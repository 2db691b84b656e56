"""QQ号: 5 to 11 places behind QQ, 扣扣, 企鹅."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.pii.cues import cue, numbered
from guardrails.pii.found import LIKELY, Found
from guardrails.pii.kinds import EntityType
from guardrails.pii.reading import Reading

_CUE = cue(
    r"(?<![A-Za-z])(?:QQ|Q Q|Q)(?![A-Za-z])|扣扣|抠抠|球球|企鹅号|企鹅", gap=r"[^A-Za-z0-9。！？]{0,8}"
)


def find(reading: Reading) -> Iterator[Found]:
    """QQ numbers and QQ groups."""
    for start, end, value in numbered(reading, _CUE, 5, 11):
        if not value.startswith("0"):
            yield Found(EntityType.QQ, start, end, LIKELY)
