"""Tokens, encryption, erasure, retention, audit."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from sqlalchemy import text

from settings import Settings
from storage.crypto import KeyRing
from storage.errors import DecryptionError, KeyFileError
from storage.store import Store
from storage.types import NewEvent, NewSignal, NewTicket
from tests.storage.conftest import NOW, staff
from tests.storage.test_acceptance import say

SECRET = "孙女的爸爸判了六年"  # what must not lie in any file
DAY = dt.timedelta(days=1)


async def test_foreign_unknown_and_expired_tokens_look_alike(store: Store) -> None:
    """SE-9, SE-10."""
    one, token = await store.conversations.create(NOW)
    two, other = await store.conversations.create(NOW)
    assert await store.conversations.authenticate(one, token, NOW) is not None
    assert await store.conversations.authenticate(one, other, NOW) is None
    assert await store.conversations.authenticate("no-such-id", token, NOW) is None
    assert await store.conversations.authenticate(one, "", NOW) is None
    assert await store.conversations.authenticate(one, token, NOW + dt.timedelta(minutes=31)) is None
    assert len(one) == 22 and len(token) == 43 and one != two


async def test_rotated_token_overlaps_for_a_minute(store: Store) -> None:
    """SE-10."""
    identifier, old = await store.conversations.create(NOW)
    new = await store.conversations.rotate_token(identifier, NOW)
    assert new is not None and new != old
    assert await store.conversations.rotate_token("nobody", NOW) is None
    soon, late = NOW + dt.timedelta(seconds=59), NOW + dt.timedelta(seconds=61)
    assert await store.conversations.authenticate(identifier, old, soon) is not None
    assert await store.conversations.authenticate(identifier, old, late) is None
    assert await store.conversations.authenticate(identifier, new, late) is not None


async def test_database_holds_no_plain_text(store: Store, settings: Settings, tmp_path: Path) -> None:
    """PR-8: steal the database file, find nothing; the key file is 0600 and lies elsewhere."""
    identifier, token = await store.conversations.create(NOW)
    await store.accept(
        identifier, key="k", body_hash="b", text=SECRET, severity=4, sticky=0, vault_json=f'["{SECRET}"]',
        signals=(NewSignal("suicide_self", 4, "crisis_now", "r", (SECRET,)),),
        ticket=NewTicket(4, "suicide_self", "signal", note={"known": [SECRET]}),
        events=(NewEvent("card", {"text": SECRET}),), now=NOW,
    )  # fmt: skip
    await store.publish(identifier, None, [NewEvent("text", {"text": SECRET})], state=f'"{SECRET}"')
    ticket = await store.tickets.of(identifier)
    conversation = await store.conversations.get(identifier)
    assert ticket is not None and ticket.note == {"known": [SECRET]}
    assert conversation is not None and conversation.vault_json == f'["{SECRET}"]'
    assert await store.conversations.state(identifier) == f'"{SECRET}"'
    async with store._db.read() as connection:
        for table in ("conversations", "messages", "events", "signals", "tickets"):
            for row in await connection.execute(text(f"SELECT * FROM {table}")):
                stored = b"".join(
                    bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row
                )
                assert SECRET.encode() not in stored and token.encode() not in stored
    files = [path for path in tmp_path.rglob("*") if path.is_file()]  # noqa: ASYNC240
    assert settings.resolved_key_file in files
    for file in files:
        assert SECRET.encode() not in file.read_bytes()
        assert file.stat().st_mode & 0o777 == 0o600


async def test_triggers_bring_back_nothing_that_redaction_took_out(store: Store) -> None:
    """PR-1: a classifier may name the whole raw message as its trigger."""
    identifier, _ = await store.conversations.create(NOW)
    signals = (NewSignal("abuse_physical", 3, "human_urgent", "r", ("又打我", "我叫王小明，又打我")),)
    await store.accept(
        identifier, key="k", body_hash="b", text="我叫<姓名1>，又打我", severity=3, sticky=3, vault_json=None,
        signals=signals, now=NOW,
    )  # fmt: skip
    (signal,) = await store.messages.signals(identifier)
    assert signal.triggers == ("又打我",)


async def test_a_record_cannot_be_moved_to_another_place(store: Store) -> None:
    """Authenticated with its place: a copied row does not open."""
    one, _ = await store.conversations.create(NOW)
    two, _ = await store.conversations.create(NOW)
    await store.conversations.save_state(one, '"mine"')
    async with store._db.write() as transaction:
        source = "(SELECT state FROM conversations WHERE id = :one)"
        move = f"UPDATE conversations SET state = {source} WHERE id = :two"
        await transaction.connection.execute(text(move), {"one": one, "two": two})
    with pytest.raises(DecryptionError):
        await store.conversations.state(two)


async def test_rotated_key_still_opens_old_records(settings: Settings) -> None:
    """PR-8, R-68."""
    store = await Store.open(settings)
    identifier, _ = await store.conversations.create(NOW)
    await say(store, identifier, "old")
    await store.close()
    old = settings.resolved_key_file.read_text()
    settings.resolved_key_file.unlink()
    KeyRing.open(settings.resolved_key_file, may_make=True)
    new = settings.resolved_key_file.read_text()
    with pytest.raises(KeyFileError, match="lacks key"):
        await Store.open(settings)
    settings.resolved_key_file.write_text(new + old)
    store = await Store.open(settings)
    await say(store, identifier, "new")
    assert [message.text for message in await store.messages.of(identifier)] == ["文字 old", "文字 new"]
    await store.close()
    settings.resolved_key_file.unlink()
    with pytest.raises(KeyFileError, match="missing"):
        await Store.open(settings)


@pytest.mark.parametrize(
    ("content", "mode", "says"),
    [
        ("", 0o600, "empty"),
        ("not base64!", 0o600, "not a base64 key"),
        ("c2hvcnQ=", 0o600, "Line 1"),
        ("\xff\xfe", 0o600, "cannot be read"),
        ("A" * 43 + "=", 0o644, "chmod 600"),
    ],
)
def test_broken_key_file_is_said_plainly(tmp_path: Path, content: str, mode: int, says: str) -> None:
    path = tmp_path / "message.key"
    path.write_bytes(content.encode("latin-1"))
    os.chmod(path, mode)
    with pytest.raises(KeyFileError, match=says):
        KeyRing.open(path, may_make=True)


async def test_erasure_waits_for_an_open_crisis(store: Store) -> None:
    """R-33, LG-9."""
    identifier, token = await store.conversations.create(NOW)
    accepted = await say(store, identifier, "k", severity=3)
    assert accepted.ticket_id is not None
    assert (await store.conversations.erase(identifier, NOW)).refused_open_ticket
    person = await staff(store)
    await store.tickets.claim(accepted.ticket_id, person, (), NOW)
    await store.tickets.close(
        accepted.ticket_id, person, outcome="联系上", follow_up_on=None, sticky=None, events=(), now=NOW
    )
    erasure = await store.conversations.erase(identifier, NOW)
    assert erasure.done and erasure.case_record_kept
    assert await store.events.after(identifier) == ()
    assert await store.conversations.authenticate(identifier, token, NOW) is None
    assert [message.text for message in await store.messages.of(identifier)] == [""]
    assert await store.tickets.get(accepted.ticket_id) is not None
    assert not (await store.conversations.erase(identifier, NOW)).done


async def test_erasure_withdraws_a_mild_ticket(store: Store) -> None:
    identifier, _ = await store.conversations.create(NOW)
    await say(store, identifier, "k", ticket=NewTicket(0, None, "family_asked"))
    erasure = await store.conversations.erase(identifier, NOW)
    assert erasure.done and not erasure.case_record_kept
    assert await store.tickets.queue() == ()


async def test_retention_forgets_talk_and_keeps_case_records(store: Store) -> None:
    """PR-6, LG-9, R-69: run twice, the second time there is nothing left to do."""
    ordinary, _ = await store.conversations.create(NOW)
    await say(store, ordinary, "k")
    fresh, _ = await store.conversations.create(NOW)
    await say(store, fresh, "k", now=NOW + 20 * DAY)
    still_open, _ = await store.conversations.create(NOW)
    await say(store, still_open, "k", severity=3)
    crisis, _ = await store.conversations.create(NOW)
    accepted = await say(store, crisis, "k", severity=4)
    assert accepted.ticket_id is not None
    person = await staff(store)
    await store.tickets.claim(accepted.ticket_id, person, (), NOW)
    await store.tickets.close(
        accepted.ticket_id, person, outcome="失联", follow_up_on=None, sticky=None, events=(), now=NOW
    )
    first = await store.retention.run(NOW + 31 * DAY, 30, 3 * 365)
    second = await store.retention.run(NOW + 31 * DAY, 30, 3 * 365)
    assert (first.conversations, first.messages, first.case_records) == (2, 2, 0)
    assert (second.conversations, second.messages, second.events, second.case_records) == (0, 0, 0, 0)
    assert await store.events.after(ordinary) == () == await store.events.after(crisis)
    assert len(await store.events.after(fresh)) == 1 and len(await store.events.after(still_open)) == 2
    assert await store.tickets.get(accepted.ticket_id) is not None
    assert len(await store.messages.signals(crisis)) == 1
    third = await store.retention.run(NOW + 1200 * DAY, 30, 3 * 365)
    assert third.case_records == 1 and await store.tickets.of(still_open) is not None


async def test_audit_cannot_be_changed_and_the_verifier_notices(store: Store) -> None:
    """SE-20."""
    for number in range(5):
        await store.audit.append("王芳", "login", str(number), NOW)
    whole = await store.audit.verify()
    assert (whole.entries, whole.broken_at) == (5, None)
    for statement in ("UPDATE audit SET actor = 'x' WHERE id = 3", "DELETE FROM audit WHERE id = 3"):
        with pytest.raises(Exception, match="append-only"):
            async with store._db.write() as transaction:
                await transaction.connection.execute(text(statement))
    async with store._db.write() as transaction:  # what somebody with the database's own rights could do
        off = (
            "DROP TRIGGER audit_no_update"
            if store._db.is_sqlite
            else "DROP TRIGGER audit_append_only ON audit"
        )
        await transaction.connection.execute(text(off))
        await transaction.connection.execute(text("UPDATE audit SET actor = 'x' WHERE id = 3"))
    assert (await store.audit.verify()).broken_at == 3
    assert [entry.target for entry in await store.audit.entries(limit=2)] == ["4", "3"]


async def test_naive_times_are_refused(store: Store) -> None:
    with pytest.raises(Exception, match="must carry a zone"):
        await store.conversations.create(dt.datetime(2026, 1, 1))  # noqa: DTZ001
