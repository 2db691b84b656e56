"""One language model: its loop with tools, its breaker, its counters, its price."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from agent.compose.model.breaker import Breaker
from agent.compose.model.tools import TurnTools, current, make_tools
from agent.compose.spending import Counters, ModelStatus, Price, TurnSpending

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from pydantic import SecretStr

PROMPT = (Path(__file__).with_name("prompt.md")).read_text(encoding="utf-8")
STEPS_MOST = 14
"""Steps of LangChain's loop: four tool calls, each asked for and answered, and the answer."""
_PASSING = frozenset({408, 409, 425, 429})
"""Refusals that may be gone a moment later; any other 4xx is a setting that is wrong."""


class ModelFailedError(Exception):
    """The composer sees this and takes the next model or the offline answer; the family does not."""

    def __init__(self, why: str, *, passing: bool = True) -> None:
        super().__init__(why)
        self.passing = passing
        """Whether it is worth asking the same server once more."""


class Engine:
    """A model behind `create_agent`."""

    def __init__(
        self,
        model: BaseChatModel,
        name: str,
        *,
        structured: str = "function_calling",
        price: Price | None = None,
        breaker: Breaker | None = None,
    ) -> None:
        self.name = name
        self.structured = structured
        self.price = price
        self.breaker = breaker or Breaker()
        self.counters = Counters()
        self._agent = _agent(model, structured)

    @classmethod
    def over_http(
        cls,
        base_url: str,
        name: str,
        api_key: SecretStr,
        *,
        timeout_seconds: float,
        structured: str,
        price: Price | None,
        answer_tokens: int = 1_200,
    ) -> Self:
        """A model of any OpenAI-compatible server."""
        from langchain_openai import ChatOpenAI
        from pydantic import SecretStr

        model = ChatOpenAI(
            model=name,
            base_url=base_url,
            api_key=api_key if api_key.get_secret_value() else SecretStr("none"),
            timeout=timeout_seconds,
            max_retries=0,
            temperature=0.2,
            # Not `max_completion_tokens`: most compatible servers know the older name only, and would
            # write without a bound.
            extra_body={"max_tokens": answer_tokens},
            streaming=True,
            stream_usage=True,
            # Our own limit holds for the whole answer. This one, between chunks, waits with asyncio.wait_for,
            # which in Python 3.11 loses a cancellation that comes together with a chunk: a server that writes
            # without end was then read without end, behind an answer long given.
            stream_chunk_timeout=None,
        )
        return cls(model, name, structured=structured, price=price)

    @property
    def status(self) -> ModelStatus:
        """For health and metrics."""
        return ModelStatus(self.name, self.breaker.open, self.counters, self.price)

    async def pieces(self, request: str, turn: TurnTools, spent: TurnSpending) -> AsyncGenerator[str, None]:
        """Text of the final answer as it arrives: content, or the arguments of the answer tool.

        Raises:
            ModelFailedError: whatever a server or a client library did.
        """
        token = current.set(turn)
        calls_before, step = turn.calls, None
        try:
            messages = [{"role": "user", "content": request}]
            config: Any = {"recursion_limit": STEPS_MOST}
            self._called(spent)
            async for chunk, about in self._agent.astream(
                {"messages": messages}, config, stream_mode="messages"
            ):
                if getattr(chunk, "type", "") not in ("AIMessageChunk", "ai"):
                    continue
                if step not in (None, about.get("langgraph_step")):
                    self._called(spent)  # the model was asked again, with what a tool said
                step = about.get("langgraph_step")
                self._count(chunk, spent)
                for arguments in _arguments(chunk):
                    yield arguments
                if isinstance(chunk.content, str):
                    yield chunk.content
        except (asyncio.CancelledError, GeneratorExit):
            raise
        except Exception as error:
            status = getattr(error, "status_code", None)
            passing = status is None or status in _PASSING or status >= 500
            why = f"{type(error).__name__} {status}" if status else type(error).__name__
            raise ModelFailedError(why, passing=passing) from error
        finally:
            current.reset(token)
            self.counters.tool_calls += turn.calls - calls_before
            spent.tool_calls += turn.calls - calls_before

    def _called(self, spent: TurnSpending) -> None:
        self.counters.calls += 1
        spent.calls += 1

    def _count(self, chunk: Any, spent: TurnSpending) -> None:
        """Tokens as the server reports them, with the last chunk of each call."""
        usage = getattr(chunk, "usage_metadata", None) or {}
        given, made = int(usage.get("input_tokens", 0)), int(usage.get("output_tokens", 0))
        self.counters.input_tokens += given
        self.counters.output_tokens += made
        spent.input_tokens += given
        spent.output_tokens += made
        if self.price and (given or made):
            spent.paid(self.price.of(given, made), self.price.currency)


def _arguments(chunk: Any) -> list[str]:
    """Arguments of tool calls: in pieces from a model that streams, whole from one that does not."""
    pieces = getattr(chunk, "tool_call_chunks", None)
    if pieces is not None:
        return [str(call.get("args") or "") for call in pieces]
    return [json.dumps(call["args"], ensure_ascii=False) for call in getattr(chunk, "tool_calls", ())]


def _agent(model: BaseChatModel, structured: str) -> Any:
    from langchain.agents import create_agent
    from langchain.agents.structured_output import ProviderStrategy, ToolStrategy

    from agent.compose.model.answer import Answer

    response: Any = {"function_calling": ToolStrategy, "json_schema": ProviderStrategy}.get(structured)
    return create_agent(
        model, make_tools(), system_prompt=PROMPT, response_format=response(Answer) if response else None
    )
