"""A small partner agent: the official A2A server over real HTTP, with manners."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from a2a.helpers.proto_helpers import get_data_parts, get_message_text, new_text_artifact, new_text_message
from a2a.server.agent_execution import AgentExecutor, RequestContext
from a2a.server.events import EventQueue
from a2a.server.request_handlers import DefaultRequestHandler
from a2a.server.routes import create_agent_card_routes, create_jsonrpc_routes
from a2a.server.tasks import InMemoryTaskStore
from a2a.types import (
    AgentCapabilities,
    AgentCard,
    AgentInterface,
    AgentSkill,
    Task,
    TaskState,
    TaskStatus,
)
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.conftest import free_port

GOOD = "七个月可以试一点蛋黄。先给小半勺，看两三天。有红疹就停，问社区医生。"


@dataclass
class FakePartner:
    """What the partner says next, and what it was told."""

    answer: str = GOOD
    manner: str = "message"
    """message, task, hang, error, refuse, html or elsewhere."""
    questions: list[str] = field(default_factory=list)
    facts: list[Any] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    url: str = ""


class _Executor(AgentExecutor):
    def __init__(self, partner: FakePartner) -> None:
        self._partner = partner

    async def execute(self, context: RequestContext, event_queue: EventQueue) -> None:
        message = context.message
        assert message is not None
        self._partner.questions.append(get_message_text(message))
        self._partner.facts += get_data_parts(message.parts)
        if self._partner.manner == "hang":
            await asyncio.sleep(20)
        if self._partner.manner == "error":
            raise RuntimeError("the partner broke")
        if self._partner.manner == "task":
            task = Task(id=context.task_id, context_id=context.context_id)
            task.status.CopyFrom(TaskStatus(state=TaskState.TASK_STATE_COMPLETED))
            task.artifacts.append(new_text_artifact("answer", self._partner.answer))
            await event_queue.enqueue_event(task)
            return
        await event_queue.enqueue_event(new_text_message(self._partner.answer))

    async def cancel(self, context: RequestContext, event_queue: EventQueue) -> None:
        raise NotImplementedError


class _Door:
    """In front of the SDK's routes: keeps what came in, and misbehaves on the level of HTTP."""

    def __init__(self, app: ASGIApp, partner: FakePartner) -> None:
        self._app, self._partner = app, partner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        self._partner.headers.append(dict(request.headers))
        if scope["method"] == "POST":
            body = await request.body()
            self._partner.bodies.append(body)
            answer: Response | None = None
            if self._partner.manner == "refuse":
                answer = PlainTextResponse("no", 503)
            elif self._partner.manner == "html":
                answer = PlainTextResponse("<html>Bad Gateway</html>", media_type="text/html")
            if answer is not None:
                await answer(scope, receive, send)
                return

            async def again() -> Any:
                return {"type": "http.request", "body": body, "more_body": False}

            await self._app(scope, again, send)
            return
        await self._app(scope, receive, send)


def _card(url: str) -> AgentCard:
    return AgentCard(
        name="杭小育",
        description="带娃和托育",
        version="1",
        supported_interfaces=[
            AgentInterface(url=f"{url}/a2a", protocol_binding="JSONRPC", protocol_version="1.0")
        ],
        capabilities=AgentCapabilities(streaming=False),
        default_input_modes=["text/plain"],
        default_output_modes=["text/plain"],
        skills=[AgentSkill(id="care", name="育儿", description="带娃", tags=["育儿"])],
    )


@contextmanager
def fake_partner() -> Iterator[FakePartner]:
    """Serve until the block ends."""
    partner = FakePartner()
    port = free_port()
    partner.url = f"http://127.0.0.1:{port}"
    card = _card(partner.url)

    async def as_it_pleases(served: AgentCard) -> AgentCard:
        return _card("http://elsewhere.example") if partner.manner == "elsewhere" else served

    handler = DefaultRequestHandler(_Executor(partner), InMemoryTaskStore(), card)
    routes = [
        *create_agent_card_routes(card, card_modifier=as_it_pleases),
        *create_jsonrpc_routes(handler, "/a2a"),
    ]
    app = _Door(Starlette(routes=routes), partner)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield partner
    finally:
        server.should_exit = True
        thread.join(10)
