"""Read lines as a turn does: screened, redacted, encoded, understood, with the talk before them."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from agent.types import ConversationState, TurnInput
from eval.understanding.lines import Line, Value
from guardrails.pii import Vault
from guardrails.types import Author, Utterance

if TYPE_CHECKING:
    from agent.turn import Agent
    from settings import Settings

_CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the agent made of a line."""

    intents: tuple[str, ...]
    facts: dict[str, Value | float]
    certain: dict[str, bool]
    ambiguous: tuple[str, ...]


class Reader:
    """The rooms of a turn up to understanding, opened once."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent
        self._loop = asyncio.new_event_loop()

    @classmethod
    def open(cls, settings: Settings) -> Reader:
        """Open every room but storage."""
        from agent.assembly import load_parts, make_agent

        return cls(make_agent(load_parts(settings), settings, None, lambda: dt.datetime.now(_CHINA)))

    def read(self, line: Line) -> Reading:
        """The last message of a line, after those before it."""
        now = dt.datetime.now(_CHINA)
        state, vault = ConversationState(), Vault()
        window: list[Utterance] = []
        for text in line.earlier:
            turn = TurnInput(text, tuple(window), state, now.date(), now, vault)
            context = self._loop.run_until_complete(self._agent.begin(turn))
            self._agent.understand(context)
            state = context.result.state
            window.append(Utterance(Author.FAMILY, context.result.screening.redacted))
        if line.asked:
            state = replace(state, pending_question=line.asked, asked=(*state.asked, line.asked))
        turn = TurnInput(line.text, tuple(window), state, now.date(), now, vault)
        understood = self._agent.understand(self._loop.run_until_complete(self._agent.begin(turn)))
        return Reading(
            tuple(intent.value for intent in understood.intents),
            {fact.name: fact.value for fact in understood.facts},
            {fact.name: fact.certain for fact in understood.facts},
            tuple(name for name, _ in understood.ambiguous),
        )
