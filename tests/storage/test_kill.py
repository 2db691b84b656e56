"""`kill -9` in the middle of an acceptance, at each statement that writes (R-20, R-60)."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest

from settings import Settings
from storage.store import Store
from tests.storage.conftest import NOW
from tests.storage.test_acceptance import say

CHILD = """
import asyncio, os, signal, sys
from sqlalchemy import event
from storage.store import Store
from tests.storage.conftest import NOW, settings_for
from tests.storage.test_acceptance import say
from pathlib import Path

async def main(url, folder, conversation, die_at):
    store = await Store.open(settings_for(Path(folder), url))
    statements = 0
    @event.listens_for(store._db.writing.sync_engine, "after_cursor_execute")
    def count(*_):
        nonlocal statements
        statements += 1
        if statements == int(die_at):
            os.kill(os.getpid(), signal.SIGKILL)
    await say(store, conversation, "first", severity=4)
    print("stored", statements, flush=True)
    await say(store, conversation, "second", severity=4)

asyncio.run(main(*sys.argv[1:]))
"""
FIRST_WRITE, LAST = 4, 11


@pytest.mark.parametrize("die_at", [FIRST_WRITE, 7, 10, LAST, LAST + 6])
async def test_a_killed_acceptance_is_whole_or_absent(store: Store, settings: Settings, die_at: int) -> None:
    """R-20: a ticket exists if and only if its message does; the retry after the crash stores it once."""
    identifier, _ = await store.conversations.create(NOW)
    arguments = [settings.database_url, str(settings.data_dir), identifier, str(die_at)]
    child = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", CHILD, *arguments], capture_output=True, text=True, check=False
    )
    assert child.returncode == -9, child.stderr
    stored_first = child.stdout.startswith("stored")
    assert stored_first is (die_at > LAST)
    expected = 1 if stored_first else 0
    assert len(await store.messages.of(identifier)) == expected
    assert len(await store.tickets.queue()) == len(await store.pages.undelivered()) == expected
    assert [e.name for e in await store.events.after(identifier)] == ["message", "card"] * expected
    retried = await say(store, identifier, "first", severity=4)
    assert retried.duplicate is stored_first
    assert len(await store.tickets.queue()) == len(await store.pages.undelivered()) == 1
    assert len(await store.messages.signals(identifier)) == 1
