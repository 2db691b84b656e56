"""Keys of programs that call the doors: made once, compared in constant time, counted, revoked."""

from __future__ import annotations

import datetime as dt
import hmac
import re
from collections.abc import Iterable

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.audit import append_audit
from storage.engine import AnyRow, Database
from storage.ids import new_id, new_token, token_hash
from storage.key_types import ApiKey, ApiUse, Quota
from storage.tables import ApiKeys, ApiKeyUses

_KEY = re.compile(r"mx-([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})")
_NOBODY = "-" * 64
"""What the secret of an unknown key is compared with, so that time does not tell the two apart."""


class ApiKeyStore:
    """Rows and counts; what a scope opens is decided at the doors."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def add(
        self,
        name: str,
        scopes: Iterable[str],
        *,
        per_minute: int,
        per_day: int,
        now: dt.datetime,
        by: str,
    ) -> tuple[ApiKey, str] | None:
        """A new key and the words to hand over, which are stored nowhere; None when the name is taken."""
        identifier, secret = new_id(), new_token()
        key = ApiKey(identifier, name, frozenset(scopes), per_minute, per_day, now)
        try:
            async with self._db.write() as transaction:
                await transaction.connection.execute(
                    insert(ApiKeys).values(
                        id=identifier,
                        name=name,
                        secret_hash=token_hash(secret),
                        scopes=",".join(sorted(key.scopes)),
                        per_minute=per_minute,
                        per_day=per_day,
                        created_at=now,
                    )
                )
                detail = {"scopes": sorted(key.scopes), "per_minute": per_minute, "per_day": per_day}
                await append_audit(self._db, transaction, by, "key.add", name, now, detail)
        except IntegrityError:
            return None
        return key, f"mx-{identifier}.{secret}"

    async def authenticate(self, words: str) -> ApiKey | None:
        """The key of these words; None for malformed, unknown, wrong and revoked alike."""
        match = _KEY.fullmatch(words)
        identifier, secret = match.groups() if match else (new_id(), "")
        async with self._db.read() as connection:
            row = (await connection.execute(select(ApiKeys).where(ApiKeys.id == identifier))).first()
        fits = hmac.compare_digest(token_hash(secret), row.secret_hash if row else _NOBODY)
        return _key(row) if row is not None and fits and row.revoked_at is None else None

    async def revoke(self, name: str, now: dt.datetime, *, by: str) -> bool:
        """End a key at once. False when there is no such key, or it is revoked already."""
        async with self._db.write() as transaction:
            done = await transaction.connection.execute(
                update(ApiKeys)
                .where(ApiKeys.name == name, ApiKeys.revoked_at.is_(None))
                .values(revoked_at=now)
            )
            if done.rowcount:
                await append_audit(self._db, transaction, by, "key.revoke", name, now)
        return bool(done.rowcount)

    async def all(self, today: dt.date) -> tuple[tuple[ApiKey, ApiUse], ...]:
        """All keys by name, with what was asked today."""
        uses = select(ApiKeyUses).where(ApiKeyUses.day == today)
        async with self._db.read() as connection:
            rows = (await connection.execute(select(ApiKeys).order_by(ApiKeys.name))).all()
            used = {row.key_id: row for row in (await connection.execute(uses)).all()}
        nothing = ApiUse(0, 0)
        return tuple(
            (_key(row), ApiUse(u.requests, u.refused) if (u := used.get(row.id)) else nothing) for row in rows
        )

    async def spend(self, key: ApiKey, now: dt.datetime) -> Quota:
        """Count one request against both quotas, or say which one is used up. Days and minutes are `now`'s.

        The row is shared by all replicas. Minutes are those of the clock, not a sliding window.
        """
        day, minute = now.date(), now.replace(second=0, microsecond=0)
        mine = (ApiKeyUses.key_id == key.id) & (ApiKeyUses.day == day)
        async with self._db.write() as transaction:
            connection = transaction.connection
            # The row of the key is the lock: two first requests of a day must not both make its count.
            await connection.execute(select(ApiKeys.id).where(ApiKeys.id == key.id).with_for_update())
            row = (await connection.execute(select(ApiKeyUses).where(mine))).first()
            if row is None:
                await connection.execute(insert(ApiKeyUses).values(key_id=key.id, day=day))
            today = row.requests if row else 0
            this_minute = row.minute_requests if row and row.minute == minute else 0
            if today >= key.per_day or this_minute >= key.per_minute:
                refused = (row.refused if row else 0) + 1
                await connection.execute(update(ApiKeyUses).where(mine).values(refused=refused))
                return Quota.DAY if today >= key.per_day else Quota.MINUTE
            await connection.execute(
                update(ApiKeyUses)
                .where(mine)
                .values(requests=today + 1, minute=minute, minute_requests=this_minute + 1)
            )
        return Quota.LEFT


def _key(row: AnyRow) -> ApiKey:
    scopes = frozenset(row.scopes.split(",")) if row.scopes else frozenset()
    return ApiKey(row.id, row.name, scopes, row.per_minute, row.per_day, row.created_at, row.revoked_at)
