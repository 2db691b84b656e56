"""The ticket workflow: who may take which step, and what the family reads when it is taken (CR-24 to CR-27).

Ownership is decided by `storage` inside the transaction that stores the step. Here are the words, the outcome
rules, and the refusals in plain Chinese.
"""

from __future__ import annotations

import datetime as dt
import hashlib

from desk.errors import IncompleteError, NotThereError, NotYoursError
from desk.roles import may, needs_reason
from desk.texts import texts
from desk.timers import ON_DUTY_SECONDS
from desk.types import Action, Outcome, Presence
from guardrails.pii import Vault
from storage.store import Store
from storage.types import URGENT, NewEvent, NotOwner, Replied, StaffMember, Ticket, TicketStatus

REPLY_CHARS_MAX = 4000
REASON_CHARS_MIN = 4
REASON_CHARS_MAX = 200
_FOLLOW_UP_WITHIN = dt.timedelta(days=366)
SEVERITY_MAX = 4


class Desk:
    """What staff can do with tickets."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def queue(self) -> tuple[Ticket, ...]:
        """Open tickets, worst first, then oldest."""
        return await self._store.tickets.queue()

    async def presence(self, now: dt.datetime) -> Presence:
        """Who is there now."""
        tickets = await self._store.tickets.queue()
        since = now - dt.timedelta(seconds=ON_DUTY_SECONDS)
        there = [
            member
            for member in await self._store.staff.all()
            if member.disabled_at is None
            and may(member.role, Action.WORK_CASE)
            and member.seen_at is not None
            and member.seen_at >= since
        ]
        busy = {ticket.owner_id for ticket in tickets if ticket.status is TicketStatus.CLAIMED}
        waits = [now - ticket.waiting_since for ticket in tickets if ticket.status is TicketStatus.WAITING]
        longest = max(waits, default=dt.timedelta(0))
        free = sum(member.id not in busy for member in there)
        return Presence(len(there), free, len(waits), max(longest, dt.timedelta(0)))

    async def colleagues(self, member: StaffMember) -> tuple[StaffMember, ...]:
        """Others who could take a case over."""
        everyone = await self._store.staff.all()
        return tuple(
            m
            for m in everyone
            if m.id != member.id and m.disabled_at is None and may(m.role, Action.WORK_CASE)
        )

    async def open(self, ticket_id: str, member: StaffMember, reason: str, now: dt.datetime) -> Ticket:
        """A ticket whose transcript this person may read now; the reading is audited (SE-19, SE-20).

        Raises:
            NotThereError: no such ticket.
            IncompleteError: a reason must be typed first.
        """
        ticket = await self._get(ticket_id)
        reason = reason.strip()[:REASON_CHARS_MAX] if _is_foreign(ticket, member) else ""
        if _is_foreign(ticket, member) and len(reason) < REASON_CHARS_MIN:
            raise IncompleteError("reason_needed", "reason")
        # The reason is the one free text of the log: it is about the reader, not about the family.
        detail = {"reason": reason} if reason else None
        await self._store.audit.append(member.name, "ticket.read", ticket_id, now, detail)
        return ticket

    async def readable(self, ticket_id: str, member: StaffMember) -> Ticket:
        """A ticket whose transcript needs no reason to read: waiting, or one's own.

        Raises:
            NotThereError: no such ticket.
            IncompleteError: it was closed or claimed by somebody else meanwhile.
        """
        ticket = await self._get(ticket_id)
        if _is_foreign(ticket, member):
            raise IncompleteError("reason_needed", "reason")
        return ticket

    async def hidden(
        self, ticket_id: str, member: StaffMember, reason: str, now: dt.datetime
    ) -> dict[str, str]:
        """What stands behind the placeholders of a case that this person works on; audited (PR-3, SE-20).

        A number that the family wrote may be the only way to reach a child. Nothing is left to show once the
        conversation is erased.

        Raises:
            NotThereError: no such ticket.
            NotYoursError: not claimed by this person.
            IncompleteError: a reason must be typed first.
        """
        ticket = await self._get(ticket_id)
        if ticket.owner_id != member.id or ticket.status is not TicketStatus.CLAIMED:
            raise await self._refused(NotOwner(ticket.status, ticket.owner_name), ticket_id, member, now)
        reason = reason.strip()[:REASON_CHARS_MAX]
        if len(reason) < REASON_CHARS_MIN:
            raise IncompleteError("reason_to_uncover", "reason")
        conversation = await self._store.conversations.get(ticket.conversation_id)
        vault = (
            Vault.from_json(conversation.vault_json) if conversation and conversation.vault_json else Vault()
        )
        detail = {"reason": reason, "values": len(vault)}
        await self._store.audit.append(member.name, "ticket.uncovered", ticket_id, now, detail)
        return vault.hidden

    async def _get(self, ticket_id: str) -> Ticket:
        ticket = await self._store.tickets.get(ticket_id)
        if ticket is None:
            raise NotThereError
        return ticket

    async def claim(self, ticket_id: str, member: StaffMember, now: dt.datetime) -> Ticket:
        """Take a waiting ticket; from here on the bot is silent.

        Raises:
            NotYoursError: a colleague was faster.
            NotThereError: no such ticket.
        """
        text = texts().status.person_joined.format(name=member.name)
        events = (_status("person_joined", text),)
        return await self._mine(
            await self._store.tickets.claim(ticket_id, member, events, now), ticket_id, member, now
        )

    async def reply(
        self, ticket_id: str, member: StaffMember, key: str, text: str, now: dt.datetime
    ) -> Replied:
        """Write to the family, as typed.

        Raises:
            NotYoursError: not claimed by this person; the page keeps the text as a draft (R-26).
            NotThereError: no such ticket.
            IncompleteError: nothing was written, or the key was used for another text.
        """
        text = text.strip()
        if not 1 <= len(text) <= REPLY_CHARS_MAX:
            raise IncompleteError("reply_empty", "text")
        body_hash = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
        result = await self._store.tickets.reply(ticket_id, member, key, body_hash, text, now)
        if isinstance(result, NotOwner):
            raise await self._refused(result, ticket_id, member, now)
        if result.conflict:
            raise IncompleteError("key_reused", "Idempotency-Key")
        return result

    async def release(self, ticket_id: str, member: StaffMember, now: dt.datetime) -> Ticket:
        """Give a ticket back to the queue; the risk label stays (R-27).

        Raises:
            NotYoursError: not claimed by this person.
            NotThereError: no such ticket.
        """
        event = _status("person_left", texts().status.person_left)
        released = await self._store.tickets.release(ticket_id, member, (event,), now)
        return await self._mine(released, ticket_id, member, now)

    async def hand_over(self, ticket_id: str, member: StaffMember, to: str, now: dt.datetime) -> Ticket:
        """Pass a case on to a colleague.

        Raises:
            IncompleteError: there is no such colleague.
            NotYoursError: not claimed by this person.
            NotThereError: no such ticket.
        """
        colleague = next((m for m in await self.colleagues(member) if m.name == to), None)
        if colleague is None:
            raise IncompleteError("no_colleague", "to")
        text = texts().status.handed_over.format(name=colleague.name)
        events = (_status("person_joined", text),)
        passed = await self._store.tickets.hand_over(ticket_id, member, colleague, events, now)
        return await self._mine(passed, ticket_id, member, now)

    async def close(
        self,
        ticket_id: str,
        member: StaffMember,
        *,
        outcome: str,
        follow_up_on: dt.date | None,
        severity_after: int | None,
        remark: str,
        now: dt.datetime,
    ) -> Ticket:
        """End a case. An S3/S4 case needs a follow-up date and the severity it leaves behind (CR-4, CR-27).

        Raises:
            IncompleteError: something is missing; `field` names it.
            NotYoursError: not claimed by this person.
            NotThereError: no such ticket.
        """
        ticket = await self._get(ticket_id)
        remark = remark.strip()
        _check_closing(ticket, outcome, follow_up_on, severity_after, remark, now.date())
        closed = await self._store.tickets.close(
            ticket_id,
            member,
            outcome=outcome,
            follow_up_on=follow_up_on,
            sticky=severity_after,
            events=(_status("closed", texts().status.closed),),
            now=now,
            closing={"remark": remark, "by": member.name} if remark else None,
        )
        return await self._mine(closed, ticket_id, member, now)

    async def _mine(
        self, result: Ticket | NotOwner, ticket_id: str, member: StaffMember, now: dt.datetime
    ) -> Ticket:
        if isinstance(result, NotOwner):
            raise await self._refused(result, ticket_id, member, now)
        return result

    async def _refused(
        self, result: NotOwner, ticket_id: str, member: StaffMember, now: dt.datetime
    ) -> NotThereError | NotYoursError:
        """A step without ownership is refused and leaves a trace (R-24)."""
        if result.status is None:
            return NotThereError()
        await self._store.audit.append(member.name, "ticket.refused", ticket_id, now)
        return _refusal(result)


def _is_foreign(ticket: Ticket, member: StaffMember) -> bool:
    """Whether reading this transcript needs a typed reason (SE-19)."""
    by_other = ticket.status is TicketStatus.CLAIMED and ticket.owner_id != member.id
    return needs_reason(member.role, is_closed=ticket.status is TicketStatus.CLOSED, owned_by_other=by_other)


def _check_closing(
    ticket: Ticket,
    outcome: str,
    follow_up_on: dt.date | None,
    severity_after: int | None,
    remark: str,
    today: dt.date,
) -> None:
    if outcome not in tuple(Outcome):
        raise IncompleteError("outcome_needed", "outcome")
    if follow_up_on is not None and not today <= follow_up_on <= today + _FOLLOW_UP_WITHIN:
        raise IncompleteError("follow_up_needed", "follow_up_on")
    if severity_after is not None and not 0 <= severity_after <= SEVERITY_MAX:
        raise IncompleteError("severity_needed", "severity_after")
    lowered = severity_after is not None and severity_after < ticket.severity
    if ticket.severity >= URGENT:
        if follow_up_on is None:
            raise IncompleteError("follow_up_needed", "follow_up_on")
        if severity_after is None:
            raise IncompleteError("severity_needed", "severity_after")
        if lowered and not remark:
            raise IncompleteError("remark_needed", "remark")
    if outcome == Outcome.OTHER and not remark:
        raise IncompleteError("remark_needed", "remark")


def _status(state: str, text: str) -> NewEvent:
    return NewEvent("status", {"state": state, "text": text})


def _refusal(result: NotOwner) -> NotYoursError:
    if result.status is TicketStatus.CLOSED:
        return NotYoursError(result.owner_name or "?", "already_closed")
    return NotYoursError(result.owner_name if result.status is TicketStatus.CLAIMED else None)
