"""`minxing staff add`: what the operator reads is English, like the rest of the terminal."""

from __future__ import annotations

import asyncio
import datetime as dt

from desk import accounts
from desk.errors import IncompleteError
from settings import Settings
from storage.errors import StorageError
from storage.store import Store

_SENTENCES = {
    "name_empty": "The name must have 1 to 30 characters.",
    "name_taken": "There is already an account with this name.",
    "role_unknown": "The role must be 值班员, 督导, 管理员 or 审计.",
    "password_short": "The password must have at least 12 characters (200 at most).",
    "password_common": "This password is among those that are guessed first. Choose another one.",
}


def add_account(settings: Settings, name: str, role: str, password: str) -> str | None:
    """Add an account; gives one sentence when that was not possible, None when it was."""
    return asyncio.run(_add(settings, name, role, password))


async def _add(settings: Settings, name: str, role: str, password: str) -> str | None:
    try:
        store = await Store.open(settings)
    except StorageError as error:
        return str(error)
    try:
        # A command-line entry, so the clock may be read here.
        await accounts.add(store, name, role, password, now=dt.datetime.now(dt.UTC), by="minxing staff")
    except IncompleteError as error:
        return _SENTENCES[error.code]
    except StorageError as error:
        return str(error)
    finally:
        await store.close()
    return None
