"""What a client may send wrong: OpenAI's shape, a gentle sentence, nothing quoted, no 5xx."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.doors.conftest import make_key
from tests.conftest import Running

GOOD: dict[str, Any] = {"model": "minxing", "messages": [{"role": "user", "content": "您好"}]}
PICTURE = {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}


@pytest.fixture(scope="module")
def http(minxing: Running) -> httpx.Client:
    return minxing.client(Authorization=f"Bearer {make_key(minxing)}")


BAD: list[tuple[Any, int, str, str | None]] = [
    (b"", 400, "bad_json", None),
    (b"{", 400, "bad_json", None),
    (b"\xff\xfe", 400, "bad_json", None),
    ([], 400, "bad_body", "body"),
    ({}, 400, "bad_body", "model"),
    ({"model": "minxing"}, 400, "bad_body", "messages"),
    ({**GOOD, "messages": []}, 400, "bad_body", "messages"),
    ({**GOOD, "messages": "您好"}, 400, "bad_body", "messages"),
    ({**GOOD, "messages": [{"role": "boss", "content": "x"}]}, 400, "bad_body", "messages.0.role"),
    ({**GOOD, "messages": [{"content": "x"}]}, 400, "bad_body", "messages.0.role"),
    ({**GOOD, "messages": [{"role": "user", "content": 3}]}, 400, "bad_body", None),
    ({**GOOD, "messages": [{"role": "user", "content": None}]}, 400, "empty_text", "messages"),
    ({**GOOD, "messages": [{"role": "user", "content": " \n"}]}, 400, "empty_text", "messages"),
    ({**GOOD, "messages": [{"role": "user", "content": [PICTURE]}]}, 400, "only_text", "messages"),
    ({**GOOD, "messages": [{"role": "system", "content": "x"}]}, 400, "no_user_message", "messages"),
    ({**GOOD, "messages": [*GOOD["messages"], {"role": "assistant", "content": "好"}]},
     400, "no_user_message", "messages"),
    ({**GOOD, "model": "gpt-4o"}, 404, "model_not_found", "model"),
    ({**GOOD, "n": 2}, 400, "only_one", "n"),
    ({**GOOD, "messages": [*GOOD["messages"]] * 500}, 400, "bad_body", "messages"),
    ({**GOOD, "metadata": {"conversation_id": "不是编号"}}, 404, "conversation_not_found", None),
]  # fmt: skip


@pytest.mark.parametrize(("body", "status", "code", "param"), BAD)
def test_a_bad_body(http: httpx.Client, body: Any, status: int, code: str, param: str | None) -> None:
    how: dict[str, Any] = {"content": body} if isinstance(body, bytes) else {"json": body}
    answer = http.post("/v1/chat/completions", **how)
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert (error["code"], error["type"] in ("invalid_request_error", "not_found_error")) == (code, True)
    if param is not None:
        assert error["param"] == param
    assert error["message"].endswith(("。", "？")) and "gpt-4o" not in error["message"]


@pytest.mark.parametrize(
    "extra",
    [
        {"temperature": 2, "top_p": 0.1, "max_tokens": 1, "seed": 3, "stop": ["。"], "logprobs": True},
        {"tools": [{"type": "function", "function": {"name": "f", "parameters": {}}}], "tool_choice": "auto"},
        {"response_format": {"type": "json_object"}, "reasoning_effort": "high", "store": True},
        {"stream": None, "n": None, "user": None, "metadata": None, "stream_options": None},
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "您好"}], "name": "x"}]},
        {"messages": [{"role": "tool", "content": "符合", "tool_call_id": "1"}, *GOOD["messages"]]},
        {"messages": [{"role": "user", "content": "您好\ud800"}]},
    ],
)
def test_what_other_clients_send_is_passed_over(http: httpx.Client, extra: dict[str, Any]) -> None:
    """An answer is never cut short or put into another form: a number to call could be what is missing."""
    import json

    content = json.dumps({**GOOD, **extra}).encode()  # lone surrogates as a client escapes them
    answer = http.post("/v1/chat/completions", content=content)
    assert answer.status_code == 200, answer.text
    assert "民星" in answer.json()["choices"][0]["message"]["content"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/chat/completions", 404), ("POST", "/v1/embeddings", 404), ("GET", "/v1/models/x/y", 404)],
)
def test_other_paths_answer_in_their_shape(http: httpx.Client, method: str, path: str, status: int) -> None:
    answer = http.request(method, path)
    assert answer.status_code == status
    assert {"message", "type", "code"} <= set(answer.json()["error"])


def test_a_huge_body_is_refused_in_their_shape(http: httpx.Client) -> None:
    answer = http.post("/v1/chat/completions", content=b"x" * 1_000_001)
    assert answer.status_code == 413
    assert answer.json()["error"]["type"] == "invalid_request_error"


def test_headers(http: httpx.Client) -> None:
    """SE-14: like every answer for programs."""
    answer = http.get("/v1/models")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; frame-ancestors")
