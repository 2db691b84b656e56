"""Staff accounts, their logins, and failed attempts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.engine import AnyRow, Database
from storage.ids import new_id, new_token, token_hash
from storage.tables import LoginAttempts, Staff, StaffSessions
from storage.types import StaffMember, StaffSession


@dataclass(frozen=True, slots=True)
class Failures:
    """How often a login failed, and when last."""

    count: int
    last: dt.datetime | None


class StaffStore:
    """Rows only; what a good password is and when a session ends is decided in `desk/`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def add(self, name: str, role: str, password_hash: str, now: dt.datetime) -> StaffMember | None:
        """A new account; None when the name is taken."""
        member = StaffMember(new_id(), name, role, password_hash, now)
        try:
            async with self._db.write() as transaction:
                await transaction.connection.execute(
                    insert(Staff).values(
                        id=member.id, name=name, role=role, password_hash=password_hash, created_at=now
                    )
                )
        except IntegrityError:
            return None
        return member

    async def by_name(self, name: str) -> StaffMember | None:
        """An account, disabled ones too."""
        async with self._db.read() as connection:
            row = (await connection.execute(select(Staff).where(Staff.name == name))).first()
        return None if row is None else _member(row)

    async def all(self) -> tuple[StaffMember, ...]:
        """All accounts by name."""
        async with self._db.read() as connection:
            rows = (await connection.execute(select(Staff).order_by(Staff.name))).all()
        return tuple(_member(row) for row in rows)

    async def set_password(self, staff_id: str, password_hash: str) -> None:
        """Replace the password hash and end all logins of the account."""
        async with self._db.write() as transaction:
            await transaction.connection.execute(
                update(Staff).where(Staff.id == staff_id).values(password_hash=password_hash)
            )
            await transaction.connection.execute(
                delete(StaffSessions).where(StaffSessions.staff_id == staff_id)
            )

    async def disable(self, staff_id: str, now: dt.datetime) -> None:
        """Close an account and end its logins."""
        async with self._db.write() as transaction:
            await transaction.connection.execute(
                update(Staff).where(Staff.id == staff_id).values(disabled_at=now)
            )
            await transaction.connection.execute(
                delete(StaffSessions).where(StaffSessions.staff_id == staff_id)
            )

    async def start_session(
        self, staff_id: str, now: dt.datetime, expires_at: dt.datetime
    ) -> tuple[str, str]:
        """A new login: its token (stored as a hash only) and its CSRF token."""
        token, csrf_token = new_token(), new_token()
        async with self._db.write() as transaction:
            await transaction.connection.execute(
                insert(StaffSessions).values(
                    token_hash=token_hash(token),
                    staff_id=staff_id,
                    csrf_token=csrf_token,
                    created_at=now,
                    last_seen_at=now,
                    expires_at=expires_at,
                )
            )
            await transaction.connection.execute(
                update(Staff).where(Staff.id == staff_id).values(seen_at=now)
            )
        return token, csrf_token

    async def session(self, token: str) -> StaffSession | None:
        """The login of a token, whether or not it is still good."""
        statement = select(StaffSessions, Staff).join(Staff, Staff.id == StaffSessions.staff_id)
        columns = statement.with_only_columns(
            Staff.id, Staff.name, Staff.role, Staff.password_hash, Staff.created_at, Staff.seen_at,
            Staff.disabled_at, StaffSessions.csrf_token, StaffSessions.created_at.label("began_at"),
            StaffSessions.last_seen_at, StaffSessions.expires_at,
        )  # fmt: skip
        async with self._db.read() as connection:
            row = (
                await connection.execute(columns.where(StaffSessions.token_hash == token_hash(token)))
            ).first()
        if row is None:
            return None
        return StaffSession(_member(row), row.csrf_token, row.began_at, row.last_seen_at, row.expires_at)

    async def touch_session(self, token: str, staff_id: str, now: dt.datetime, *, active: bool) -> None:
        """The page is there (`seen_at`); `active`: its user did something (`last_seen_at`)."""
        async with self._db.write() as transaction:
            await transaction.connection.execute(
                update(Staff).where(Staff.id == staff_id).values(seen_at=now)
            )
            if active:
                await transaction.connection.execute(
                    update(StaffSessions)
                    .where(StaffSessions.token_hash == token_hash(token))
                    .values(last_seen_at=now)
                )

    async def end_session(self, token: str) -> None:
        """Log out; the token is worthless from here on."""
        async with self._db.write() as transaction:
            await transaction.connection.execute(
                delete(StaffSessions).where(StaffSessions.token_hash == token_hash(token))
            )

    async def failed_login(self, address: str, account: str, now: dt.datetime) -> None:
        """Count a failure."""
        async with self._db.write() as transaction:
            await transaction.connection.execute(
                insert(LoginAttempts).values(address=address, account=account[:64], at=now)
            )

    async def failures(self, address: str, account: str, since: dt.datetime) -> tuple[Failures, Failures]:
        """Failures since then: of this account from this address, and of any account from this address."""
        counted = select(func.count(), func.max(LoginAttempts.at)).where(
            LoginAttempts.address == address, LoginAttempts.at > since
        )
        async with self._db.read() as connection:
            of_address = (await connection.execute(counted)).one()
            of_account = (
                await connection.execute(counted.where(LoginAttempts.account == account[:64]))
            ).one()
        return Failures(*of_account), Failures(*of_address)

    async def forget_failures(self, address: str, account: str) -> None:
        """A login succeeded: failures of this account from this address no longer count."""
        async with self._db.write() as transaction:
            await transaction.connection.execute(
                delete(LoginAttempts).where(
                    LoginAttempts.address == address, LoginAttempts.account == account[:64]
                )
            )


def _member(row: AnyRow) -> StaffMember:
    return StaffMember(
        row.id, row.name, row.role, row.password_hash, row.created_at, row.seen_at, row.disabled_at
    )
