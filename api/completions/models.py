"""What a chat client sends. Fields that we do not know are passed over, as OpenAI's own servers do."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.models import Text

MODEL = "minxing"
MESSAGES_MOST = 400


class Part(BaseModel):
    """A piece of a message. Only text is read."""

    type: str
    text: Text = ""


class ChatMessage(BaseModel):
    """One message of the talk so far."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Text | list[Part] | None = None

    @property
    def text(self) -> str:
        """What it says."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""

    @property
    def unreadable(self) -> bool:
        """Whether it holds something besides text, such as a picture."""
        return isinstance(self.content, list) and any(part.type != "text" for part in self.content)


class StreamOptions(BaseModel):
    """How a stream ends."""

    include_usage: bool | None = False


class CompletionIn(BaseModel):
    """A request. Sampling parameters are accepted and have no effect: the answer is the documents'."""

    model: str = Field(max_length=200)
    messages: Annotated[list[ChatMessage], Field(min_length=1, max_length=MESSAGES_MOST)]
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: int | None = None
    user: str | None = Field(default=None, max_length=512)
    metadata: dict[str, str | None] | None = None

    @property
    def conversation_id(self) -> str | None:
        """The stored conversation that the client wants to go on with."""
        return (self.metadata or {}).get("conversation_id") or None
