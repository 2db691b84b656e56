"""One talk of a made-up family with the real agent, over a real store."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from agent.types import Role
from eval.client import TargetError, observe
from eval.simulate.family import Family
from eval.simulate.invariants import Talk, Turn

if TYPE_CHECKING:
    from agent.turn import Agent
    from eval.types import Observation

TURNS_MOST = 16
_DIGRESSES, _IN_DANGER = 0.12, 0.1
_STEPS = frozenset({Role.NOTE, Role.QUESTION, Role.REFERRAL, Role.ITEM})
"""Roles of sentences that lead on."""


async def play(agent: Agent, family: Family, now: dt.datetime) -> Talk:
    """Talk until nothing more is asked, or the family has had enough."""
    conversation, _ = await agent.stored.conversations.create(now)
    turns: list[Turn] = []

    async def say(kind: str, text: str) -> Observation:
        seen, steps = await _say(agent, conversation, f"{family.seed}-{len(turns)}", text)
        turns.append(Turn(kind, text, seen, steps))
        return seen

    danger_at = family.dice.randrange(2, 6) if family.dice.random() < _IN_DANGER else None
    seen = await say("opening", family.opening())
    while len(turns) < TURNS_MOST:
        if danger_at == len(turns):
            await say("danger", family.danger())
            await say("danger", family.danger())
            break
        if len(turns) >= 2 and (text := family.correction()) is not None:
            again = await say("correction", text)
            seen = again if again.asked else seen
        asked = seen.asked
        if asked is not None and family.dice.random() < _DIGRESSES:
            seen = await say("digression", family.digression())
            asked = family.returns_to(asked, seen.asked or asked)
        if asked is None or (text := family.reply(asked)) is None:
            break
        seen = await say("answer", text)
    if (text := family.correction()) is not None:
        await say("correction", text)
    ticket = await agent.stored.tickets.of(conversation)
    queue = [one for one in await agent.stored.tickets.queue() if one.conversation_id == conversation]
    return Talk(
        family.seed,
        tuple(turns),
        family.truth,
        family.told,
        len(queue) if ticket else 0,
        now.date(),
    )


async def _say(agent: Agent, conversation: str, key: str, text: str) -> tuple[Observation, bool]:
    before = await agent.stored.conversations.get(conversation)
    admission = await agent.receive(conversation, key, text)
    await agent.answer(conversation)
    stored = await agent.stored.events.after(conversation, before.last_seq if before else 0)
    events: list[dict[str, Any]] = [{"event": one.name, "data": one.data} for one in stored]
    trace = next((one["data"] for one in reversed(events) if one["event"] == "trace"), None)
    if trace is None:
        raise TargetError(f"the turn 「{text}」 did not end (message {admission.message_id})")
    steps = any(one["event"] == "text" and one["data"].get("role") in _STEPS for one in events)
    return observe(events, trace, {}, 0.0), steps
