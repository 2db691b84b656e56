"""残疾人证: the resident ID, a place for the kind (1-7), one for the level (1-4), at times B1."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.pii.cues import cue, cued, is_date, is_quantity
from guardrails.pii.found import CERTAIN, LIKELY, Found
from guardrails.pii.kinds import EntityType
from guardrails.pii.reading import Reading
from guardrails.pii.recognisers.resident_id import checksum_holds, plausible

_CUE = cue("残疾人证|残疾证|残疾人|残证|助残卡|残联")
_WITH_X = re.compile(
    r"(?<![0-9A-Za-z])(\d{6}[ \-]?\d{8}[ \-]?\d{3}[Xx])\s?([1-7][1-4])(?:B\d)?(?![0-9A-Za-z])"
)
_REISSUE = re.compile(r"B\d(?![0-9A-Za-z])", re.IGNORECASE)


def find(reading: Reading) -> Iterator[Found]:
    """Certificate numbers by form, and whatever number stands behind the word 残疾证."""
    for number in reading.numbers(6, 20):
        digits, length = number.digits, len(number.digits)
        formed = length == 20 and plausible(digits[:18]) and digits[18] in "1234567" and digits[19] in "1234"
        unlikely = length < 8 or is_quantity(reading, number) or is_date(number)
        if not formed and (unlikely or not cued(reading, number, _CUE)):
            continue
        reissue = _REISSUE.match(reading.text, number.end)
        score = CERTAIN if formed and checksum_holds(digits[:18]) else LIKELY
        yield Found(
            EntityType.DISABILITY_CERTIFICATE, number.start, reissue.end() if reissue else number.end, score
        )
    for match in _WITH_X.finditer(reading.text):
        if plausible(re.sub(r"[ \-]", "", match.group(1)).upper()):
            yield Found(EntityType.DISABILITY_CERTIFICATE, *match.span(), CERTAIN)
