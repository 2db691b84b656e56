"""Engines and transactions of both databases.

SQLite has one writing connection, so that writers of this process queue fairly instead of polling a lock,
and a few reading ones; other processes are kept in order by `BEGIN IMMEDIATE` and the busy timeout.
PostgreSQL has one pool.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.util import greenlet_spawn

from storage.errors import StorageUnavailableError
from storage.sqlite_driver import opening

if TYPE_CHECKING:
    from sqlalchemy import Row, Select

    from storage.crypto import KeyRing
    from storage.live import Hub

AnySelect: TypeAlias = "Select[*tuple[Any, ...]]"
AnyRow: TypeAlias = "Row[*tuple[Any, ...]]"

SQLITE_BUSY_SECONDS = 5
"""How long a writer waits for another process before the message is refused (R-62)."""


class Transaction:
    """A running write transaction, and whom to wake once it is stored."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
        self.touched: set[str] = set()

    def touch(self, channel: str) -> None:
        """Wake whoever waits for this conversation (or `desk`) after the commit."""
        self.touched.add(channel)


class Database:
    """One database with its key ring. All repositories share it."""

    def __init__(self, reading: AsyncEngine, writing: AsyncEngine) -> None:
        self.reading = reading
        self.writing = writing
        self.ring: KeyRing
        self.hub: Hub

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite; anything else is PostgreSQL."""
        return self.writing.dialect.name == "sqlite"

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """A transaction that is stored whole or not at all.

        Raises:
            StorageUnavailableError: locked, gone, read-only or full; nothing was stored.
        """
        with _plain_errors():
            async with self.writing.begin() as connection:
                transaction = Transaction(connection)
                yield transaction
                if not self.is_sqlite:
                    for channel in sorted(transaction.touched):
                        await connection.execute(
                            text("SELECT pg_notify('minxing', :channel)"), {"channel": channel}
                        )
        for channel in transaction.touched:
            self.hub.wake(channel)

    async def rows(self, statement: AnySelect, wanted: Mapping[str, Any] | None = None) -> Sequence[AnyRow]:
        """What one query finds.

        In one step: entering a connection, executing and leaving it one by one costs almost twice as much.

        Raises:
            StorageUnavailableError: the database cannot be read now.
        """

        def found() -> Sequence[AnyRow]:
            with self.reading.sync_engine.connect() as connection:
                return connection.execute(statement, wanted).all()

        with _plain_errors():
            return await greenlet_spawn(found)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection for reading.

        Raises:
            StorageUnavailableError: the database cannot be read now.
        """
        with _plain_errors():
            async with self.reading.connect() as connection:
                yield connection

    async def dispose(self) -> None:
        """Close all connections."""
        await self.reading.dispose()
        if self.writing is not self.reading:
            await self.writing.dispose()


def connect(url: str) -> Database:
    """Engines for `url`; nothing is opened yet.

    Raises:
        StorageUnavailableError: the address is not one we understand.
    """
    try:
        driver = make_url(url).drivername
    except ArgumentError:
        raise StorageUnavailableError("MINXING_DATABASE_URL is not a database address.") from None
    if driver == "sqlite+aiosqlite":
        return Database(_sqlite(url, writes=False), _sqlite(url, writes=True))
    if driver == "postgresql+asyncpg":
        engine = create_async_engine(url, pool_size=10, max_overflow=10, pool_timeout=5, pool_pre_ping=True)
        return Database(engine, engine)
    raise StorageUnavailableError(
        f"MINXING_DATABASE_URL begins with {driver}; use postgresql+asyncpg:// or leave it empty for SQLite."
    )


def _sqlite(url: str, *, writes: bool) -> AsyncEngine:
    size = 1 if writes else 4
    # A reader needs no BEGIN and ROLLBACK around its SELECT: each would cross to the driver's thread again.
    alone: dict[str, Any] = (
        {} if writes else {"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True}
    )
    engine = create_async_engine(
        url,
        pool_size=size,
        max_overflow=0,
        pool_timeout=15,
        async_creator=opening(make_url(url).database or ":memory:", timeout=SQLITE_BUSY_SECONDS),
        **alone,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        # The driver's own transaction handling is off: it begins too late and without the write lock.
        connection.isolation_level = None
        cursor = connection.cursor()
        # FULL: an acknowledged message survives a power cut.
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    if writes:

        @event.listens_for(engine.sync_engine, "begin")
        def _begin(connection: Any) -> None:
            # Not by itself, but with the first statement: that saves a crossing to the driver's thread.
            connection.connection.driver_connection.first = "BEGIN IMMEDIATE"

    return engine


class _plain_errors:  # noqa: N801 - reads as a statement
    """Turns the driver's many ways of saying "not now" into one error of ours."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, (IntegrityError, ProgrammingError)):
            return
        if isinstance(error, DBAPIError):
            raise StorageUnavailableError(f"The database cannot be used now: {error.orig}.") from error
        if isinstance(error, (PoolTimeoutError, OSError)):
            raise StorageUnavailableError(f"The database cannot be reached: {error}.") from error
