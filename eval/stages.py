"""The stages of the evaluators' door, over the real rooms: no HTTP, no storage, else what families get."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from agent.types import ConversationState, RememberedFact, TurnInput, TurnResult
from eval.batch_types import (
    BatchCitation,
    BatchEntity,
    BatchHit,
    BatchInput,
    BatchQuestion,
    BatchSentence,
    BatchSource,
    BatchTicket,
    BatchVerdict,
    PrecheckOutput,
    ScreenOutput,
    SearchOutput,
    TurnOutput,
)
from guardrails.pii import Vault
from guardrails.types import Author, Entity, Screening, Severity, Span, Utterance
from knowledge.types import Citation, SearchResult
from tools.types import Precheck

if TYPE_CHECKING:
    from agent.compose.protocol import Brief
    from agent.turn import Agent, Context
    from settings import Settings

CHINA = ZoneInfo("Asia/Shanghai")
WINDOW_TURNS = 10
"""CR-4: at least the last ten turns of both speakers."""


@dataclass(slots=True)
class _Talk:
    """A conversation as it stands before its next message."""

    window: list[Utterance]
    state: ConversationState
    vault: Vault
    sticky: Severity = Severity.S0
    ticket: BatchTicket | None = None


class Stages:
    """All rooms, opened once, worked line by line."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent
        self._loop = asyncio.new_event_loop()

    @classmethod
    def open(cls, settings: Settings) -> Stages:
        """Open every room but storage."""
        from agent.assembly import load_parts, make_agent

        return cls(make_agent(load_parts(settings), settings, None, lambda: dt.datetime.now(CHINA)))

    def run(self, stage: str, line: BatchInput) -> BaseModel:
        """Work one line at one stage."""
        work = {"screen": self.screen, "search": self.search, "precheck": self.precheck, "turn": self.turn}
        return work[stage](line)

    def screen(self, line: BatchInput) -> ScreenOutput:
        """Step 1 only: signals and redaction."""
        talk, last = self._before_last(line, think=False)
        context = self._begin(self._input(line, talk, last))
        return ScreenOutput(id=line.id, **_screened(context.result.screening))

    def search(self, line: BatchInput) -> SearchOutput:
        """Search for the standalone question of the last message."""
        talk, last = self._before_last(line, think=len(line.conversation) > 1)
        turn = self._input(line, talk, last)
        context = self._begin(turn)
        understanding = self._agent.understand(context)
        found = self._agent.rooms.library.search(
            understanding.question, as_of=turn.as_of, topic=understanding.topic
        )
        return SearchOutput(id=line.id, **_searched(found))

    def precheck(self, line: BatchInput) -> PrecheckOutput:
        """Facts given and said, through the rules."""
        from tools.precheck import precheck

        talk, last = self._before_last(line, think=len(line.conversation) > 1)
        turn = self._input(line, talk, last)
        context = self._begin(turn)
        self._agent.understand(context)
        state = context.result.state
        checked = precheck(
            self._agent.rooms.catalogue,
            state.values,
            as_of=turn.as_of,
            district=line.district or state.district,
            asked=state.asked,
            declined=state.declined,
        )
        return PrecheckOutput(id=line.id, facts=state.values, **_prechecked(checked))

    def think(self, line: BatchInput) -> TurnResult:
        """The turn of the last message with all it decided, for scorers that look behind the words."""
        talk, last = self._before_last(line, think=True)
        return self._loop.run_until_complete(self._agent.think(self._input(line, talk, last)))

    def turn(self, line: BatchInput) -> TurnOutput:
        """A whole turn, as the family would get it."""
        talk, last = self._before_last(line, think=True)
        result = self._loop.run_until_complete(self._agent.think(self._input(line, talk, last)))
        _take(talk, last, result)
        return _turned(line, result, talk.ticket)

    def brief(self, line: BatchInput) -> Brief:
        """What the composer knows before it words the answer to the last message."""
        talk, last = self._before_last(line, think=True)
        context = self._begin(self._input(line, talk, last))
        self._agent.understand(context)
        self._agent.gather(context)
        return self._agent.brief(context)

    def _begin(self, turn: TurnInput) -> Context:
        return self._loop.run_until_complete(self._agent.begin(turn))

    def _before_last(self, line: BatchInput, *, think: bool) -> tuple[_Talk, str]:
        talk = _Talk([], _given(line), Vault())
        *earlier, last = line.conversation
        for place, message in enumerate(earlier):
            if message.role == "assistant":
                talk.window.append(Utterance(Author.ASSISTANT, message.text))
                continue
            turn = self._input(line, talk, message.text)
            if think:
                result = self._loop.run_until_complete(self._agent.think(turn))
                _take(talk, message.text, result)
                if result.reply and earlier[place + 1 : place + 2] == []:
                    talk.window.append(Utterance(Author.ASSISTANT, _reply_text(result)))
            else:
                _screen_take(talk, self._begin(turn).result.screening)
        return talk, last.text

    def _input(self, line: BatchInput, talk: _Talk, text: str) -> TurnInput:
        now = dt.datetime.now(CHINA)
        if line.as_of:
            now = now.replace(year=line.as_of.year, month=line.as_of.month, day=line.as_of.day)
        window = tuple(talk.window[-2 * WINDOW_TURNS :])
        return TurnInput(text, window, talk.state, now.date(), now, talk.vault, talk.sticky)


