"""A scripted model for tests of the model composer: replies in order, in pieces, with pauses and failures."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from pydantic import Field

Step = str | AIMessage | Exception | Callable[[Sequence[BaseMessage]], "str | AIMessage"]


class ScriptedModel(BaseChatModel):
    """Plays its script, one step a call; the last step repeats. Sees what it was asked in `requests`."""

    script: list[Any]
    piece: int = 7
    """Characters per streamed piece."""
    pause_seconds: float = 0.0
    """Before each piece."""
    break_after: int | None = None
    """Pieces after which the stream breaks off with a connection error."""
    requests: list[list[BaseMessage]] = Field(default_factory=list)
    played: int = 0

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[Any, AIMessage]:
        """Tools are known from the script."""
        return self

    def _step(self, messages: list[BaseMessage]) -> AIMessage:
        self.requests.append(list(messages))
        step: Step = self.script[min(self.played, len(self.script) - 1)]
        self.played += 1
        if isinstance(step, Exception):
            raise step
        made = step(messages) if callable(step) else step
        return made if isinstance(made, AIMessage) else AIMessage(made)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._step(messages))])

    def _pieces(self, message: AIMessage) -> Iterator[AIMessageChunk]:
        if message.tool_calls:
            yield AIMessageChunk(content="", tool_calls=message.tool_calls)
            return
        text = str(message.content)
        for count, start in enumerate(range(0, max(len(text), 1), self.piece)):
            if self.break_after is not None and count >= self.break_after:
                raise ConnectionResetError("the stream broke off")
            yield AIMessageChunk(content=text[start : start + self.piece])

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        for chunk in self._pieces(self._step(messages)):
            if self.pause_seconds:
                await asyncio.sleep(self.pause_seconds)
            yield ChatGenerationChunk(message=chunk)


__all__ = ["ScriptedModel", "Step"]
