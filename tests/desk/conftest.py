"""A store on a SQLite file; what the store promises on PostgreSQL is proved in tests/storage."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.store import Store
from tests.storage.conftest import pytest_collection_modifyitems, settings_for

__all__ = ["pytest_collection_modifyitems"]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(settings_for(tmp_path))
    yield opened
    await opened.close()
