"""The model composer: LangChain words what code decided; when it fails, the offline answer stands."""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from agent.compose.model import guard
from agent.compose.model.breaker import Breaker
from agent.compose.model.stream import Said, SentenceStream
from agent.compose.model.tools import TurnTools, current, make_tools
from agent.compose.offline import OfflineComposer, write
from agent.compose.protocol import Brief, Draft, Release
from agent.types import EvidenceKind, Intent, Role, Sentence

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from settings import Settings

logger = logging.getLogger("minxing.agent")

PROMPT = (Path(__file__).with_name("prompt.md")).read_text(encoding="utf-8")
TOKENS_MOST = 1_200
SENTENCES_MOST = 14
SHARE_FOR_MODEL = 0.9
"""Of the time limit: the rest is for the offline answer, so that the family has it within the limit."""
RETRY_AFTER_SECONDS = (0.1, 0.4)
_OURS = frozenset(
    {Intent.HUMAN, Intent.FORGET_ME, Intent.ARE_YOU_HUMAN, Intent.GREETING, Intent.THANKS, Intent.URGENT_NEED}
)
"""Answered by fixed phrases alone: there is nothing to word."""


class ModelFailedError(Exception):
    """The composer sees this and takes the offline answer; the family sees nothing of it."""


@dataclass(slots=True)
class Counters:
    """What the model has cost since the start."""

    calls: int = 0
    answers: int = 0
    fallbacks: int = 0
    sentences_dropped: int = 0
    input_tokens: int = 0
    output_tokens: int = 0


class ModelComposer:
    """Any OpenAI-compatible model behind `create_agent`, bounded in time, calls and words."""

    streams = True

    def __init__(
        self,
        model: BaseChatModel,
        offline: OfflineComposer,
        *,
        timeout_seconds: float = 8.0,
        structured: str = "function_calling",
        breaker: Breaker | None = None,
    ) -> None:
        self.counters = Counters()
        self.breaker = breaker or Breaker()
        self._offline = offline
        self._timeout = timeout_seconds * SHARE_FOR_MODEL
        self._structured = structured
        self._agent = _agent(model, structured)

    @classmethod
    def from_settings(cls, settings: Settings, offline: OfflineComposer) -> Self:
        """The model that the settings name."""
        from langchain_openai import ChatOpenAI
        from pydantic import SecretStr

        model = ChatOpenAI(
            model=settings.llm_model,
            base_url=settings.llm_base_url,
            api_key=settings.llm_api_key if settings.llm_api_key.get_secret_value() else SecretStr("none"),
            timeout=settings.llm_timeout_seconds,
            max_retries=0,
            temperature=0.2,
            max_completion_tokens=TOKENS_MOST,
            streaming=True,
            stream_usage=True,
        )
        return cls(
            model, offline, timeout_seconds=settings.llm_timeout_seconds, structured=settings.llm_structured
        )

    async def compose(self, brief: Brief, release: Release) -> Draft:
        """Word the answer; evidence that the model leaves out is said in our words."""
        plain = write(brief)
        if set(brief.understanding.intents) & _OURS or not self.breaker.allows():
            return await self._finish(plain, brief, release, said=[], composer="offline")
        said: list[Sentence] = []
        try:
            async with asyncio.timeout(self._timeout):
                await self._ask_with_retry(brief, plain, release, said)
        except TimeoutError:
            self._failed("timeout")
        except asyncio.CancelledError:
            self.breaker.abandoned()
            raise
        except ModelFailedError as error:
            self._failed(str(error))
        else:
            self.breaker.succeeded()
            self.counters.answers += 1
        return await self._finish(plain, brief, release, said=said, composer="model" if said else "offline")

    def _failed(self, why: str) -> None:
        self.breaker.failed()
        self.counters.fallbacks += 1
        logger.warning("model failed (%s): the offline answer is used", why)

    async def _ask_with_retry(
        self, brief: Brief, plain: Draft, release: Release, said: list[Sentence]
    ) -> None:
        try:
            await self._ask(brief, plain, release, said)
        except ModelFailedError:
            if said:
                raise
            await asyncio.sleep(random.uniform(*RETRY_AFTER_SECONDS))
            await self._ask(brief, plain, release, said)

    async def _ask(self, brief: Brief, plain: Draft, release: Release, said: list[Sentence]) -> None:
        self.counters.calls += 1
        stream = SentenceStream()
        async for piece in self._pieces(brief, plain):
            for one in stream.feed(piece):
                await self._take(one, brief, release, said)
            if stream.full or len(said) >= SENTENCES_MOST:
                break
        if not stream.objects and self._structured == "off":
            for one in stream.prose():
                await self._take(_attributed(one, brief), brief, release, said)
        if not any(s.role is Role.ANSWER for s in said):
            raise ModelFailedError("no usable sentence")

    async def _pieces(self, brief: Brief, plain: Draft) -> AsyncIterator[str]:
        """Text of the final answer as it arrives: content, or the arguments of the answer tool."""
        turn = TurnTools(brief)
        token = current.set(turn)
        try:
            messages = [{"role": "user", "content": _request(brief, plain)}]
            config: Any = {"recursion_limit": 14}
            async for chunk, _ in self._agent.astream({"messages": messages}, config, stream_mode="messages"):
                if getattr(chunk, "type", "") not in ("AIMessageChunk", "ai"):
                    continue
                self._count(chunk)
                for arguments in _arguments(chunk):
                    yield arguments
                if isinstance(chunk.content, str):
                    yield chunk.content
        except (asyncio.CancelledError, GeneratorExit):
            raise
        except Exception as error:  # whatever a server or a client library throws, the family gets an answer
            raise ModelFailedError(type(error).__name__) from error
        finally:
            current.reset(token)

    def _count(self, chunk: Any) -> None:
        usage = getattr(chunk, "usage_metadata", None) or {}
        self.counters.input_tokens += int(usage.get("input_tokens", 0))
        self.counters.output_tokens += int(usage.get("output_tokens", 0))

    async def _take(self, one: Said, brief: Brief, release: Release, said: list[Sentence]) -> None:
        """Release a sentence that passes every check; drop it otherwise."""
        known = tuple(id_ for id_ in one.evidence if id_ in brief.ledger.evidence)
        bad = (
            not known
            or len(known) < len(one.evidence)
            or not guard.is_chinese(one.text)
            or guard.asks(one.text)
            or guard.forged_verdict(one.text, known, brief)
            or any(one.text == s.text for s in said)
        )
        sentence = Sentence(one.text, known, one.role)
        if bad or not await release(sentence):
            self.counters.sentences_dropped += 1
            return
        said.append(sentence)

    async def _finish(
        self, plain: Draft, brief: Brief, release: Release, *, said: list[Sentence], composer: str
    ) -> Draft:
        """Say in our words whatever of the offline answer's evidence the model did not cover."""
        covered = {id_ for sentence in said for id_ in sentence.evidence}
        rest = [s for s in plain.sentences if not said or _still_due(s, covered, brief)]
        for sentence in rest:
            await release(sentence)
        return replace(plain, sentences=(*said, *rest), composer=composer)


