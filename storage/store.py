"""The store: one object that the server opens once and hands to the rooms above."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence

from sqlalchemy import insert, select, text

from settings import Settings
from storage.accept import accept
from storage.api_keys import ApiKeyStore
from storage.api_talks import ApiTalkStore
from storage.audit import AuditStore
from storage.conversations import ConversationStore
from storage.crypto import KeyRing
from storage.engine import Database, connect
from storage.errors import KeyFileError, StorageUnavailableError
from storage.events import EventStore
from storage.live import DESK, Hub, Subscription
from storage.messages import MessageStore
from storage.migrate import migrate
from storage.pages import PageStore
from storage.retention import RetentionStore
from storage.staff import StaffStore
from storage.tables import KeyUse
from storage.tickets import TicketStore
from storage.turns import TurnStore
from storage.types import Accepted, Author, Event, NewEvent, NewSignal, NewTicket, Refused


class Store:
    """Repositories over one database.

    Belongs to the event loop that opened it; waiters may live in others.
    """

    def __init__(self, database: Database) -> None:
        self._db = database
        self.conversations = ConversationStore(database)
        self.messages = MessageStore(database)
        self.events = EventStore(database)
        self.turns = TurnStore(database)
        self.tickets = TicketStore(database)
        self.pages = PageStore(database)
        self.staff = StaffStore(database)
        self.audit = AuditStore(database)
        self.retention = RetentionStore(database)
        self.api_keys = ApiKeyStore(database)
        self.api_talks = ApiTalkStore(database)

    @classmethod
    async def open(cls, settings: Settings) -> Store:
        """Connect, migrate, read the key.

        Raises:
            StorageUnavailableError: the folder or the database cannot be used.
            KeyFileError: the key file is missing, broken, open to others, or not the one this database was
                sealed with.
            MigrationError: the database is newer than this code.
        """
        database = connect(settings.resolved_database_url)
        if database.is_sqlite:
            _make_file(settings, database)
        database.hub = Hub(database)
        try:
            await migrate(database)
            await _open_ring(database, settings)
        except BaseException:
            await database.dispose()
            raise
        database.hub.start()
        return cls(database)

    async def close(self) -> None:
        """Stop listening and close the connections."""
        await self._db.hub.stop()
        await self._db.dispose()

    async def ping(self) -> None:
        """Raises `StorageUnavailableError` when the database does not answer."""
        async with self._db.read() as connection:
            await connection.execute(text("SELECT 1"))

    async def accept(
        self,
        conversation_id: str,
        *,
        key: str,
        body_hash: str,
        text: str,
        severity: int,
        sticky: int,
        vault_json: str | None,
        signals: Sequence[NewSignal] = (),
        ticket: NewTicket | None = None,
        events: Sequence[NewEvent] = (),
        needs_answer: bool = True,
        now: dt.datetime,
    ) -> Accepted | None:
        """Take in a family message in one transaction; see `storage.accept.accept`."""
        return await accept(
            self._db,
            conversation_id,
            key=key,
            body_hash=body_hash,
            text=text,
            severity=severity,
            sticky=sticky,
            vault_json=vault_json,
            signals=signals,
            ticket=ticket,
            events=events,
            needs_answer=needs_answer,
            now=now,
        )

    async def publish(
        self,
        conversation_id: str,
        turn: str | None,
        events: Sequence[NewEvent],
        state: str | None = None,
        author: Author | str = Author.BOT,
        *,
        answers: str | None = None,
    ) -> tuple[Event, ...] | Refused:
        """Store events of the bot unless a person owns the conversation; see `EventStore.publish`."""
        return await self.events.publish(conversation_id, turn, events, state, author, answers=answers)

    def live(self, conversation_id: str) -> Subscription:
        """Wait for new events: `with store.live(id) as live: … await live.wait(15)`."""
        return Subscription(self._db.hub, conversation_id)

    def live_desk(self) -> Subscription:
        """Wait for changes of the queue."""
        return Subscription(self._db.hub, DESK)

    def fingerprint(self, address: str) -> str:
        """Keyed hash of a network address or of words, for comparing without keeping them (PR-9)."""
        return self._db.ring.fingerprint(address)


def _make_file(settings: Settings, database: Database) -> None:
    """The database file is for this user alone: it holds password hashes and who spoke when."""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        path = database.writing.url.database
        if path and path != ":memory:":
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StorageUnavailableError(
            f"The folder {settings.data_dir} cannot be made or written: {error}."
        ) from None


async def _open_ring(database: Database, settings: Settings) -> None:
    """Read the key, and refuse to start with a key file that cannot open what is stored."""
    async with database.write() as transaction:
        connection = transaction.connection
        used = set((await connection.execute(select(KeyUse.key_id))).scalars())
        path = settings.resolved_key_file
        database.ring = KeyRing.open(path, may_make=not used)
        lacking = used - database.ring.ids
        if lacking:
            raise KeyFileError(
                f"The key file {path} lacks key {min(lacking)}, with which this database was written. "
                "Restore the key file that belongs to it, or put the old keys below the new one."
            )
        if database.ring.current_id not in used:
            await connection.execute(insert(KeyUse).values(key_id=database.ring.current_id))
