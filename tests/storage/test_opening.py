"""Opening, migrating, waking, and what happens when the database is not there."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from settings import Settings
from storage.errors import MigrationError, StorageUnavailableError
from storage.live import Hub
from storage.store import Store
from storage.tables import Base
from storage.types import NewEvent
from tests.storage.conftest import NOW, settings_for
from tests.storage.test_acceptance import say


async def test_migrations_make_exactly_the_tables(store: Store) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))

    async with store._db.write() as transaction:
        assert await transaction.connection.run_sync(differences) == []


async def test_two_processes_may_open_at_once(settings: Settings) -> None:
    stores = await asyncio.gather(Store.open(settings), Store.open(settings))
    for store in stores:
        await store.ping()
        await store.close()


async def test_a_newer_database_is_refused(settings: Settings) -> None:
    """R-65: the refused downgrade is explicit."""
    store = await Store.open(settings)
    async with store._db.write() as transaction:
        await transaction.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await store.close()
    with pytest.raises(MigrationError, match="newer Minxing"):
        await Store.open(settings)


async def test_waiters_wake_within_and_across_processes(store: Store, settings: Settings) -> None:
    """R-14: a second store on the same database stands for a second process."""
    other = await Store.open(settings)
    identifier, _ = await store.conversations.create(NOW)
    with store.live(identifier) as here, other.live(identifier) as there:
        assert not await here.wait(0.01)
        await asyncio.sleep(1.2)  # the first look of the poller
        while await there.wait(0.01):
            pass
        await say(store, identifier, "k")
        assert await here.wait(5)
        assert await there.wait(10)
    await other.close()


@pytest.mark.postgres
@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
async def test_notifications_cross_processes_without_the_poll(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-14: LISTEN/NOTIFY alone, also after its connection was cut."""

    async def never(_: Hub) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(Hub, "_poll", never)
    here, there = await Store.open(settings), await Store.open(settings)
    identifier, _ = await here.conversations.create(NOW)
    cut = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ILIKE 'LISTEN%'")
    for number in range(2):
        with there.live(identifier) as live, there.live_desk() as desk:
            for attempt in range(40):  # until it listens (again)
                await say(here, identifier, f"{number}.{attempt}")
                if await live.wait(0.25):
                    break
            else:
                pytest.fail("no notification came")
            assert await desk.wait(1)
        async with here._db.read() as connection:
            await connection.execute(cut)
    await here.close()
    await there.close()


async def test_a_waiter_in_another_loop_wakes(store: Store) -> None:
    identifier, _ = await store.conversations.create(NOW)
    ready, woken = threading.Event(), threading.Event()

    async def wait() -> None:
        with store.live(identifier) as live:
            ready.set()
            if await live.wait(10):
                woken.set()

    thread = threading.Thread(target=lambda: asyncio.run(wait()))
    thread.start()
    await asyncio.to_thread(ready.wait, 5)
    await store.publish(identifier, None, [NewEvent("text", {"text": "x"})])
    await asyncio.to_thread(thread.join, 10)
    assert woken.is_set()


async def test_replayed_events_are_the_stored_text(store: Store) -> None:
    """R-50: equal byte for byte, and no raw line break that would end an SSE line (SE-12)."""
    identifier, _ = await store.conversations.create(NOW)
    data = {"text": "一行\r\n二行", "n": 1.0, "z": None, "a": [True]}
    stored = await store.publish(identifier, None, [NewEvent("text", data)])
    assert isinstance(stored, tuple)
    (replayed,) = await store.events.after(identifier)
    assert replayed == stored[0] and replayed.data == data
    assert "\n" not in replayed.json and "\r" not in replayed.json


async def test_locked_database_acknowledges_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """R-62."""
    monkeypatch.setattr("storage.engine.SQLITE_BUSY_SECONDS", 0.2)
    store = await Store.open(settings_for(tmp_path))
    identifier, _ = await store.conversations.create(NOW)
    blocker = sqlite3.connect(tmp_path / "minxing.sqlite3", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageUnavailableError, match="locked"):
        await say(store, identifier, "k", severity=4)
    blocker.execute("ROLLBACK")
    blocker.close()
    assert not (await say(store, identifier, "k", severity=4)).duplicate
    await store.close()


async def test_unusable_places_are_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for settings, says in (
        (settings_for(tmp_path / "file" / "data"), "cannot be made or written"),
        (settings_for(tmp_path, "mysql://x"), "use postgresql"),
        (settings_for(tmp_path, "nonsense"), "not a database address"),
        (settings_for(tmp_path, "postgresql+asyncpg://nobody@127.0.0.1:1/x"), "cannot be reached"),
    ):
        with pytest.raises(StorageUnavailableError, match=says):
            await Store.open(settings)
    (tmp_path / "minxing.sqlite3").write_bytes(b"this is not a database" * 100)
    with pytest.raises(StorageUnavailableError, match="not a database"):
        await Store.open(settings_for(tmp_path))