def _arguments(chunk: Any) -> list[str]:
    """Arguments of tool calls: in pieces from a model that streams, whole from one that does not."""
    pieces = getattr(chunk, "tool_call_chunks", None)
    if pieces is not None:
        return [str(call.get("args") or "") for call in pieces]
    return [json.dumps(call["args"], ensure_ascii=False) for call in getattr(chunk, "tool_calls", ())]


def _still_due(sentence: Sentence, covered: set[str], brief: Brief) -> bool:
    kinds = {
        id_: brief.ledger.evidence[id_].kind for id_ in sentence.evidence if id_ in brief.ledger.evidence
    }
    solid = {id_ for id_, kind in kinds.items() if kind is not EvidenceKind.PHRASE}
    if sentence.role in (Role.QUESTION, Role.CARE):
        return True
    if not solid:
        return sentence.role is Role.NOTE
    return not solid <= covered


def _agent(model: BaseChatModel, structured: str) -> Any:
    from langchain.agents import create_agent
    from langchain.agents.structured_output import ProviderStrategy, ToolStrategy

    from agent.compose.model.answer import Answer

    response: Any = {"function_calling": ToolStrategy, "json_schema": ProviderStrategy}.get(structured)
    return create_agent(
        model, make_tools(), system_prompt=PROMPT, response_format=response(Answer) if response else None
    )


def _request(brief: Brief, plain: Draft) -> str:
    """Question, evidence and draft. Everything in it is redacted, and marked as material."""
    ids = dict.fromkeys(id_ for sentence in plain.sentences for id_ in sentence.evidence)
    ids.update(dict.fromkeys(brief.ledger.evidence))
    rows = [
        {"id": id_, "text": brief.ledger.evidence[id_].text[:400]}
        for id_ in list(ids)[:40]
        if brief.ledger.evidence[id_].kind is not EvidenceKind.PHRASE
    ]
    draft = [
        {"text": s.text, "evidence": list(s.evidence), "role": s.role.value}
        for s in plain.sentences
        if s.role is not Role.QUESTION
    ]
    return json.dumps(
        {
            "前面的话": [f"{line.author.value}: {line.text[:200]}" for line in brief.window[-6:]],
            "家人的话": brief.text,
            "证据": rows,
            "程序写的底稿": draft,
        },
        ensure_ascii=False,
    )


def _attributed(one: Said, brief: Brief) -> Said:
    """The evidence that a sentence without any is closest to; the output check then decides."""
    pairs = {one.text[i : i + 2] for i in range(len(one.text) - 1)}
    scored = [
        (len(pairs & {e.text[i : i + 2] for i in range(len(e.text) - 1)}) / max(len(pairs), 1), id_)
        for id_, e in brief.ledger.evidence.items()
        if e.kind is not EvidenceKind.PHRASE
    ]
    best = sorted(scored, reverse=True)[:2]
    return replace(one, evidence=tuple(id_ for score, id_ in best if score >= 0.3))
