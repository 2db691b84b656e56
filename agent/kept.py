"""The question that came together with danger: kept behind the card, answered when the family asks (CR-5).

The card is the whole reply to such a message. Who presses 安全 is told that the question is not lost, and may
ask for it in one step; what stands open of the danger (ticket, numbers, severity) is not touched by that.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from agent.intake import window_of
from agent.types import TurnInput
from guardrails.types import Route, Severity
from storage.types import Author

if TYPE_CHECKING:
    from agent.context import Context
    from agent.turn import Agent
    from storage.types import Turn

_ASKED_FOR = re.compile(
    r"(?:刚才|刚刚|前面|先前|之前|上面|方才)[^，。！？]{0,4}(?:问|说)的|我(?:刚才|刚刚|前面|先前|之前)[^，。！？]{0,3}(?:问|的问题)"
    r"|(?:接着|先|继续)(?:回?答|说)[^，。！？]{0,6}(?:问|问题)"
)
_WORDS = 24
"""Longer messages bring something of their own, which is answered instead."""


def asked_for(text: str) -> bool:
    """Whether somebody comes back to what they asked before.

    Examples:
        >>> asked_for("接着答我刚才问的"), asked_for("那我前面问的呢"), asked_for("低保要什么材料")
        (True, True, False)
    """
    return len(text) <= _WORDS and bool(_ASKED_FOR.search(text))


async def question(agent: Agent, turn: Turn) -> TurnInput | None:
    """What the last message that got a card said, as a turn of its own; None when none asked anything."""
    messages = await agent.stored.messages.of(turn.conversation_id)
    shown = [
        one
        for one in messages
        if one.author is Author.FAMILY and one.severity >= Severity.S3 and one.seq < turn.message.seq
    ]
    if not shown:
        return None
    last, now = shown[-1], agent.clock()
    window = await window_of(agent.stored, turn.conversation_id, last.seq)
    state = await agent.state(turn.conversation_id)
    return TurnInput(text=last.text, window=window, state=state, as_of=now.date(), now=now)


async def begun(agent: Agent, turn: TurnInput) -> Context | None:
    """A turn over the kept message, with care and a person at hand; None when it asks nothing of us."""
    screening = await asyncio.to_thread(agent.screen_in, turn.text, turn.window, None, Severity.S0)
    context = await agent.begin(turn, replace(screening, route=Route.HUMAN_OFFER))
    return context if await asyncio.to_thread(agent.goes_on, context) else None
