"""Official clients against the whole of Minxing over real HTTP."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import httpx2
import openai
import pytest

from tests.conftest import Running

_COUNT = itertools.count()


def make_key(server: Running, *scopes: str, per_minute: int = 10_000, per_day: int = 10_000) -> str:
    """A fresh key of the running server."""
    services = server.app.state.services
    made = server.run(
        services.store.api_keys.add(
            f"key {next(_COUNT)}",
            scopes or ("chat",),
            per_minute=per_minute,
            per_day=per_day,
            now=services.now(),
            by="test",
        )
    )
    words: str = made[1]
    return words


def official(server: Running, key: str, **more: Any) -> openai.OpenAI:
    """OpenAI's own client."""
    http = httpx2.Client(trust_env=False, timeout=30)
    return openai.OpenAI(base_url=f"{server.url}/v1", api_key=key, max_retries=0, http_client=http, **more)


@pytest.fixture(scope="module")
def client(minxing: Running) -> Iterator[openai.OpenAI]:
    with official(minxing, make_key(minxing)) as opened:
        yield opened


def tickets(server: Running, conversation_id: str) -> Any:
    """The conversation's open ticket."""
    return server.run(server.app.state.services.store.tickets.of(conversation_id))
