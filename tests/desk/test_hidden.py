"""PR-3: what was hidden is shown to whoever works on the case, with a reason, audited, while it exists."""

from __future__ import annotations

import pytest

from desk.desk import Desk
from desk.errors import IncompleteError, NotYoursError
from guardrails.pii import Redactor, Vault
from storage.store import Store
from storage.types import NewTicket
from tests.storage.conftest import NOW, staff

PHONE = "13812345678"


async def ticket_with_phone(store: Store) -> tuple[str, str]:
    vault = Vault()
    text, _ = Redactor().redact(f"孩子抽筋叫不醒，我电话{PHONE}", vault)
    talk, _ = await store.conversations.create(NOW)
    accepted = await store.accept(
        talk,
        key="k",
        body_hash="h",
        text=text,
        severity=4,
        sticky=4,
        vault_json=vault.to_json(),
        ticket=NewTicket(4, "medical_emergency", "signal"),
        now=NOW,
    )
    assert accepted is not None
    return talk, str(accepted.ticket_id)


async def test_whoever_works_on_the_case_sees_it_with_a_reason_and_it_is_audited(store: Store) -> None:
    desk, me = Desk(store), await staff(store, "王芳")
    _, ticket = await ticket_with_phone(store)
    await desk.claim(ticket, me, NOW)
    with pytest.raises(IncompleteError):
        await desk.hidden(ticket, me, " 看 ", NOW)
    assert list((await desk.hidden(ticket, me, "要叫救护车，打给家属", NOW)).values()) == [PHONE]
    entries = await store.audit.entries()
    last = next(entry for entry in entries if entry.action == "ticket.uncovered")
    assert (last.actor, last.target) == ("王芳", ticket)
    assert "要叫救护车" in str(last.detail)
    assert PHONE not in str(entries)


async def test_nobody_else_sees_it(store: Store) -> None:
    """A waiting ticket, a colleague's, a closed one."""
    desk, me, other = Desk(store), await staff(store, "王芳"), await staff(store, "李雷")
    _, ticket = await ticket_with_phone(store)
    with pytest.raises(NotYoursError):
        await desk.hidden(ticket, me, "要打给家属", NOW)
    await desk.claim(ticket, other, NOW)
    with pytest.raises(NotYoursError):
        await desk.hidden(ticket, me, "要打给家属", NOW)
    await desk.release(ticket, other, NOW)
    with pytest.raises(NotYoursError):
        await desk.hidden(ticket, other, "要打给家属", NOW)
