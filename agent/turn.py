"""One turn, as the design lists it.

1. screen, 2. accept, 3. card, 4. person, 5. understand, 6. work, 7. compose, 8. check, 9. store and stream.
"""

from __future__ import annotations

import asyncio
import copy
import datetime as dt
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from agent import behind
from agent import work as evidence
from agent.asking import worded
from agent.compose.protocol import Brief, Composer, Rooms
from agent.context import Context as Context
from agent.context import Screened
from agent.memory import remember
from agent.phrases import load_phrases
from agent.release import Checker
from agent.types import ConversationState, Intent, Reply, Sentence, TurnInput, TurnResult
from agent.understand import Understander
from agent.understand.features import plain
from agent.understand.kin import tells_of_own_child
from agent.understand.learned import clause_reader
from agent.waiting import CALLED, line_for
from guardrails.signals.classifier import VECTOR_CHARS
from guardrails.types import Author, Route, Screening, Severity, Speaker

if TYPE_CHECKING:
    from agent.compose.spending import ModelStatus
    from agent.types import Admission, Understanding
    from guardrails.output import OutputCheck
    from guardrails.pii import Vault
    from guardrails.screen import Screener
    from guardrails.templates import Card, TemplateBank
    from guardrails.types import Utterance
    from knowledge.library import Library
    from storage.store import Store
    from tools.catalogue import Catalogue
    from tools.directory import Directory
    from tools.types import FactValue

Publish = Callable[[Sentence, "Context"], Awaitable[None]]
SUGGESTED_KEPT = 24
KEPT_SCREENINGS, KEPT_READ = 2_000, 64
"""Screenings of messages that wait; of the last ones also the states, forty kilobytes each, and the talk."""
MODEL_CHARS = 4_000
"""So much of a message is understood and worded; screening read all of it (SE-8)."""


