"""Counters for a collector, in the text form of Prometheus: numbers only, never what anybody wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from agent.compose.spending import ModelStatus
from api.deps import Open
from api.keys.access import needs
from api.keys.scopes import Scope
from storage.key_types import ApiKey

router = APIRouter(prefix="/api", include_in_schema=False)
"""For machines that come with a key; it stays out of the description of the public API."""

_COUNTED = {
    "calls": "Requests to the model server, retries and tool rounds included.",
    "answers": "Turns that the model worded.",
    "failures": "Turns that it could not word in time.",
    "tool_calls": "Calls of our tools by the model.",
    "sentences_dropped": "Sentences of the model that no check let through.",
    "input_tokens": "Tokens sent, as the server reports them.",
    "output_tokens": "Tokens made, as the server reports them.",
    "answers_without_usage": "Turns whose server reported no tokens.",
}


@router.get("/metrics")
async def metrics(rooms: Open, caller: Annotated[ApiKey, Depends(needs(Scope.METRICS))]) -> Response:
    """Everything counted since the start of this process, and today's use of each key."""
    today = rooms.now().date()
    keys = [(key.name, used) for key, used in await rooms.store.api_keys.all(today)]
    lines = [
        *_models(rooms.models()),
        "# HELP minxing_key_requests Requests of a key today.",
        "# TYPE minxing_key_requests gauge",
        *(f"minxing_key_requests{{key={_quoted(name)}}} {used.requests}" for name, used in keys),
        "# HELP minxing_key_refused Requests beyond its quota today.",
        "# TYPE minxing_key_refused gauge",
        *(f"minxing_key_refused{{key={_quoted(name)}}} {used.refused}" for name, used in keys),
    ]
    return Response("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4")


def _models(statuses: Iterable[ModelStatus]) -> Iterator[str]:
    known = list(statuses)
    for name, help_ in _COUNTED.items():
        yield f"# HELP minxing_model_{name}_total {help_}"
        yield f"# TYPE minxing_model_{name}_total counter"
        for status in known:
            value = getattr(status.counters, name)
            yield f"minxing_model_{name}_total{{model={_quoted(status.name)}}} {value}"
    yield "# HELP minxing_model_resting 1 while the breaker leaves the model alone."
    yield "# TYPE minxing_model_resting gauge"
    for status in known:
        yield f"minxing_model_resting{{model={_quoted(status.name)}}} {int(status.resting)}"
    yield "# HELP minxing_model_cost_total By the operator's own prices; absent without them."
    yield "# TYPE minxing_model_cost_total counter"
    for status in known:
        if status.cost is not None and status.price is not None:
            labels = f"model={_quoted(status.name)},currency={_quoted(status.price.currency)}"
            yield f"minxing_model_cost_total{{{labels}}} {status.cost:.6f}"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
