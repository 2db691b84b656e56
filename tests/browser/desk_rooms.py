"""A desk with two people in need: the real store, the real rules, the scripted agent."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

from api.services import Services
from settings import Settings
from storage.store import Store
from storage.types import NewEvent, NewSignal, NewTicket
from tests.api.scripted import scripted_rooms
from tests.tools.conftest import registry_cite
from tools.catalogue import Catalogue

SAID = "外孙女的爸爸判了六年，妈妈肝癌晚期，我带着她，撑不下去了，不想活了"
FACTS = {
    "father_state": ("爸爸的情况", "imprisoned", "服刑"),
    "father_term_months": ("爸爸的刑期", 72, "72个月"),
    "mother_state": ("妈妈的情况", "seriously_ill", "重病"),
    "child_age": ("孩子的年龄", 9, "9岁"),
}


@asynccontextmanager
async def desk_rooms(settings: Settings, now: Callable[[], dt.datetime]) -> AsyncIterator[Services]:
    """Scripted rooms with rules."""
    async with scripted_rooms(settings, now) as services:
        yield replace(services, catalogue=Catalogue.load(registry_cite()))


async def grandmother(store: Store, now: dt.datetime) -> str:
    """An S4 conversation with facts, verdicts, citations, a card, and markup where text should be."""
    talk, _ = await store.conversations.create(now)
    question = "孩子爸爸判了六年，妈妈肝癌晚期，有什么补助吗？<img src=x onerror=alert(1)>"
    await store.accept(
        talk, key="1", body_hash="1", text=question, severity=0, sticky=0, vault_json=None, now=now
    )
    turn = await store.turns.claim(talk, now)
    assert turn is not None
    citation = {
        "clause_id": "gov_shishiwurenfuyang_2019_62#一",
        "document": "关于进一步加强事实无人抚养儿童保障工作的意见",
        "number": "民发〔2019〕62号",
        "clause": "一",
        "standing": "official",
        "confidence": "confirmed",
    }
    items = [
        {"name": name, "label": label, "value": value, "value_label": said, "certain": name != "mother_state"}
        for name, (label, value, said) in FACTS.items()
    ]
    verdict = {"benefit": "B02", "name": "事实无人抚养儿童基本生活补贴", "outcome": "likely", "missing": []}
    await store.publish(
        talk,
        turn.token,
        [
            NewEvent("status", {"state": "searching", "text": "正在查"}),
            NewEvent(
                "text",
                {
                    "turn": "t",
                    "text": "按您说的，孩子很可能符合事实无人抚养儿童基本生活补贴。",
                    "role": "answer",
                },
            ),
            NewEvent("text", {"turn": "t", "text": "带上户口簿，到户口所在的街道申请。", "role": "item"}),
            NewEvent("citations", {"turn": "t", "items": [citation]}),
            NewEvent("facts", {"items": items}),
            NewEvent("verdicts", {"turn": "t", "items": [verdict]}),
            NewEvent("done", {"turn": "t", "message_id": turn.message.id}),
        ],
        answers=turn.message.id,
    )
    card = {
        "id": "suicide_adult_now",
        "title": "我听到了。您先别一个人待着。",
        "blocks": [
            {"kind": "text", "text": "身边有危险，现在打 120 或 110。"},
            {"kind": "call", "number": "120", "name": "急救"},
            {"kind": "call", "number": "12356", "name": "心理援助热线"},
        ],
    }
    await store.accept(
        talk,
        key="2",
        body_hash="2",
        text=SAID,
        severity=4,
        sticky=4,
        vault_json=None,
        signals=(
            NewSignal("suicide_self", 4, "crisis_now", "rule:direct", ("不想活了", "撑不下去")),
            NewSignal("suicide_self", 4, "crisis_now", "classifier", (SAID,)),
        ),
        ticket=NewTicket(4, "suicide_self", "signal"),
        events=(NewEvent("card", card),),
        needs_answer=False,
        now=now + dt.timedelta(seconds=40),
    )
    return talk


async def father(store: Store, now: dt.datetime, key: str = "1") -> str:
    """Somebody who asked for a person."""
    talk, _ = await store.conversations.create(now)
    await store.accept(
        talk,
        key=key,
        body_hash="1",
        text="转人工",
        severity=0,
        sticky=0,
        vault_json=None,
        ticket=NewTicket(0, None, "family_asked"),
        now=now,
    )
    return talk
