"""What was told in messages that got a card: its facts, and what the next question leans on (CR-5).

The card is the whole reply to such a message, so it waits for nothing; it is read when the family goes on.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from agent.intake import window_of
from agent.types import ConversationState, TurnInput
from agent.understand.questions import topic_after
from guardrails.types import Severity
from storage.types import Author

if TYPE_CHECKING:
    from agent.context import Context
    from agent.turn import Agent
    from storage.types import Message, Turn


def remembered(agent: Agent, context: Context) -> ConversationState:
    """The talk after this message: its facts, and the entry it named or that protects from such danger.

    Only what patterns read is believed: words of despair are like nothing that the learned reader knows.
    """
    screening = context.result.screening
    context.result.screening = replace(screening, read=None)
    understanding = agent.understand(context)
    state = context.result.state
    return replace(state, topic=topic_after(understanding.topics, screening, state))


async def caught_up(agent: Agent, turn: Turn, state: ConversationState) -> ConversationState:
    """The state with the messages behind cards that came since the last one we answered."""
    for message in await _unread(agent, turn):
        window = await window_of(agent.stored, turn.conversation_id, message.seq)
        now = agent.clock()
        before = TurnInput(message.text, window, state, now.date(), now)
        context = await agent.begin(before)
        context.message_id = message.id
        state = await asyncio.to_thread(remembered, agent, context)
    return state


async def _unread(agent: Agent, turn: Turn) -> list[Message]:
    messages = await agent.stored.messages.of(turn.conversation_id)
    unread: list[Message] = []
    for one in reversed([m for m in messages if m.seq < turn.message.seq and m.author is Author.FAMILY]):
        if one.severity < Severity.S3:
            break
        unread.append(one)
    return unread[::-1]
