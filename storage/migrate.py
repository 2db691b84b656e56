"""Brings a database to the present form when the store opens.

Two processes that start together take turns.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, text

from storage.engine import Database
from storage.errors import MigrationError

_MIGRATION_LOCK = 0x4D494E58
"""Number of the PostgreSQL advisory lock; SQLite's write lock, taken with any statement, does the same."""


async def migrate(database: Database) -> None:
    """Run all missing migrations in one transaction.

    Raises:
        MigrationError: the database was made by a newer Minxing, or a migration failed; nothing was changed.
        StorageUnavailableError: the database cannot be used.
    """
    async with database.write() as transaction:
        connection = transaction.connection
        # Either lock is held before alembic begins: its context is one for the whole process.
        lock = "SELECT 1" if database.is_sqlite else f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"
        await connection.execute(text(lock))
        await connection.run_sync(_upgrade)


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise MigrationError(
            f"The database was made by a newer Minxing ({error}). Start that one, or restore an older backup."
        ) from None
