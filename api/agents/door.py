"""`POST /a2a`: another agent's message is a family's message. The context id is the talk."""

from __future__ import annotations

import json
import logging
import secrets
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.agents.card import PATH, card
from api.completions.answer import admit
from api.completions.errors import DoorError
from api.completions.history import Asked, Joined, begin
from api.deps import Open
from api.keys.access import needs
from api.keys.scopes import Scope
from storage.key_types import ApiKey

if TYPE_CHECKING:
    from a2a.server.agent_execution import AgentExecutor

    from api.services import Services

logger = logging.getLogger("minxing.api")

router = APIRouter(include_in_schema=False)
"""Its shapes are the protocol's and stay out of our own OpenAPI."""

WELL_KNOWN = "/.well-known/agent-card.json"
Caller = Annotated[ApiKey, Depends(needs(Scope.CHAT))]


@router.get(WELL_KNOWN)
async def read_card(request: Request) -> dict[str, Any]:
    """The card, with this server's address as the caller knows it (hosts are checked at the door)."""
    from a2a.server.request_handlers.response_helpers import agent_card_to_dict

    shown: dict[str, Any] = agent_card_to_dict(card(str(request.base_url).rstrip("/")))
    return shown


@router.post(PATH)
async def message(request: Request, rooms: Open, caller: Caller) -> Response:
    """One JSON-RPC call of the protocol."""
    from a2a.server.request_handlers import DefaultRequestHandler
    from a2a.server.routes.jsonrpc_dispatcher import JsonRpcDispatcher
    from a2a.server.tasks import InMemoryTaskStore

    # One handler a call: answers are whole messages, so there is no task that anybody could look up later.
    handler = DefaultRequestHandler(_executor(rooms, caller), InMemoryTaskStore(), card(""))
    return await JsonRpcDispatcher(handler).handle_requests(request)


def _executor(rooms: Services, caller: ApiKey) -> AgentExecutor:
    from a2a.helpers.proto_helpers import get_message_text, new_data_part, new_message, new_text_part
    from a2a.server.agent_execution import AgentExecutor, RequestContext
    from a2a.server.events import EventQueue

    class Answers(AgentExecutor):
        async def execute(self, context: RequestContext, event_queue: EventQueue) -> None:
            asked = context.message
            text = get_message_text(asked) if asked else ""
            try:
                content, more = await _answer(
                    rooms, caller, text, context.context_id, asked and asked.message_id
                )
            except DoorError as refused:
                content, more = refused.message, {"error": {"code": refused.code}}
            parts = [new_text_part(content), new_data_part({"minxing": more})]
            await event_queue.enqueue_event(new_message(parts, context_id=context.context_id))

        async def cancel(self, context: RequestContext, event_queue: EventQueue) -> None:
            logger.info("another agent wanted to cancel: an answer is whole or is not")

    return Answers()


async def _answer(
    rooms: Services, caller: ApiKey, text: str, context_id: str | None, message_id: str | None
) -> tuple[str, dict[str, Any]]:
    if not text.strip():
        raise DoorError(400, "empty_text")

    async def join(rooms: Services, caller: ApiKey, asked: Asked) -> Joined:
        """The conversation of the context; a fresh one for a context that this key never used."""
        named = rooms.store.fingerprint(json.dumps(["context", caller.id, context_id or ""]))
        key = rooms.store.fingerprint(
            message_id or secrets.token_urlsafe(16)
        )  # a resend is one message (SE-11)
        talk = await rooms.store.api_talks.of_request(named, caller.id)
        if talk is None:
            return await begin(rooms, caller, key, request=named)
        return Joined(talk, key)

    turn = await admit(rooms, caller, Asked(text, (), "", None, None), join)
    content = "".join([piece async for piece in turn.pieces()])
    return content, turn.told.extension(
        turn.joined.talk.conversation_id, turn.received.message_id, turn.received.route.value
    )
