"""The model composer: LangChain words what code decided; when it fails, the offline answer stands."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self

from agent.compose.model import guard
from agent.compose.model.breaker import Breaker
from agent.compose.model.engine import PROMPT, Engine, ModelFailedError
from agent.compose.model.request import attributed, request_of
from agent.compose.model.stream import Said, SentenceStream
from agent.compose.model.tools import TurnTools
from agent.compose.model.truth import Truth
from agent.compose.offline import OfflineComposer, write
from agent.compose.protocol import Brief, Draft, Release
from agent.compose.spending import Counters, DailyCap, ModelStatus, Price, TurnSpending
from agent.types import Intent, Role, Sentence

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from settings import Settings

__all__ = ["PROMPT", "ModelComposer"]

logger = logging.getLogger("minxing.agent")

SENTENCES_MOST = 24
SHARE_FOR_MODEL = 0.9
"""Of the time limit: the rest is for the offline answer, so that the family has it within the limit."""
SHARE_OF_FIRST = 0.6
"""Of that, for the first model where a second one stands by."""
RETRY_AFTER_SECONDS = (0.1, 0.4)
_OURS = frozenset(
    {Intent.HUMAN, Intent.FORGET_ME, Intent.ARE_YOU_HUMAN, Intent.GREETING, Intent.THANKS, Intent.URGENT_NEED}
)
"""Answered by fixed phrases alone: there is nothing to word."""


@dataclass(slots=True)
class _Turn:
    """One answer being worded."""

    brief: Brief
    plain: Draft
    release: Release
    truth: Truth
    tools: TurnTools
    spent: TurnSpending = field(default_factory=TurnSpending)
    said: list[Sentence] = field(default_factory=list)

    def drop(self, why: str, text: str) -> None:
        """Note a sentence that nobody reads."""
        self.spent.dropped.append((why, text))


class ModelComposer:
    """Any OpenAI-compatible model behind `create_agent`, bounded in time, calls, words and money."""

    streams = True

    def __init__(
        self,
        model: BaseChatModel | Engine,
        offline: OfflineComposer,
        *,
        timeout_seconds: float = 8.0,
        structured: str = "function_calling",
        second: Engine | None = None,
        cap: DailyCap | None = None,
    ) -> None:
        first = model if isinstance(model, Engine) else Engine(model, "model", structured=structured)
        self.engines = (first, second) if second else (first,)
        self._offline = offline
        self._timeout = timeout_seconds * SHARE_FOR_MODEL
        self._cap = cap or DailyCap()

    @classmethod
    def from_settings(cls, settings: Settings, offline: OfflineComposer) -> Self:
        """The models that the settings name."""
        first = Engine.over_http(
            settings.llm_base_url,
            settings.llm_model,
            settings.llm_api_key,
            timeout_seconds=settings.llm_timeout_seconds,
            structured=settings.llm_structured,
            price=_price(settings.llm_price_input, settings.llm_price_output, settings.llm_price_currency),
            answer_tokens=settings.llm_answer_tokens,
        )
        second = None
        if settings.fallback_model_configured:
            second = Engine.over_http(
                settings.llm_fallback_base_url,
                settings.llm_fallback_model,
                settings.llm_fallback_api_key,
                timeout_seconds=settings.llm_timeout_seconds,
                structured=settings.llm_fallback_structured or settings.llm_structured,
                price=_price(
                    settings.llm_fallback_price_input,
                    settings.llm_fallback_price_output,
                    settings.llm_price_currency,
                ),
                answer_tokens=settings.llm_answer_tokens,
            )
        cap = DailyCap(settings.llm_tokens_per_day)
        return cls(first, offline, timeout_seconds=settings.llm_timeout_seconds, second=second, cap=cap)

    @property
    def breaker(self) -> Breaker:
        """Of the first model."""
        return self.engines[0].breaker

    @breaker.setter
    def breaker(self, breaker: Breaker) -> None:
        self.engines[0].breaker = breaker

    @property
    def counters(self) -> Counters:
        """Of the first model."""
        return self.engines[0].counters

    def status(self) -> tuple[ModelStatus, ...]:
        """All models, for health and metrics."""
        return tuple(engine.status for engine in self.engines)

    async def compose(self, brief: Brief, release: Release) -> Draft:
        """Word the answer; evidence that the model leaves out is said in our words."""
        plain = write(brief)
        turn = _Turn(brief, plain, release, Truth(plain, brief), TurnTools(brief))
        ours = bool(set(brief.understanding.intents) & _OURS)
        if not ours and self._cap.left(brief.as_of):
            await self._word(turn)
            self._cap.count(turn.spent.input_tokens + turn.spent.output_tokens)
        rest = turn.truth.due(turn.said)
        for sentence in rest:
            await release(sentence)
        return replace(
            plain,
            sentences=(*turn.said, *rest),
            composer="model" if turn.said else "offline",
            spent=turn.spent,
        )

    async def _word(self, turn: _Turn) -> None:
        """Ask one model after the other until one has said something, all within the one limit."""
        end = time.monotonic() + self._timeout
        for number, engine in enumerate(self.engines):
            last = number == len(self.engines) - 1
            seconds = end - time.monotonic() if last else self._timeout * SHARE_OF_FIRST
            if seconds <= 0 or not engine.breaker.allows():
                continue
            turn.spent.models.append(engine.name)
            reported = turn.spent.output_tokens
            try:
                async with asyncio.timeout(seconds):
                    await self._ask_with_retry(engine, turn)
            except TimeoutError:
                _failed(engine, turn, "timeout")
            except asyncio.CancelledError:
                engine.breaker.abandoned()
                raise
            except ModelFailedError as error:
                _failed(engine, turn, str(error))
            else:
                engine.breaker.succeeded()
                engine.counters.answers += 1
                if reported == turn.spent.output_tokens:
                    engine.counters.answers_without_usage += 1
                return
            if turn.said:  # half an answer is finished in our words, not begun again by another model
                return

    async def _ask_with_retry(self, engine: Engine, turn: _Turn) -> None:
        try:
            await self._ask(engine, turn)
        except ModelFailedError as error:
            if turn.said or not error.passing:
                raise
            await asyncio.sleep(random.uniform(*RETRY_AFTER_SECONDS))
            await self._ask(engine, turn)

    async def _ask(self, engine: Engine, turn: _Turn) -> None:
        stream = SentenceStream()
        request = request_of(turn.brief, turn.plain)
        # Closed at once when we have enough: a server that writes without end is not left writing.
        async with aclosing(engine.pieces(request, turn.tools, turn.spent)) as pieces:
            async for piece in pieces:
                for one in stream.feed(piece):
                    await self._take(one, engine, turn)
                if stream.full or len(turn.said) >= SENTENCES_MOST:
                    break
        if not stream.objects and engine.structured == "off":
            for one in stream.prose():
                await self._take(attributed(one, turn.brief, turn.truth.evidence), engine, turn)
        if not any(s.role is Role.ANSWER for s in turn.said):
            raise ModelFailedError("no usable sentence")

    async def _take(self, one: Said, engine: Engine, turn: _Turn) -> None:
        """Release a sentence that passes every check; drop it otherwise."""
        why = _against(one, turn)
        sentence = Sentence(one.text, one.evidence, one.role, by_model=True)
        if not why and not await turn.release(sentence):
            why = "output_check"
        if why:
            engine.counters.sentences_dropped += 1
            turn.drop(why, one.text)
            return
        turn.said.append(sentence)
        turn.spent.released += 1


def _against(one: Said, turn: _Turn) -> str:
    """Why a sentence may not even be offered to the output check; empty where it may."""
    known = all(id_ in turn.brief.ledger.evidence for id_ in one.evidence)
    reasons = (
        ("evidence", not one.evidence or not known),
        ("language", not guard.is_chinese(one.text)),
        ("question", guard.asks(one.text)),
        ("echo", guard.echoes(one.text, turn.brief)),
        ("verdict", known and guard.forged_verdict(one.text, one.evidence, turn.brief)),
        ("citation", turn.truth.cites_more(one.evidence)),
        ("place", turn.truth.misplaces(one.text, one.evidence)),
        ("figure", turn.truth.counts_more(one.text, one.evidence)),
        ("source", turn.truth.hides_the_source(one.text, one.evidence)),
        ("repeated", any(one.text == s.text for s in turn.said)),
    )
    return next((why for why, holds in reasons if holds), "")


def _failed(engine: Engine, turn: _Turn, why: str) -> None:
    engine.breaker.failed()
    engine.counters.failures += 1
    turn.spent.failures.append(f"{engine.name}: {why}")
    logger.warning("model %s failed (%s): the next or the offline answer is used", engine.name, why)


def _price(input_: float | None, output: float | None, currency: str) -> Price | None:
    return Price(input_, output, currency) if input_ is not None and output is not None else None
