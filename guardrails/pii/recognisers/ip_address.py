"""IP addresses, versions 4 and 6."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from guardrails.pii.found import LIKELY, Found
from guardrails.pii.kinds import EntityType
from guardrails.pii.reading import Reading

_V4 = re.compile(r"(?<![0-9.])(?:\d{1,3}\.){3}\d{1,3}(?![0-9]|\.[0-9])")
_V6 = re.compile(r"(?<![0-9A-Fa-f:])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![0-9A-Fa-f:])")


def find(reading: Reading) -> Iterator[Found]:
    """Addresses that parse. Four small numbers with dots are a clause number, not an address."""
    for match in _V4.finditer(reading.text):
        if max(int(part) for part in match.group().split(".")) > 9 and _parses(match.group()):
            yield Found(EntityType.IP_ADDRESS, *match.span(), LIKELY)
    for match in _V6.finditer(reading.text):
        if sum(c.isalnum() for c in match.group()) >= 5 and _parses(match.group()):
            yield Found(EntityType.IP_ADDRESS, *match.span(), LIKELY)


def _parses(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