def _given(line: BatchInput) -> ConversationState:
    said_at = dt.datetime.now(CHINA)
    facts = tuple(RememberedFact(name, value, "given", said_at, "form") for name, value in line.facts.items())
    return replace(ConversationState(), facts=facts, district=line.district)


def _screen_take(talk: _Talk, screening: Screening) -> None:
    talk.window.append(Utterance(Author.FAMILY, screening.redacted))
    talk.sticky = max(talk.sticky, screening.severity)


def _take(talk: _Talk, text: str, result: TurnResult) -> None:
    _screen_take(talk, result.screening)
    talk.state = result.state
    if result.ticket:
        category = result.screening.category if result.ticket == "signal" else None
        if talk.ticket is None or talk.ticket.severity < result.screening.severity.name:
            talk.ticket = BatchTicket(
                severity=result.screening.severity.name, category=category or "human_request"
            )


def _reply_text(result: TurnResult) -> str:
    return "".join(sentence.text for sentence in result.reply.sentences) if result.reply else ""


def _screened(screening: Screening) -> dict[str, Any]:
    return {
        "severity": screening.severity.name,
        "category": screening.category,
        "route": screening.route,
        "triggers": tuple(_trigger(span, screening.entities) for span in screening.triggers),
        "redacted": screening.redacted,
        "entities": tuple(BatchEntity(start=e.start, end=e.end, type=e.type) for e in screening.entities),
    }


def _trigger(span: Span, entities: tuple[Entity, ...]) -> str:
    """The words of a trigger, which may be the whole message: identifiers give their kind only (PR-1)."""
    text = span.text
    for entity in reversed(entities):
        if entity.start < span.end and entity.end > span.start:
            begin, end = max(entity.start - span.start, 0), entity.end - span.start
            text = f"{text[:begin]}<{entity.type}>{text[end:]}"
    return text


def _source(citation: Citation) -> BatchSource:
    return BatchSource(document=citation.document, number=citation.number, clause=citation.clause)


def _cited(citation: Citation) -> BatchCitation:
    return BatchCitation(
        document=citation.document,
        number=citation.number,
        clause=citation.clause,
        document_id=citation.document_id,
        standing=citation.standing,
    )


def _searched(found: SearchResult | None) -> dict[str, Any]:
    if found is None:
        return {"answerable": False, "reason": None, "hits": ()}
    hits = tuple(
        BatchHit(
            **_cited(hit.clause.citation).model_dump(),
            clause_id=hit.clause.id,
            score=round(hit.score, 4),
            text=hit.clause.text,
        )
        for hit in found.hits
    )
    return {"answerable": found.answerable, "reason": found.reason, "hits": hits}


def _prechecked(checked: Precheck | None) -> dict[str, Any]:
    if checked is None:
        return {"verdicts": (), "next_question": None}
    verdicts = tuple(
        BatchVerdict(
            benefit=v.benefit,
            name=v.name,
            outcome=v.outcome.value,
            failed=v.failed,
            missing=v.missing,
            sources=tuple(_source(citation) for citation in v.sources),
        )
        for v in checked.verdicts
    )
    asked = checked.next_question
    question = BatchQuestion(fact=asked.fact, text=asked.text) if asked else None
    return {"verdicts": verdicts, "next_question": question}


def _turned(line: BatchInput, result: TurnResult, ticket: BatchTicket | None) -> TurnOutput:
    reply, work, understanding = result.reply, result.work, result.understanding
    sentences = (
        tuple(BatchSentence(text=s.text, evidence=s.evidence) for s in reply.sentences) if reply else ()
    )
    if result.card:
        card = tuple(text for text in result.card_text.splitlines() if text.strip())
        fixed = tuple(BatchSentence(text=text, evidence=(f"t:{result.card}",)) for text in card)
        sentences = (*fixed, *sentences)  # below an earlier card a mere question is answered (CR-25)
    fields = {
        **_screened(result.screening),
        **_searched(work.search if work else None),
        **_prechecked(work.precheck if work else None),
    }
    return TurnOutput(
        id=line.id,
        intent=understanding.intent if understanding else None,
        intents=understanding.intents if understanding else (),
        facts=result.state.values,
        reply=sentences,
        card=result.card_text or None,
        citations=tuple(_cited(citation) for citation in reply.citations) if reply else (),
        ticket=ticket,
        **fields,
    )
