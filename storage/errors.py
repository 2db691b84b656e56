"""What can go wrong below. Each class says who sees it."""

from __future__ import annotations


class StorageError(Exception):
    """Base of all errors of this room."""


class StorageUnavailableError(StorageError):
    """The database is locked, gone, read-only or full.

    The API answers 503 and acknowledges nothing (R-62); a crisis card is still shown, without the words that
    claim a ticket.
    """


class KeyFileError(StorageError):
    """The key file is missing, broken or readable by others.

    The operator sees it at start, as one sentence.
    """


class DecryptionError(StorageError):
    """A record was changed, or its key is not in the key file.

    The operator sees it; families get a 500 page.
    """


class MigrationError(StorageError):
    """The database was made by a newer Minxing, or a migration failed. The operator sees it at start."""
