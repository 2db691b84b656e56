"""The desk over HTTP: log in, queue, case file, steps of a ticket. Every route names the action it needs."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from api import desk_models as models
from api import desk_views as views
from api.deps import Address, Open
from api.desk_case import case_file, talk
from api.desk_door import Allowed, Anyone, SignedIn, check_origin, clear_cookie, set_cookie
from api.desk_errors import DeskRoute
from api.dossiers import staff_note
from api.errors import documented
from api.services import Services
from desk import accounts
from desk.desk import Desk
from desk.roles import MAY
from desk.types import Action, Outcome, Role
from storage.live import Subscription
from storage.types import StaffMember

router = APIRouter(
    prefix="/api/desk", tags=["desk"], route_class=DeskRoute, responses=documented(401, 403, 404, 409, 422)
)

WAIT_SECONDS_MAX = 25
"""Longest quiet of a waiting request: shorter than any proxy's patience."""
_LOOK_AGAIN_SECONDS = 1.0
"""Another process may have changed the queue without waking this one (SQLite)."""

InQueue = Annotated[SignedIn, Depends(Allowed(Action.SEE_QUEUE))]
Reader = Annotated[SignedIn, Depends(Allowed(Action.OPEN_CASE))]
Worker = Annotated[SignedIn, Depends(Allowed(Action.WORK_CASE))]
Administrator = Annotated[SignedIn, Depends(Allowed(Action.MANAGE_ACCOUNTS))]
Auditor = Annotated[SignedIn, Depends(Allowed(Action.READ_AUDIT))]
Key = Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=100)]
Wait = Annotated[float, Query(ge=0, le=WAIT_SECONDS_MAX)]


@router.post("/login", responses=documented(429))
async def login(
    body: models.LoginIn, request: Request, response: Response, rooms: Open, address: Address
) -> models.MeOut:
    """Start a session; always a new token."""
    check_origin(request, rooms.settings)
    opened = await accounts.login(rooms.store, body.name, body.password, address=address, now=rooms.now())
    set_cookie(response, rooms.settings, opened.token)
    return _me(opened.staff, opened.csrf_token, rooms.now() + accounts.LIFETIME, opened.failures_before)


@router.post("/logout", status_code=204)
async def logout(who: Anyone, rooms: Open, response: Response) -> None:
    """End the session on the server too."""
    await accounts.logout(rooms.store, who.token, who.staff, rooms.now())
    clear_cookie(response, rooms.settings)


@router.get("/me")
async def me(who: Anyone) -> models.MeOut:
    """Who is logged in; the page asks at every load."""
    return _me(who.staff, who.session.csrf_token, who.session.expires_at)


def _me(staff: StaffMember, csrf_token: str, expires_at: dt.datetime, failures: int = 0) -> models.MeOut:
    return models.MeOut(
        name=staff.name,
        role=staff.role,
        csrf_token=csrf_token,
        may=sorted(action.value for action in MAY[Role(staff.role)]),
        failures_before=failures,
        expires_at=expires_at,
        labels=views.labels(),
        outcomes=[outcome.value for outcome in Outcome],
    )


@router.get("/queue")
async def queue(
    who: InQueue, rooms: Open, after: Annotated[str, Query(max_length=40)] = "", wait: Wait = 0
) -> models.QueueOut:
    """The queue; with `after` and `wait`, as soon as it differs from that version."""
    deadline = asyncio.get_running_loop().time() + wait
    desk = Desk(rooms.store)
    with rooms.store.live_desk() as live:
        while True:
            tickets, there = await desk.queue(), await desk.presence(rooms.now())
            version = views.version(tickets, there)
            if version != after or not await _quiet(live, deadline, rooms):
                return models.QueueOut(
                    version=version,
                    now=rooms.now(),
                    presence=views.presence(there),
                    tickets=[views.ticket(ticket, who.staff) for ticket in tickets],
                )


async def _quiet(live: Subscription, deadline: float, rooms: Services) -> bool:
    """Wait for a change; False when the time is over or the server closes."""
    left = deadline - asyncio.get_running_loop().time()
    if left <= 0 or rooms.closing.is_set():
        return False
    await live.wait(min(left, _LOOK_AGAIN_SECONDS))
    return True


@router.get("/closed")
async def closed(who: InQueue, rooms: Open) -> models.ClosedOut:
    """Closed tickets, latest first."""
    found = await rooms.store.tickets.closed()
    return models.ClosedOut(tickets=[views.ticket(ticket, who.staff) for ticket in found])


@router.post("/tickets/{ticket_id}/open")
async def open_case(ticket_id: str, body: models.OpenIn, who: Reader, rooms: Open) -> models.CaseOut:
    """The case file. Reading is audited; a closed or foreign case needs a reason (SE-19)."""
    desk = Desk(rooms.store)
    ticket = await desk.open(ticket_id, who.staff, body.reason, rooms.now())
    return await case_file(rooms, desk, ticket, who.staff)


