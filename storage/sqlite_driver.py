"""The SQLite driver with one crossing to its thread per statement.

aiosqlite crosses four times: to make the cursor, to execute, to fetch, to close. A turn of a talk is about
forty statements, and each crossing waits for the interpreter twice; with fifty people talking that was half
of what a family waited for. Here a statement is executed and its rows are fetched in one go.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import aiosqlite

_CHUNK = 64


class Cursor:
    """One statement at a time; its rows are here when `execute` returns."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: Sequence[Any] = ()
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Cursor:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def execute(self, sql: str, parameters: Iterable[Any] = ()) -> Cursor:
        """Execute one statement and fetch what it returns."""
        return await self._connection.run(
            partial(self._go, self._first(), sqlite3.Cursor.execute, sql, parameters)
        )

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> Cursor:
        """Execute one statement for each row of parameters."""
        return await self._connection.run(
            partial(self._go, self._first(), sqlite3.Cursor.executemany, sql, parameters)
        )

    async def fetchall(self) -> Sequence[Any]:
        """The rows that are left."""
        rows, self._rows = self._rows, ()
        return rows

    async def close(self) -> None:
        """Nothing is open any more."""
        self._rows = ()

    def _first(self) -> str | None:
        """What is to be executed before the next statement, in the same crossing."""
        first, self._connection.first = self._connection.first, None
        return first

    def _go(
        self,
        first: str | None,
        execute: Callable[..., object],
        sql: str,
        parameters: object,
        on: sqlite3.Connection,
    ) -> Cursor:
        cursor = on.cursor()
        try:
            if first is not None:
                cursor.execute(first)
            execute(cursor, sql, parameters)
            self.description = cursor.description
            self._rows = cursor.fetchall() if cursor.description else ()
            self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        finally:
            cursor.close()
        return self


class Connection(aiosqlite.Connection):
    """aiosqlite's connection, its thread and its transactions, with the cursor above."""

    first: str | None = None
    """Goes before the next statement: a transaction begins with what it first reads or writes."""

    def cursor(self) -> Cursor:  # type: ignore[override]  # entered with `async with`, as SQLAlchemy does
        """A cursor; nothing crosses to the thread for it."""
        return Cursor(self)

    async def run(self, work: Callable[[sqlite3.Connection], Cursor]) -> Cursor:
        """Do something with the connection in its thread."""
        done: Cursor = await self._execute(work, self._conn)  # type: ignore[no-untyped-call]
        return done


def opening(database: str, *, timeout: float) -> Callable[[], Connection]:
    """What SQLAlchemy calls for each new connection; `timeout`: seconds to wait for another process."""

    def opened() -> Connection:
        connection = Connection(lambda: sqlite3.connect(database, timeout=timeout), _CHUNK)
        connection._thread.daemon = True  # a process may end while a connection is open
        return connection

    return opened