class Agent:
    """Takes messages in and answers them. One for the whole process; all state is in the store."""

    def __init__(
        self,
        library: Library,
        catalogue: Catalogue,
        directory: Directory,
        screener: Screener,
        templates: TemplateBank,
        output_check: OutputCheck,
        store: Store | None,
        composer: Composer,
        *,
        clock: Callable[[], dt.datetime],
        evaluation: bool = False,
    ) -> None:
        self.rooms = Rooms(library, catalogue, directory, load_phrases())
        self.templates = templates
        self.store = store
        self.clock = clock
        self.evaluation = evaluation
        """Whether each turn ends with a `trace` event for evaluators."""
        self._screener = screener
        self._composer = composer
        self._checker = Checker(output_check)
        self._screenings: OrderedDict[str, Screened] = OrderedDict()
        self.waited: dict[str, tuple[str, dt.datetime]] = {}
        """By conversation, the last line said while a person is awaited, and when."""
        """When a family that waits for a person was last told so."""
        self.answering: dict[str, asyncio.Future[None]] = {}
        """Answers that run in this process, by conversation."""
        self._again = clause_reader(library.encoder)
        names = {guide.entry: guide.name for guide in library.guides}
        self.understander = Understander.load(catalogue.facts, names)

    @property
    def stored(self) -> Store:
        """The store; an agent made for `think` alone has none."""
        if self.store is None:
            raise RuntimeError("this agent was made without a store: only think() works")
        return self.store

    @property
    def streams(self) -> bool:
        """Whether the composer is slow enough for sentences to be shown as they come."""
        return self._composer.streams

    @property
    def models(self) -> tuple[ModelStatus, ...]:
        """The language models behind the composer, for health and metrics; none with the offline one."""
        status: Callable[[], tuple[ModelStatus, ...]] = getattr(self._composer, "status", tuple)
        return status()

    # --- a turn without storage

    async def think(self, turn: TurnInput) -> TurnResult:
        """Steps 1, 3 and 5 to 8, storing nothing: `minxing ask`, `minxing batch`, evaluators."""
        context = await self.begin(turn)
        if self.asks_for_person(context.result.screening.redacted):
            context.result.ticket = "family_asked"
        if context.result.screening.route.interrupts:
            context.result.ticket = "signal"
            self.show_card(context, ticket_stored=False)
            return await self._below_the_card(context)
        await self.reply(context, _nowhere)
        return context.result

    async def _below_the_card(self, context: Context) -> TurnResult:
        """As over the store: what is asked while a card stands is answered below it (CR-5, CR-25)."""
        turn, standing = context.turn, context.result
        new = turn.sticky < Severity.S3 or await asyncio.to_thread(self.urgent_by_itself, turn.text)
        below = await self.begin(turn, replace(standing.screening, route=Route.HUMAN_OFFER))
        if new or not await asyncio.to_thread(self.goes_on, below):
            state = await asyncio.to_thread(behind.remembered, self, below) if new else turn.state
            return replace(standing, state=state)
        await self.reply(below, _nowhere)
        return replace(
            below.result,
            screening=standing.screening,
            ticket=standing.ticket,
            card=standing.card,
            card_text=standing.card_text,
        )

    # --- steps 1 to 4, and 9, with storage (agent.intake, agent.answering)

    async def screen(self, conversation_id: str, text: str) -> Screening:
        """Step 1 alone, against the conversation so far; stores nothing."""
        from agent import intake

        return await intake.screen(self, conversation_id, text)

    async def receive(
        self, conversation_id: str, key: str, text: str, now: dt.datetime | None = None
    ) -> Admission:
        """Steps 1 to 4: screened, stored with ticket and card, or passed to the person in charge."""
        from agent import intake

        return await intake.receive(self, conversation_id, key, text, now or self.clock())

    async def answer(self, conversation_id: str) -> None:
        """Steps 5 to 9 for every message that waits; returns when none is left or another turn runs."""
        from agent import answering

        await answering.answer(self, conversation_id)

    async def catch_up(self, conversation_id: str) -> None:
        """Steps 5 to 9 for what waits, worded offline: a talk that was held elsewhere is taken in quickly."""
        from agent import answering
        from agent.compose.offline import OfflineComposer

        await answering.answer(self.worded_by(OfflineComposer()), conversation_id)

    def worded_by(self, composer: Composer) -> Agent:
        """The same agent around another composer: parts, store and running answers are shared."""
        other = copy.copy(self)
        other._composer = composer
        return other

    async def state(self, conversation_id: str) -> ConversationState:
        """What the conversation remembers."""
        from agent import answering

        return await answering.load_state(self, conversation_id)

    async def set_fact(self, conversation_id: str, name: str, value: FactValue | None) -> None:
        """A correction by form; the pre-check runs again and says what changed."""
        from agent import answering

        await answering.set_fact(self, conversation_id, name, value, self.clock())

    # --- screening

    def screen_in(
        self, text: str, window: tuple[Utterance, ...], vault: Vault | None, sticky: Severity
    ) -> Screening:
        """Step 1 against the talk so far."""
        return self._screener.screen(text, window, vault, sticky)

    def screen_alone(self, text: str) -> Screening:
        """Step 1 of a message without its talk."""
        return self._screener.screen(text)

    def urgent_by_itself(self, text: str) -> bool:
        """Whether a message brings new danger into a talk where a card was shown already (CR-25)."""
        return self._screener.screen(text).severity >= Severity.S3

    def goes_on(self, context: Context) -> bool:
        """Whether a family that waits for a person asks something of us in the meantime (CR-5, CR-25).

        打了，他们说十分钟到 asks nothing, whatever its words are taken for.
        """
        if line_for(context.turn.text) == CALLED:
            return False
        understanding = self.understand(context)
        asks = bool(set(understanding.intents) & evidence.SEARCHED) or worded(understanding.question)
        return asks or bool(understanding.facts)

    def keep_screening(
        self, message_id: str, screening: Screening, window: tuple[Utterance, ...] | None = None
    ) -> None:
        """Remember a screening until its message is answered: the raw text is gone by then."""
        self._screenings[message_id] = Screened(screening, window)
        if len(self._screenings) > KEPT_READ:
            earlier = list(self._screenings)[-KEPT_READ - 1]
            kept = self._screenings[earlier].screening
            self._screenings[earlier] = Screened(kept and replace(kept, read=None))
        while len(self._screenings) > KEPT_SCREENINGS:
            self._screenings.popitem(last=False)

    def screening_of(self, message_id: str) -> Screened:
        """What was kept of a message; after a restart nothing, and the redacted text is screened again."""
        return self._screenings.pop(message_id, Screened(None))

    def stop_answering(self, conversation_id: str) -> None:
        """An urgent message ends the running answer at once (CR-11)."""
        if (running := self.answering.get(conversation_id)) is not None:
            running.cancel()

    # --- the steps

    async def begin(self, turn: TurnInput, screening: Screening | None = None) -> Context:
        """Step 1: danger signals on the raw text, then redaction, then the shared vector."""
        context = Context(turn, TurnResult(screening or _unscreened(), state=turn.state))
        if screening is None:
            with context.step("screen"):
                context.result.screening = await asyncio.to_thread(
                    self._screener.screen, turn.text, turn.window, turn.vault, turn.sticky
                )
        return context

    def card(self, screening: Screening, now: dt.datetime, *, ticket_stored: bool) -> Card:
        """Step 3: the approved card for a message that interrupts; no model, no search."""
        return self.templates.card(
            screening.route, screening.category, screening.speaker, now=now, ticket_stored=ticket_stored
        )

    def show_card(self, context: Context, *, ticket_stored: bool) -> None:
        """Put the card into the result."""
        from agent.events import card_text

        card = self.card(context.result.screening, context.turn.now, ticket_stored=ticket_stored)
        context.result.card, context.result.card_text = card.id, card_text(card)

    def asks_for_person(self, redacted: str) -> bool:
        """转人工: known from the wording alone, so that the ticket is stored with the message (CR-28)."""
        return self.understander.intents.ruled(Intent.HUMAN, redacted)

    async def reply(self, context: Context, publish: Publish) -> None:
        """Steps 5 to 8 for a message that is to be answered."""
        with context.step("understand"):
            await asyncio.to_thread(self.understand, context)
        with context.step("work"):
            await asyncio.to_thread(self.gather, context)
        with context.step("compose"):
            await self._compose(context, publish)
        self._conclude(context)

    def understand(self, context: Context) -> Understanding:
        """Step 5: intents, facts, the standalone question; the facts go into the result's state."""
        turn, screening = context.turn, context.result.screening
        understanding = self.understander.read(
            screening.redacted[:MODEL_CHARS],
            screening.encoding,
            turn.state,
            earlier=[line.text for line in turn.window if line.author is Author.FAMILY],
            today=turn.as_of,
            done=screening.read,
            again=self._again,
            whole=len(screening.redacted) <= VECTOR_CHARS,
        )
        context.result.understanding = understanding
        context.result.state = remember(
            turn.state, understanding, message_id=context.message_id, now=turn.now
        )
        return understanding

    def gather(self, context: Context) -> None:
        """Step 6."""
        understanding, screening = context.result.understanding, context.result.screening
        assert understanding is not None
        context.result.work = evidence.gather(
            self.rooms,
            understanding,
            context.result.state,
            context.ledger,
            vector=screening.encoding,
            read=screening.read,
            as_of=context.turn.as_of,
            now=context.turn.now,
            text=plain(screening.redacted[:MODEL_CHARS]).strip(),
            earlier=[line.text for line in context.turn.window if line.author is Author.FAMILY],
        )

    async def _compose(self, context: Context, publish: Publish) -> None:
        """Steps 7 and 8: each sentence is checked against its evidence before anybody sees it."""

        async def release(sentence: Sentence) -> bool:
            texts = context.ledger.texts(sentence.evidence)
            if not await self._checker.passes(sentence, texts, transferred=context.ticket_stored):
                return False
            context.sentences.append(sentence)
            await publish(sentence, context)
            return True

        context.draft = await self._composer.compose(self.brief(context), release)

    def brief(self, context: Context) -> Brief:
        """What the composer may know."""
        result, turn = context.result, context.turn
        assert result.understanding is not None and result.work is not None
        route = result.screening.route
        return Brief(
            text=result.screening.redacted[:MODEL_CHARS],
            window=turn.window,
            understanding=result.understanding,
            before=turn.state,
            state=result.state,
            work=result.work,
            ledger=context.ledger,
            rooms=self.rooms,
            as_of=turn.as_of,
            now=turn.now,
            child_speaks=result.screening.speaker is Speaker.CHILD
            and not result.state.role
            and not tells_of_own_child("\n".join(u.text for u in turn.window if u.author is Author.FAMILY)),
            care=route in (Route.NORMAL_WITH_CARE, Route.HUMAN_OFFER) and not result.state.role,
            distress=any(not signal.found_by.startswith("window:") for signal in result.screening.signals),
            offer_person=route is Route.HUMAN_OFFER or result.screening.needs_review,
            ticket_stored=context.ticket_stored,
        )

    def _conclude(self, context: Context) -> None:
        """The reply as it was released, and what the conversation now remembers."""
        draft, result = context.draft, context.result
        assert draft is not None
        cited = context.ledger.citations(id_ for s in context.sentences for id_ in s.evidence)
        result.reply = Reply(tuple(context.sentences), cited, draft.suggestions, draft.composer)
        result.spent = draft.spent
        asked = tuple(dict.fromkeys((*result.state.asked, *([draft.asked] if draft.asked else ()))))
        result.state = replace(
            result.state,
            topic=draft.topic or result.state.topic,
            asked=asked,
            pending_question=draft.asked,
            unanswered=None if draft.asked else _waits(context.turn.state, result.state),
            listed=draft.listed or result.state.listed,
            errand=draft.errand,
            misses=result.state.misses + 1 if draft.missed else 0,
            more=draft.more,
            suggested=tuple(dict.fromkeys((*result.state.suggested, *draft.suggestions)))[-SUGGESTED_KEPT:],
        )


def _waits(before: ConversationState, after: ConversationState) -> str | None:
    """Our question that this turn did not answer: the family may come back to it after a digression."""
    waiting = before.pending_question or before.unanswered
    return None if waiting is None or waiting in {*after.values, *after.declined} else waiting


async def _nowhere(sentence: Sentence, context: Context) -> None:
    """Where nothing is streamed."""


def _unscreened() -> Screening:
    return Screening(Severity.S0, None, Route.NORMAL, (), Speaker.ADULT, "", ())
