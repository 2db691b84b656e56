"""The routes below `/v1`, as OpenAI's clients call them."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request
from pydantic import ValidationError
from starlette.responses import JSONResponse, Response, StreamingResponse

from api.completions import history
from api.completions.answer import Turn, admit
from api.completions.errors import DoorError, from_validation
from api.completions.models import MODEL, CompletionIn
from api.deps import Open
from api.keys.access import needs
from api.keys.scopes import Scope
from storage.key_types import ApiKey

router = APIRouter(prefix="/v1", include_in_schema=False)
"""Its shapes are OpenAI's, described in docs/chat-completions.md, and stay out of our own OpenAPI."""

Caller = Annotated[ApiKey, Depends(needs(Scope.CHAT))]
FIRST_OFFERED = 1_795_219_200
"""When this door was first opened: what `created` of a model means."""


def _model() -> dict[str, Any]:
    return {"id": MODEL, "object": "model", "created": FIRST_OFFERED, "owned_by": "minxing"}


@router.get("/models")
async def list_models(caller: Caller) -> dict[str, Any]:
    """The one model: Minxing itself, whichever composer words its answers."""
    return {"object": "list", "data": [_model()]}


@router.get("/models/{name}")
async def read_model(caller: Caller, name: str) -> dict[str, Any]:
    """Minxing, or 404."""
    if name != MODEL:
        raise DoorError(404, "model_not_found", field="model", model=MODEL)
    return _model()


@router.post("/chat/completions")
async def complete(
    request: Request,
    rooms: Open,
    caller: Caller,
    idempotency_key: Annotated[
        str | None, Header(alias="Idempotency-Key", min_length=1, max_length=128, pattern=r"^[!-~]+$")
    ] = None,
) -> Response:
    """Answer the last message of a talk."""
    body = _body(await request.body())
    turn = await admit(rooms, caller, history.read(body, idempotency_key))
    made = _Made(turn, int(rooms.now().timestamp()))
    if body.stream:
        usage = bool(body.stream_options and body.stream_options.include_usage)
        return StreamingResponse(
            made.chunks(usage=usage), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
        )
    return JSONResponse(await made.whole())


@router.api_route("/{rest:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
async def anything_else(rest: str) -> None:
    """A program gets their shape, not our page for people."""
    raise DoorError(404, "unknown_url")


def _body(raw: bytes) -> CompletionIn:
    try:  # not pydantic's own reader: it refuses a lone surrogate, which phones do send
        body = CompletionIn.model_validate(json.loads(raw))
    except (ValueError, RecursionError) as error:
        if not isinstance(error, ValidationError):
            raise DoorError(400, "bad_json") from None
        raise from_validation(error) from None
    if body.model != MODEL:
        raise DoorError(404, "model_not_found", field="model", model=MODEL)
    if body.n not in (None, 1):
        raise DoorError(400, "only_one", field="n")
    return body


class _Made:
    """An answer in OpenAI's two forms."""

    def __init__(self, turn: Turn, created: int) -> None:
        self._turn = turn
        self._frame = {"id": f"chatcmpl-{secrets.token_urlsafe(16)}", "created": created, "model": MODEL}

    async def whole(self) -> dict[str, Any]:
        """A `chat.completion`."""
        content = "".join([piece async for piece in self._turn.pieces()])
        message = {"role": "assistant", "content": content, "refusal": None}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return {
            **self._frame,
            "object": "chat.completion",
            "choices": [choice],
            "usage": self._usage(),
            "minxing": self._extension(),
        }

    async def chunks(self, *, usage: bool) -> AsyncIterator[bytes]:
        """`chat.completion.chunk`s: a role, the text sentence by sentence, the reason to stop, the usage."""
        yield self._chunk({"role": "assistant", "content": ""})
        async for piece in self._turn.pieces():
            yield self._chunk({"content": piece})
        yield self._chunk({}, finish="stop", minxing=self._extension())
        if usage:
            yield _event(
                {**self._frame, "object": "chat.completion.chunk", "choices": [], "usage": self._usage()}
            )
        yield b"data: [DONE]\n\n"

    def _chunk(self, delta: dict[str, Any], finish: str | None = None, **more: Any) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return _event({**self._frame, "object": "chat.completion.chunk", "choices": [choice], **more})

    def _usage(self) -> dict[str, int]:
        """Characters, since most answers cost no token; what a language model cost is told in the metrics."""
        prompt = sum(len(text) for text in (*self._turn.asked.earlier, self._turn.asked.text))
        told = len(self._turn.told.content)
        return {"prompt_tokens": prompt, "completion_tokens": told, "total_tokens": prompt + told}

    def _extension(self) -> dict[str, Any]:
        turn = self._turn
        return turn.told.extension(
            turn.joined.talk.conversation_id, turn.received.message_id, turn.received.route.value
        )


def _event(data: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
