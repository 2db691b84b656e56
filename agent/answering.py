"""Steps 5 to 9 over the store: one turn at a time, silent from the instant a person owns the talk."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import traceback
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent import behind, events, kept, memory
from agent.intake import window_of
from agent.types import ConversationState, Sentence, TurnInput
from agent.waiting import SAFE, WAITING, line_for
from agent.work import check
from guardrails.types import Severity, Speaker
from knowledge.types import Citation
from storage.types import NewEvent, Refused, Turn
from tools.precheck import changes

if TYPE_CHECKING:
    from agent.context import Context
    from agent.turn import Agent
    from tools.types import FactValue

logger = logging.getLogger("minxing.agent")

WAITING_LINE_EVERY = dt.timedelta(seconds=60)


class TurnLostError(Exception):
    """Nobody sees this: a person or an urgent message took the talk over, and the bot is silent."""


@dataclass(slots=True)
class Publisher:
    """Stores events of one turn; each storing transaction checks owner and turn again (CR-23)."""

    agent: Agent
    turn: Turn
    streams: bool
    """Whether sentences are stored as they come (a model) or together at the end (offline)."""
    waiting: list[NewEvent] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)

    async def sentence(self, sentence: Sentence, context: Context) -> None:
        """One checked sentence."""
        cited = context.ledger.citations(sentence.evidence)
        self.citations += [item for item in cited if item not in self.citations]
        self.waiting.append(events.text(sentence, context.message_id, self.citations, cited))
        if self.streams:
            await self.flush()

    async def flush(self) -> None:
        """Store what waits. Raises TurnLostError when the bot may not speak any more."""
        if self.waiting:
            await self._store()

    async def end(self, state: str | None = None) -> None:
        """Store what is left, and that the message is answered, at once. Raises TurnLostError as `flush`."""
        await self._store(state, answers=self.turn.message.id)

    async def _store(self, state: str | None = None, *, answers: str | None = None) -> None:
        waiting, self.waiting = self.waiting, []
        turn = self.turn
        result = await self.agent.stored.publish(
            turn.conversation_id, turn.token, waiting, state, answers=answers
        )
        if isinstance(result, Refused):
            raise TurnLostError(result.reason.value)


async def answer(agent: Agent, conversation_id: str) -> None:
    """Answer what waits, oldest first. A message that comes meanwhile is queued and answered next (R-11)."""
    turns = agent.stored.turns
    while (turn := await turns.claim(conversation_id, agent.clock())) is not None:
        task = asyncio.ensure_future(_one(agent, turn))
        agent.answering[conversation_id] = task
        try:
            await asyncio.shield(task)
        except TurnLostError:
            return
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            logger.error(
                "the turn failed (%s, %s:%s): a fixed reply is given",
                type(error).__name__, Path(where.filename).name, where.lineno,
            )  # fmt: skip
            if not await _excuse(agent, turn):
                return
        except asyncio.CancelledError:
            if not task.cancelled():  # we are being stopped, not the answer alone
                task.cancel()
                raise
            return
        finally:
            if agent.answering.get(conversation_id) is task:
                del agent.answering[conversation_id]
        if not await turns.waits(conversation_id):  # one look, where a claim takes the writing connection
            return


async def _one(agent: Agent, turn: Turn) -> None:
    message, now = turn.message, agent.clock()
    publisher = Publisher(agent, turn, streams=agent.streams)
    if agent.streams:
        publisher.waiting.append(events.status("searching", agent.rooms.phrases("person.searching")))
        await publisher.flush()
    stored = _known(agent, turn.state)
    before = await behind.caught_up(agent, turn, stored)
    ticket = await _open_ticket(agent, turn.conversation_id)
    came = agent.screening_of(message.id)
    window = came.window
    if window is None:
        window = await window_of(agent.stored, turn.conversation_id, message.seq)
    turn_input = TurnInput(
        text=message.text,
        window=window,
        state=before,
        as_of=now.date(),
        now=now,
        sticky=Severity.S0,
    )
    context = await agent.begin(turn_input, came.screening)
    if kept.asked_for(message.text):
        context = await _kept(agent, turn) or context
    context.message_id, context.ticket_stored = message.id, ticket is not None
    if ticket is not None and ticket["severity"] in ("S3", "S4") and not agent.goes_on(context):
        await _keep_waiting(agent, publisher, context, ticket, before if before != stored else None)
        return
    renewal = asyncio.create_task(_renew(agent, turn))
    try:
        await agent.reply(context, publisher.sentence)
    finally:
        renewal.cancel()
    _closing(agent, context, publisher, stored, ticket)
    await publisher.end(memory.to_json(context.result.state))


async def _kept(agent: Agent, turn: Turn) -> Context | None:
    """The question behind the card, ready to be answered."""
    before = await kept.question(agent, turn)
    return await kept.begun(agent, before) if before else None


async def _keep_waiting(
    agent: Agent,
    publisher: Publisher,
    context: Context,
    ticket: dict[str, Any],
    learned: ConversationState | None,
) -> None:
    """While a person is awaited: the same fixed line once a minute at most, and no policy (CR-25).

    A button of the card is always taken note of, though the line above it may be a moment old. `learned` is
    the talk with what was told behind cards; None where nothing was.
    """
    conversation, now = publisher.turn.conversation_id, agent.clock()
    key = line_for(context.turn.text)
    last, when = agent.waited.get(conversation, ("", now))
    if last != key or now - when >= WAITING_LINE_EVERY:
        agent.waited[conversation] = (key, now)
        child = context.result.screening.speaker is Speaker.CHILD and key != WAITING
        words = agent.rooms.phrases(f"child.{key.replace('.', '_')}" if child else key)
        publisher.waiting.append(events.status("waiting_for_person", words))
        if key == SAFE and await _kept(agent, publisher.turn):
            say, id_ = agent.rooms.phrases, context.message_id
            words = say("child.person_kept" if child else "person.kept")
            publisher.waiting.append(
                NewEvent("text", {"turn": id_, "text": words, "role": "note", "citations": []})
            )
            publisher.waiting.append(NewEvent("suggestions", {"turn": id_, "items": [say("suggest.kept")]}))
    if learned is not None:
        publisher.waiting.append(events.facts(learned, agent.rooms.catalogue.facts))
    publisher.waiting.append(NewEvent("done", {"turn": context.message_id, "message_id": context.message_id}))
    if agent.evaluation:
        publisher.waiting.append(events.trace(context, ticket))
    await publisher.end(memory.to_json(learned) if learned else None)


async def _excuse(agent: Agent, turn: Turn) -> bool:
    """What a family reads when our own code broke: the truth, a number, a person (AX-10)."""
    say, id_ = agent.rooms.phrases, turn.message.id
    lines = (("person.broken", "answer"), ("person.broken_next", "referral"))
    new = [
        *(NewEvent("text", {"turn": id_, "text": say(k), "role": r, "citations": []}) for k, r in lines),
        NewEvent("suggestions", {"turn": id_, "items": [say("suggest.human")]}),
        NewEvent("done", {"turn": id_, "message_id": id_}),
    ]
    stored = await agent.stored.publish(turn.conversation_id, turn.token, new, answers=id_)
    return not isinstance(stored, Refused)


def _closing(
    agent: Agent,
    context: Context,
    publisher: Publisher,
    before: ConversationState,
    ticket: dict[str, Any] | None,
) -> None:
    result, draft = context.result, context.draft
    assert result.reply is not None and result.work is not None and draft is not None
    add = publisher.waiting.append
    add(events.citations(context.message_id, publisher.citations))
    if result.state.facts != before.facts:
        add(events.facts(result.state, agent.rooms.catalogue.facts))
    if result.work.precheck is not None and draft.listed:
        add(
            events.verdicts(
                context.message_id, result.work.precheck, draft.listed, agent.rooms.catalogue.benefits
            )
        )
    if result.reply.suggestions:
        add(NewEvent("suggestions", {"turn": context.message_id, "items": list(result.reply.suggestions)}))
    add(NewEvent("done", {"turn": context.message_id, "message_id": context.message_id}))
    if agent.evaluation:
        add(events.trace(context, ticket))


async def _renew(agent: Agent, turn: Turn) -> None:
    """Keep the turn while a slow model works; its lease is ten seconds."""
    while True:
        await asyncio.sleep(4)
        await agent.stored.turns.renew(turn, agent.clock())


async def _open_ticket(agent: Agent, conversation_id: str) -> dict[str, Any] | None:
    ticket = await agent.stored.tickets.of(conversation_id)
    if ticket is None or ticket.reason == "needs_review":  # a second look brings nobody to the family
        return None
    return {"severity": Severity(ticket.severity).name, "category": ticket.category}


async def load_state(agent: Agent, conversation_id: str) -> ConversationState:
    """What the conversation remembers."""
    return _known(agent, await agent.stored.conversations.state(conversation_id))


def _known(agent: Agent, stored: str | None) -> ConversationState:
    """A stored state; facts that this release does not know any more are left out."""
    state = memory.from_json(stored)
    book = agent.rooms.catalogue.facts
    return replace(state, facts=tuple(fact for fact in state.facts if fact.name in book))


async def set_fact(
    agent: Agent, conversation_id: str, name: str, value: FactValue | None, now: dt.datetime
) -> None:
    """A correction by form: stored, the facts shown again, and what changed said in words.

    Raises:
        FactError: the name or value is not ours.
    """
    book = agent.rooms.catalogue.facts
    checked = book[name].check(value) if value is not None else None
    before = await load_state(agent, conversation_id)
    after = memory.set_fact(before, name, checked, now=now)
    new = [events.facts(after, book)]
    old, fresh = (
        check(agent.rooms, None, before, as_of=now.date()),
        check(agent.rooms, None, after, as_of=now.date()),
    )
    if old is not None and fresh is not None:
        say = agent.rooms.phrases
        turn = f"facts-{now.timestamp():.0f}"
        lines = [
            say("verdict.changed_verdict", name=c.name, outcome=say(f"outcome.{c.after.value}"))
            for c in changes(old, fresh)
            if c.benefit in before.listed or c.after.value in ("likely", "choice")
        ]
        texts = lines or [say("verdict.same_verdict")]
        new += [NewEvent("text", {"turn": turn, "text": t, "role": "note", "citations": []}) for t in texts]
        new.append(events.verdicts(turn, fresh, before.listed, agent.rooms.catalogue.benefits))
        new.append(NewEvent("done", {"turn": turn, "message_id": None}))
    result = await agent.stored.publish(conversation_id, None, new, memory.to_json(after))
    if isinstance(result, Refused):
        await agent.stored.conversations.save_state(conversation_id, memory.to_json(after))
