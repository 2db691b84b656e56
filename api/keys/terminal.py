"""`minxing keys`: what the operator reads is English, like the rest of the terminal."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from api.keys.scopes import Scope
from settings import Settings
from storage.errors import StorageError
from storage.store import Store

BY = "minxing keys"
NAME_CHARS_MAX = 60
CHINA = ZoneInfo("Asia/Shanghai")
T = TypeVar("T")


class KeyRefusedError(Exception):
    """Shown to the operator as one sentence."""


def add(settings: Settings, name: str, scopes: Sequence[str], per_minute: int, per_day: int) -> str:
    """Make a key; gives the words to hand over, which cannot be read again later.

    Raises:
        KeyRefusedError: the name, a scope or the database will not do.
    """
    name = name.strip()
    if not 1 <= len(name) <= NAME_CHARS_MAX or not name.isprintable():
        raise KeyRefusedError(f"The name must have 1 to {NAME_CHARS_MAX} printable characters.")
    unknown = [scope for scope in scopes if scope not in tuple(Scope)]
    if unknown or not scopes:
        known = ", ".join(Scope)
        raise KeyRefusedError(
            f"Unknown scope {unknown[0] if unknown else ''!r}: give one or more of {known}."
        )

    async def work(store: Store, now: dt.datetime) -> str:
        made = await store.api_keys.add(name, scopes, per_minute=per_minute, per_day=per_day, now=now, by=BY)
        if made is None:
            raise KeyRefusedError(f"There is already a key named {name}; names are never used twice.")
        return made[1]

    return _with_store(settings, work)


def revoke(settings: Settings, name: str) -> None:
    """End a key at once.

    Raises:
        KeyRefusedError: there is no such key that is still good.
    """

    async def work(store: Store, now: dt.datetime) -> None:
        if not await store.api_keys.revoke(name, now, by=BY):
            raise KeyRefusedError(
                f"There is no key named {name} that is still good; see `minxing keys list`."
            )

    _with_store(settings, work)


def show(settings: Settings, out: Console) -> None:
    """All keys, with what was asked today."""

    async def work(store: Store, now: dt.datetime) -> Table:
        table = Table("name", "scopes", "per minute", "per day", "today", "refused today", "state")
        for key, used in await store.api_keys.all(now.date()):
            state = f"revoked {key.revoked_at.astimezone(CHINA):%Y-%m-%d}" if key.revoked_at else "good"
            counts = (key.per_minute, key.per_day, used.requests, used.refused)
            table.add_row(key.name, " ".join(sorted(key.scopes)), *map(str, counts), state)
        return table

    out.print(_with_store(settings, work))


def _with_store(settings: Settings, work: Callable[[Store, dt.datetime], Awaitable[T]]) -> T:
    async def run() -> T:
        store = await Store.open(settings)
        try:
            return await work(store, dt.datetime.now(CHINA))
        finally:
            await store.close()

    try:
        return asyncio.run(run())
    except StorageError as error:
        raise KeyRefusedError(str(error)) from None