@router.get("/tickets/{ticket_id}/events")
async def case_events(
    ticket_id: str,
    who: Reader,
    rooms: Open,
    after: Annotated[int, Query(ge=0, le=2**31)] = 0,
    wait: Wait = 0,
) -> models.EventsOut:
    """What was said since, as it is said. Only for cases that need no reason to read."""
    deadline = asyncio.get_running_loop().time() + wait
    desk = Desk(rooms.store)
    ticket = await desk.readable(ticket_id, who.staff)
    with rooms.store.live(ticket.conversation_id) as live:
        while True:
            ticket = await desk.readable(ticket_id, who.staff)
            events = await talk(rooms, ticket.conversation_id, after)
            if events or not await _quiet(live, deadline, rooms):
                return models.EventsOut(
                    ticket=views.ticket(ticket, who.staff), events=[views.event(event) for event in events]
                )


@router.get("/tickets/{ticket_id}/checklist/{benefit_id}")
async def case_checklist(
    ticket_id: str, benefit_id: str, who: Reader, rooms: Open
) -> models.ChecklistNoteOut:
    """One benefit of the case as a note to hand on. Only for cases that need no reason to read."""
    ticket = await Desk(rooms.store).readable(ticket_id, who.staff)
    return models.ChecklistNoteOut(note=await staff_note(rooms, ticket.conversation_id, benefit_id))


@router.post("/tickets/{ticket_id}/hidden")
async def hidden(ticket_id: str, body: models.OpenIn, who: Worker, rooms: Open) -> models.HiddenOut:
    """What the placeholders stand for: for whoever works on the case, with a reason, audited (PR-3)."""
    found = await Desk(rooms.store).hidden(ticket_id, who.staff, body.reason, rooms.now())
    return models.HiddenOut(
        items=[models.HiddenItem(placeholder=made, value=value) for made, value in found.items()]
    )


@router.post("/tickets/{ticket_id}/claim")
async def claim(ticket_id: str, who: Worker, rooms: Open) -> models.TicketOut:
    """Take a case: the bot is silent from here on. 409 names the colleague who was faster."""
    return views.ticket(await Desk(rooms.store).claim(ticket_id, who.staff, rooms.now()), who.staff)


@router.post("/tickets/{ticket_id}/reply")
async def reply(
    ticket_id: str, body: models.ReplyIn, key: Key, who: Worker, rooms: Open
) -> models.RepliedOut:
    """Write to the family."""
    done = await Desk(rooms.store).reply(ticket_id, who.staff, key, body.text, rooms.now())
    return models.RepliedOut(message_id=done.message_id, seq=done.seq, replayed=done.duplicate)


@router.post("/tickets/{ticket_id}/release")
async def release(ticket_id: str, who: Worker, rooms: Open) -> models.TicketOut:
    """Give a case back to the queue."""
    return views.ticket(await Desk(rooms.store).release(ticket_id, who.staff, rooms.now()), who.staff)


@router.post("/tickets/{ticket_id}/hand-over")
async def hand_over(ticket_id: str, body: models.HandOverIn, who: Worker, rooms: Open) -> models.TicketOut:
    """Pass a case to a colleague."""
    passed = await Desk(rooms.store).hand_over(ticket_id, who.staff, body.to, rooms.now())
    return views.ticket(passed, who.staff)


@router.post("/tickets/{ticket_id}/close")
async def close(ticket_id: str, body: models.CloseIn, who: Worker, rooms: Open) -> models.TicketOut:
    """End a case with its outcome."""
    done = await Desk(rooms.store).close(
        ticket_id,
        who.staff,
        outcome=body.outcome,
        follow_up_on=body.follow_up_on,
        severity_after=body.severity_after,
        remark=body.remark,
        now=rooms.now(),
    )
    return views.ticket(done, who.staff)


@router.get("/accounts")
async def list_accounts(who: Administrator, rooms: Open) -> models.AccountsOut:
    """All accounts."""
    return models.AccountsOut(
        accounts=[
            models.AccountOut(
                name=member.name,
                role=member.role,
                created_at=member.created_at,
                disabled_at=member.disabled_at,
                seen_at=member.seen_at,
            )
            for member in await rooms.store.staff.all()
        ]
    )


@router.post("/accounts", status_code=201)
async def add_account(body: models.AccountIn, who: Administrator, rooms: Open) -> models.AccountsOut:
    """Make an account."""
    await accounts.add(rooms.store, body.name, body.role, body.password, now=rooms.now(), by=who.staff.name)
    return await list_accounts(who, rooms)


@router.post("/accounts/{name}/disable")
async def disable_account(name: str, who: Administrator, rooms: Open) -> models.AccountsOut:
    """Close an account; its logins end at once."""
    await accounts.disable(rooms.store, name, now=rooms.now(), by=who.staff.name)
    return await list_accounts(who, rooms)


@router.get("/audit")
async def audit(
    who: Auditor, rooms: Open, before: Annotated[int | None, Query(ge=1, le=2**62)] = None
) -> models.AuditOut:
    """The log, newest first, with the check of its chain (SE-20)."""
    check = await rooms.store.audit.verify()
    entries = await rooms.store.audit.entries(before)
    return models.AuditOut(
        whole=check.broken_at is None,
        broken_at=check.broken_at,
        count=check.entries,
        head=check.head,
        entries=[
            models.AuditLineOut(
                id=line.id,
                at=line.at,
                actor=line.actor,
                action=line.action,
                target=line.target,
                detail=dict(line.detail),
                hash=line.hash,
            )
            for line in entries
        ],
    )
