"""A talk over a real store, message by message, and what the family got of it."""

from __future__ import annotations

import random

from agent.turn import Agent
from agent.types import Admission
from storage.store import Store
from storage.types import Event
from tests.agent.conftest import NOW

DANGER = "我撑不下去了，不想活了"


async def begin(store: Store) -> str:
    return (await store.conversations.create(NOW))[0]


async def events(store: Store, conversation: str) -> list[Event]:
    return list(await store.events.after(conversation, 0, 1000))


def names(found: list[Event]) -> list[str]:
    return [event.name for event in found]


def texts(found: list[Event]) -> str:
    return "".join(event.data["text"] for event in found if event.name == "text")


async def say(agent: Agent, conversation: str, text: str, key: str | None = None) -> Admission:
    admission = await agent.receive(conversation, key or f"key-{random.random()}", text)
    await agent.answer(conversation)
    return admission
