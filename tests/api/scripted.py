"""A stand-in for the agent with fixed answers, over the real store: for tests of the door itself."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, cast

from agent.types import Admission, ConversationState, RememberedFact
from api.conversations import Conversations
from api.services import Limits, Services
from guardrails.types import Category, Route, Screening, Severity, Signal, Span, Speaker
from settings import Settings
from storage.store import Store
from storage.types import NewEvent, NewTicket
from tools.facts import FactBook
from tools.types import FactValue

DANGER = "不想活了"


def short_answer(name: str) -> list[NewEvent]:
    return [
        NewEvent("status", {"state": "searching", "text": "正在查资料"}),
        NewEvent("text", {"turn": name, "text": "可以先申请。", "role": "answer", "citations": [0]}),
        NewEvent("text", {"turn": name, "text": "孩子今年几周岁？", "role": "question", "citations": []}),
        NewEvent("done", {"turn": name, "message_id": name}),
    ]


def rich_answer(name: str) -> list[NewEvent]:
    """An answer with every kind of event that the widget lays out."""
    cited = [
        {
            "clause_id": f"law#{index}",
            "document": "某办法",
            "number": f"某发〔2019〕{index}号",
            "clause": "二(一)",
            "standing": standing,
            "confidence": "confirmed",
        }
        for index, standing in ((1, "restated"), (2, "official"))
    ]
    lines = [
        ("按您说的，外孙女很可能符合某项补贴。", "answer", [0]),
        ("对得上的地方：爸爸在服刑，妈妈得了重病。", "why", [0]),
        ("办的时候，要带的是：", "answer", []),
        ("孩子的户口簿。", "item", [1]),
        ("能说明父母情况的材料，没有也可以先去。", "item", [1]),
        ("先去户口所在的街道申请，十五个工作日内查完。", "answer", [1]),
        ("这是初步预审，最后以乡镇（街道）审核为准。", "note", []),
        ("不清楚就打12345问，每人每月120元这样的数不要信。", "referral", []),
        ("孩子今年几周岁？", "question", []),
    ]
    verdicts = [
        {
            "benefit": f"B0{index}",
            "name": title,
            "outcome": outcome,
            "failed": failed,
            "missing": [],
            "sources": cited,
        }
        for index, (title, outcome, failed) in enumerate(
            [
                ("某项补贴", "likely", []),
                ("另一项救助", "unknown", []),
                ("第三项补贴", "unlikely", ["孩子有残疾证"]),
                ("第四项补贴", "unlikely", ["家里是低保"]),
                ("第五项补贴", "depends_on_district", []),
            ]
        )
    ]
    return [
        NewEvent("status", {"state": "searching", "text": "正在查资料"}),
        *[
            NewEvent("text", {"turn": name, "text": text, "role": role, "citations": marks})
            for text, role, marks in lines
        ],
        NewEvent("citations", {"turn": name, "items": cited}),
        NewEvent("verdicts", {"turn": name, "items": verdicts}),
        NewEvent("suggestions", {"turn": name, "items": ["7岁", "不想说", "要带什么材料？"]}),
        NewEvent("done", {"turn": name, "message_id": name}),
    ]


class ScriptedAgent:
    """Screens for one phrase, answers everything else with two sentences."""

    def __init__(self, store: Store, now: Callable[[], dt.datetime]) -> None:
        self.store = store
        self.now = now
        self.states: dict[str, ConversationState] = {}
        self.answers = 0

    async def screen(self, conversation_id: str, text: str) -> Screening:
        at = text.find(DANGER)
        danger = at >= 0
        span = Span(at, at + len(DANGER), DANGER)
        signals = (
            (Signal(Category.SUICIDE_SELF, Severity.S4, Route.CRISIS_NOW, (span,), "rule:scripted"),)
            if danger
            else ()
        )
        return Screening(
            severity=Severity.S4 if danger else Severity.S0,
            category=Category.SUICIDE_SELF if danger else None,
            route=Route.CRISIS_NOW if danger else Route.NORMAL,
            signals=signals,
            speaker=Speaker.ADULT,
            redacted=text,
            entities=(),
        )

    async def receive(self, conversation_id: str, key: str, text: str) -> Admission:
        found = await self.screen(conversation_id, text)
        urgent = found.route.interrupts
        card = {
            "id": "suicide_adult_now",
            "route": found.route.value,
            "title": "我在这里，先保证您的安全。",
            "blocks": [
                {
                    "kind": "call",
                    "number": "120",
                    "label": "受伤或吃了药，打 120",
                    "name": "急救",
                    "hours": "24小时",
                },
                {
                    "kind": "call",
                    "number": "12356",
                    "label": "想找人说话，打 12356",
                    "name": "心理援助",
                    "hours": "",
                },
                {"kind": "buttons", "items": [{"label": "安全", "text": "安全"}]},
            ],
            "version": "1",
            "quiet": False,
            "follow_up": "走之前再问一句？",
        }
        accepted = await self.store.accept(
            conversation_id,
            key=key,
            body_hash=hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(),
            text=text,
            severity=int(found.severity),
            sticky=int(found.severity),
            vault_json=None,
            ticket=NewTicket(int(found.severity), "suicide_self", "signal") if urgent else None,
            events=[NewEvent("card", card)] if urgent else [],
            needs_answer=not urgent,
            now=self.now(),
        )
        assert accepted is not None
        return Admission(
            accepted.message_id,
            accepted.seq,
            found.route,
            "suicide_adult_now" if urgent else None,
            duplicate=accepted.duplicate,
            conflict=accepted.conflict,
        )

    async def answer(self, conversation_id: str) -> None:
        while turn := await self.store.turns.claim(conversation_id, self.now()):
            self.answers += 1
            rich = "补助吗" in turn.message.text
            said = rich_answer(turn.message.id) if rich else short_answer(turn.message.id)
            await self.store.publish(conversation_id, turn.token, said, answers=turn.message.id)

    async def catch_up(self, conversation_id: str) -> None:
        await self.answer(conversation_id)

    async def state(self, conversation_id: str) -> ConversationState:
        return self.states.get(conversation_id, ConversationState())

    async def set_fact(self, conversation_id: str, name: str, value: FactValue | None) -> None:
        state = await self.state(conversation_id)
        facts = tuple(fact for fact in state.facts if fact.name != name)
        if value is not None:
            facts += (RememberedFact(name, value, "form", self.now(), "form"),)
        self.states[conversation_id] = replace(state, facts=facts)


@dataclass
class FactsOnly:
    """The part of the catalogue that the chat routes use."""

    facts: FactBook


@asynccontextmanager
async def scripted_rooms(settings: Settings, now: Callable[[], dt.datetime]) -> AsyncIterator[Services]:
    """The door over the real store and the scripted agent; no documents, no rules."""
    store = await Store.open(settings)
    talk = Conversations(store, ScriptedAgent(store, now), now)
    catalogue = cast(Any, FactsOnly(FactBook.load()))
    try:
        nothing = cast(Any, None)
        health = cast(Any, SimpleNamespace(health=lambda: SimpleNamespace(green=True)))
        yield Services(settings, now, store, nothing, catalogue, nothing, health, talk, Limits(settings))
    finally:
        await talk.close()
        await store.close()
