"""Tickets from claim to close, timers, the watch, notes and checklists."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from desk import timers
from desk.checklist import checklist, reports
from desk.desk import Desk
from desk.errors import IncompleteError, NotThereError, NotYoursError
from desk.handover import HandoverNote, from_events
from desk.roles import MAY, may, needs_reason
from desk.texts import texts
from desk.types import Action, Outcome, Role
from desk.watch import Watch
from guardrails.types import Category, Severity, Speaker
from storage.store import Store
from storage.types import NewEvent, NewTicket, Page, Ticket, TicketStatus
from tests.storage.conftest import NOW, staff
from tests.storage.test_acceptance import say


def later(seconds: float) -> dt.datetime:
    return NOW + dt.timedelta(seconds=seconds)


async def waiting(store: Store, severity: int = 4) -> tuple[str, str]:
    identifier, _ = await store.conversations.create(NOW)
    accepted = await say(store, identifier, "k", severity, NewTicket(severity, "suicide_self", "signal"))
    return identifier, str(accepted.ticket_id)


async def last(store: Store, conversation_id: str) -> NewEvent:
    event = (await store.events.after(conversation_id))[-1]
    return NewEvent(event.name, event.data)


async def test_from_claim_to_close(store: Store) -> None:
    """CR-24, CR-27, R-27: each step is told to the family in plain words, and audited without any text."""
    desk = Desk(store)
    me, other = await staff(store, "王芳"), await staff(store, "李雷")
    talk, ticket = await waiting(store)
    await desk.claim(ticket, me, NOW)
    assert (await last(store, talk)).data == {
        "state": "person_joined",
        "text": "值班员王芳来了。接下来由人和您说。",
    }
    with pytest.raises(NotYoursError) as refusal:
        await desk.claim(ticket, other, NOW)
    assert (refusal.value.owner, refusal.value.status) == ("王芳", 409)
    assert refusal.value.values == {"owner": "王芳"}
    await desk.reply(ticket, me, "1", "  我在，您慢慢说  ", NOW)
    assert (await last(store, talk)).data["text"] == "我在，您慢慢说"
    await desk.hand_over(ticket, me, "李雷", NOW)
    with pytest.raises(NotYoursError):
        await desk.reply(ticket, me, "2", "晚了", NOW)
    await desk.release(ticket, other, NOW)
    assert (await last(store, talk)).data["state"] == "person_left"
    with pytest.raises(NotYoursError) as unclaimed:
        await desk.reply(ticket, other, "3", "x", NOW)
    assert unclaimed.value.code == "not_claimed"
    await desk.claim(ticket, me, NOW)
    closing: dict[str, Any] = {
        "outcome": "联系上",
        "follow_up_on": NOW.date(),
        "severity_after": 1,
        "remark": "已平静",
        "now": NOW,
    }
    closed = await desk.close(ticket, me, **closing)
    assert closed.status is TicketStatus.CLOSED and closed.note["closing"] == {
        "remark": "已平静",
        "by": "王芳",
    }
    assert (await last(store, talk)).data["state"] == "closed"
    with pytest.raises(NotYoursError) as ended:
        await desk.reply(ticket, me, "4", "x", NOW)
    assert ended.value.code == "already_closed"
    log = [(line.actor, line.action) for line in reversed(await store.audit.entries())]
    refused = [actor for actor, action in log if action == "ticket.refused"]
    assert refused == ["李雷", "王芳", "李雷", "王芳"], "R-24"
    assert [line for line in log if line[1] != "ticket.refused"] == [
        ("王芳", "ticket.claim"), ("王芳", "ticket.reply"), ("王芳", "ticket.hand_over"),
        ("李雷", "ticket.release"), ("王芳", "ticket.claim"), ("王芳", "ticket.close"),
    ]  # fmt: skip
    assert "慢慢说" not in repr(await store.audit.entries())
    with pytest.raises(NotThereError):
        await desk.claim("none", me, NOW)


GOOD: dict[str, Any] = {
    "outcome": "联系上",
    "follow_up_on": dt.date(2026, 11, 24),
    "severity_after": 0,
    "remark": "孩子已到医院",
}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"outcome": ""}, "outcome"),
        ({"outcome": "随便"}, "outcome"),
        ({"follow_up_on": None}, "follow_up_on"),
        ({"follow_up_on": dt.date(2026, 11, 20)}, "follow_up_on"),
        ({"follow_up_on": dt.date(2028, 1, 1)}, "follow_up_on"),
        ({"severity_after": None}, "severity_after"),
        ({"severity_after": 5}, "severity_after"),
        ({"remark": " "}, "remark"),
        ({"outcome": "其他", "severity_after": 4, "remark": ""}, "remark"),
    ],
)
async def test_an_urgent_case_is_not_closed_without_its_record(
    store: Store, change: dict[str, Any], field: str
) -> None:
    """CR-27, CR-4."""
    desk, me = Desk(store), await staff(store)
    _, ticket = await waiting(store)
    await desk.claim(ticket, me, NOW)
    with pytest.raises(IncompleteError) as refusal:
        await desk.close(ticket, me, now=NOW, **(GOOD | change))
    assert refusal.value.field == field
    await desk.close(ticket, me, now=NOW, **GOOD)


async def test_a_mild_case_closes_with_its_outcome_alone(store: Store) -> None:
    desk, me = Desk(store), await staff(store)
    _, ticket = await waiting(store, severity=0)
    await desk.claim(ticket, me, NOW)
    closed = await desk.close(
        ticket, me, outcome="联系上", follow_up_on=None, severity_after=None, remark="", now=NOW
    )
    assert closed.outcome == "联系上"


async def test_foreign_and_closed_transcripts_need_a_reason(store: Store) -> None:
    """SE-19: and every reading is in the log (SE-20)."""
    desk = Desk(store)
    me, other, supervisor = await staff(store), await staff(store, "李雷"), await staff(store, "赵敏", "督导")
    _, ticket = await waiting(store)
    await desk.open(ticket, other, "", NOW)
    await desk.claim(ticket, me, NOW)
    for reason in ("", "  看 "):
        with pytest.raises(IncompleteError):
            await desk.open(ticket, other, reason, NOW)
    with pytest.raises(IncompleteError):
        await desk.readable(ticket, other)
    await desk.open(ticket, other, "王芳请我帮忙看", NOW)
    await desk.open(ticket, supervisor, "", NOW)
    await desk.close(ticket, me, now=NOW, **GOOD)
    with pytest.raises(IncompleteError):
        await desk.open(ticket, supervisor, "", NOW)
    reads = [line for line in await store.audit.entries() if line.action == "ticket.read"]
    assert [line.actor for line in reads] == ["赵敏", "李雷", "李雷"]
    assert reads[1].detail == {"reason": "王芳请我帮忙看"}


@pytest.mark.parametrize("role", [*Role, "", "root"])
def test_role_matrix_is_deny_by_default(role: str) -> None:
    """SE-19: 管理员 reads no transcripts, 审计 reads the log only, an unknown role nothing."""
    allowed = {action for action in Action if may(role, action)}
    assert allowed == {
        "值班员": {Action.SEE_QUEUE, Action.OPEN_CASE, Action.WORK_CASE},
        "督导": {Action.SEE_QUEUE, Action.OPEN_CASE, Action.WORK_CASE},
        "管理员": {Action.MANAGE_ACCOUNTS},
        "审计": {Action.READ_AUDIT},
    }.get(role, set())
    assert set(MAY) == set(Role)
    assert needs_reason(role, is_closed=True, owned_by_other=False)


def ticket_at(severity: int, status: TicketStatus = TicketStatus.WAITING) -> Ticket:
    unset = (None,) * 6
    return Ticket("t", "c", severity, None, "signal", "adult", status, NOW, NOW, *unset, 0, 1, {})


@pytest.mark.parametrize(
    ("seconds", "steps"),
    [
        (-3600, ()),
        (0, ("page",)),
        (59.9, ("page",)),
        (60, ("page", "page_again")),
        (180, ("page", "page_again", "supervisor")),
        (300, ("page", "page_again", "supervisor", "phone_bridge", "incident")),
        (99999, ("page", "page_again", "supervisor", "phone_bridge", "incident")),
    ],
)
def test_timers_are_a_function_of_time(seconds: float, steps: tuple[str, ...]) -> None:
    """CR-21, CR-26."""
    assert timers.due(ticket_at(3), frozenset(), later(seconds)) == steps
    assert timers.due(ticket_at(4), frozenset(steps), later(seconds)) == ()
    assert timers.due(ticket_at(2), frozenset(), later(seconds)) == ()
    assert timers.due(ticket_at(4, TicketStatus.CLAIMED), frozenset(), later(seconds)) == ()


def test_an_undelivered_page_is_tried_less_and_less_often() -> None:
    """R-30."""
    waits = [
        (timers.next_try(Page(1, "t", 1, "page", NOW, None, attempts, 4)) - NOW).total_seconds()
        for attempts in range(9)
    ]
    assert waits == [0, 1, 3, 7, 15, 31, 63, 123, 183]


class Bell:
    def __init__(self, *, broken: bool = False) -> None:
        self.rung: list[str] = []
        self.broken = broken

    async def send(self, page: Page) -> bool:
        if self.broken:
            raise OSError("no network")
        self.rung.append(page.step)
        return True


async def test_the_watch_escalates_once_per_step(store: Store) -> None:
    """CR-21, R-20, R-29, R-30: by fake clock; two processes watch, one channel is broken."""
    bell = Bell()
    watches = [Watch(store, (Bell(broken=True), bell)) for _ in range(2)]
    _, ticket = await waiting(store)
    for seconds in (1, 30, 61, 62, 181, 299, 301, 400):
        for watch in watches:
            await watch.tick(later(seconds))
    assert bell.rung == ["page", "page_again", "supervisor", "phone_bridge", "incident"]
    assert (await store.pages.of(ticket))[0].delivered_at == later(1)
    assert [line.action for line in await store.audit.entries()] == ["incident.unanswered"]
    await Desk(store).claim(ticket, await staff(store), later(400))
    await watches[0].tick(later(401))
    assert len(bell.rung) == 5


async def test_nobody_there_leaves_the_page_in_the_outbox(store: Store) -> None:
    """R-20: at least once, as soon as somebody opens the desk."""
    watch = Watch(store)
    await waiting(store, severity=2)
    await watch.tick(later(5))
    (page,) = await store.pages.undelivered()
    assert page.attempts == 1
    member = await staff(store)
    await store.staff.start_session(member.id, later(8), later(9999))
    await watch.tick(later(9))
    assert await store.pages.undelivered() == ()


async def test_a_lost_connection_gives_the_case_back(store: Store) -> None:
    """R-25: after 30 s the family is told; after 90 s it waits again with its age, staff are paged."""
    watch, desk = Watch(store), Desk(store)
    member = await staff(store)
    talk, ticket = await waiting(store)
    await store.staff.start_session(member.id, NOW, later(9999))
    await desk.claim(ticket, member, later(10))
    await watch.tick(later(99))
    assert (await store.tickets.get(ticket)).status is TicketStatus.CLAIMED  # type: ignore[union-attr]
    await watch.tick(later(99.5))
    told = [event.data["text"] for event in await store.events.after(talk) if event.name == "status"]
    assert len(told) == 2 and told[1].startswith("值班员的网络好像断了"), "once, after 30 s"
    await watch.tick(later(101))
    back = await store.tickets.get(ticket)
    assert back is not None and back.status is TicketStatus.WAITING and back.opened_at == NOW
    assert (await last(store, talk)).data["text"].startswith("值班员的网络断了")
    assert [page.round for page in await store.pages.undelivered()] == [2]


async def test_presence_is_honest(store: Store) -> None:
    """CR-25, CR-26: an auditor or a closed laptop is nobody who could help."""
    desk = Desk(store)
    duty, auditor = await staff(store), await staff(store, "审", "审计")
    assert (await desk.presence(NOW)).on_duty == 0
    for member in (duty, auditor):
        await store.staff.start_session(member.id, NOW, later(9999))
    _, ticket = await waiting(store)
    there = await desk.presence(later(30))
    assert (there.on_duty, there.free, there.waiting, there.longest_wait.total_seconds()) == (1, 1, 1, 30)
    await desk.claim(ticket, duty, NOW)
    assert (await desk.presence(later(30))).free == 0
    assert (await desk.presence(later(60))).on_duty == 0


async def test_the_note_says_only_what_is_stored(store: Store) -> None:
    talk, _ = await waiting(store)
    facts = {
        "items": [
            {"name": "father_state", "label": "爸爸的情况", "value": "imprisoned", "value_label": "服刑"}
        ]
    }
    verdicts = {"turn": "t", "items": [{"benefit": "B02", "missing": ["妈妈的情况"]}]}
    await store.publish(
        talk, None,
        [NewEvent("facts", facts), NewEvent("verdicts", verdicts), NewEvent("text", {"text": "可以申请。"})],
    )  # fmt: skip
    note = from_events(await store.events.after(talk), "发现危险信号")
    assert note == HandoverNote(
        asked=("文字 k",), known=("爸爸的情况：服刑",), missing=("妈妈的情况",),
        answered=("〔卡片〕先打 120", "可以申请。"), why="发现危险信号",
    )  # fmt: skip
    assert HandoverNote.from_json({**note.to_json(), "closing": {}}) == note
    assert HandoverNote.from_json({}) == HandoverNote()


def test_each_item_of_the_law_is_there_and_signals_tick_it() -> None:
    """LG-4: (一) to (九), and every category of danger to a child suggests at least one."""
    items = reports().items
    assert [item.source[-4:] for item in items] == [f"条({n})" for n in "一二三四五六七八九"]
    assert {line.item.id for line in checklist(["sexual_abuse"]) if line.suggested} == {
        "private_part_injury", "girl_under_14", "girl_from_14",
    }  # fmt: skip
    suggested = {category for item in items for category in item.categories}
    assert suggested <= {category.value for category in Category}
    harmless = {"psychosis", "caregiver_burnout", "postpartum_depression", "complaint"}
    assert {category.value for category in Category} - suggested == harmless


def test_every_code_has_words() -> None:
    words = texts()
    assert set(words.labels.category) == {category.value for category in Category}
    assert set(words.labels.severity) == {severity.value for severity in Severity}
    assert set(words.labels.speaker) == {speaker.value for speaker in Speaker}
    assert set(words.labels.step) == {step for _, step in timers.STEPS} | {"owner_away"}
    assert len(set(Outcome)) == 5


@pytest.mark.parametrize("text", list(texts().status.model_dump().values()))
def test_what_families_read_is_short(text: str) -> None:
    """AX-8."""
    for sentence in re.split(r"(?<=[。！？])", text):
        assert len(sentence) <= 25
