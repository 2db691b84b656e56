"""Append-only audit log, each line chained to the one before (SE-20)."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select, text

from storage.crypto import to_json
from storage.engine import Database, Transaction
from storage.tables import Audit
from storage.types import AuditCheck, AuditEntry

START = "0" * 64
"""What the first line is chained to."""
_AUDIT_LOCK = 0x41554449
"""Number of the PostgreSQL advisory lock: one writer of the chain at a time."""
_CHUNK = 1000


class AuditStore:
    """Reading, verifying, and entries that stand alone.

    Actions on tickets write theirs in their own transaction.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    async def append(
        self, actor: str, action: str, target: str, now: dt.datetime, detail: Mapping[str, Any] | None = None
    ) -> None:
        """Add a line. `detail` holds ids and codes, never message text."""
        async with self._db.write() as transaction:
            await append_audit(self._db, transaction, actor, action, target, now, detail)

    async def entries(self, before_id: int | None = None, limit: int = 100) -> tuple[AuditEntry, ...]:
        """Newest first."""
        statement = select(Audit).order_by(Audit.id.desc()).limit(limit)
        if before_id is not None:
            statement = statement.where(Audit.id < before_id)
        async with self._db.read() as connection:
            rows = (await connection.execute(statement)).all()
        return tuple(
            AuditEntry(row.id, row.at, row.actor, row.action, row.target, json.loads(row.detail), row.hash)
            for row in rows
        )

    async def verify(self) -> AuditCheck:
        """Walk the chain from its start."""
        previous, count, last = START, 0, 0
        while True:
            statement = select(Audit).where(Audit.id > last).order_by(Audit.id).limit(_CHUNK)
            async with self._db.read() as connection:
                rows = (await connection.execute(statement)).all()
            for row in rows:
                expected = _hash(row.id, row.at, row.actor, row.action, row.target, row.detail, previous)
                if row.id != last + 1 or row.previous != previous or row.hash != expected:
                    return AuditCheck(count, previous, broken_at=row.id)
                previous, last, count = row.hash, row.id, count + 1
            if len(rows) < _CHUNK:
                return AuditCheck(count, previous, broken_at=None)


async def append_audit(
    database: Database,
    transaction: Transaction,
    actor: str,
    action: str,
    target: str,
    now: dt.datetime,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Add a line in a running transaction: the action and its trace are stored together."""
    connection = transaction.connection
    if not database.is_sqlite:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _AUDIT_LOCK})
    last = (await connection.execute(select(Audit.id, Audit.hash).order_by(Audit.id.desc()).limit(1))).first()
    identifier, previous = (last.id + 1, last.hash) if last else (1, START)
    details = to_json(detail or {})
    now = now.astimezone(dt.UTC)
    await connection.execute(
        insert(Audit).values(
            id=identifier,
            at=now,
            actor=actor,
            action=action,
            target=target,
            detail=details,
            previous=previous,
            hash=_hash(identifier, now, actor, action, target, details, previous),
        )
    )


def _hash(
    identifier: int, at: dt.datetime, actor: str, action: str, target: str, detail: str, previous: str
) -> str:
    line = json.dumps(
        [identifier, at.isoformat(), actor, action, target, detail, previous], ensure_ascii=True
    )
    return hashlib.sha256(line.encode()).hexdigest()
