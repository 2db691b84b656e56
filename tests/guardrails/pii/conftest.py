"""One redactor for all tests of the room: it costs a second to load."""

from __future__ import annotations

import pytest

from guardrails.pii import Redactor


@pytest.fixture(scope="session")
def redactor() -> Redactor:
    return Redactor()
