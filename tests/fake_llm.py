"""A small OpenAI-compatible server that behaves, and misbehaves, by script, over real HTTP."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Sentences = list[dict[str, Any]]


@dataclass
class FakeModel:
    """What the server does next, and what it was asked."""

    manner: str = "behave"
    """behave, slow, hang, half, reset, 401, 429, 500, nonsense, empty, endless, english, japanese, html,
    garbled, or `say`."""
    sentences: Sentences = field(default_factory=list)
    """What `say` answers with."""
    requests: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""
    stop: threading.Event = field(default_factory=threading.Event)

    def draft(self, body: dict[str, Any]) -> Sentences:
        """The offline answer that the request holds."""
        content = next(m["content"] for m in reversed(body["messages"]) if m["role"] == "user")
        draft: Sentences = json.loads(content)["程序写的底稿"]
        return draft

    def answer(self, body: dict[str, Any]) -> str:
        """The whole text of the answer."""
        if self.manner == "nonsense":
            return "啊吧啊吧 %%% ]]]] {{{ 42 42 42"
        if self.manner == "empty":
            return ""
        if self.manner == "english":
            return json.dumps({"text": "You are eligible.", "evidence": ["c1"], "role": "answer"})
        if self.manner == "japanese":
            return json.dumps({"text": "お子さんは対象になります。", "evidence": ["v:B02"], "role": "answer"})
        sentences = self.sentences if self.manner == "say" else self.draft(body)
        return json.dumps({"sentences": sentences}, ensure_ascii=False)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    model: FakeModel

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.model.requests.append(body)
        manner = self.model.manner
        if manner in ("401", "429", "500"):
            self._refuse(int(manner))
        elif manner == "html":
            self._page()
        elif manner == "hang":
            self.model.stop.wait(30)
            self.close_connection = True
        else:
            self._stream(body, manner)

    def _refuse(self, status: int) -> None:
        content = json.dumps({"error": {"message": "no", "type": "server_error"}}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _page(self) -> None:
        """What a proxy says that has lost its server."""
        content = b"<html><body>Bad Gateway</body></html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _stream(self, body: dict[str, Any], manner: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        tools = [tool["function"]["name"] for tool in body.get("tools", ())]
        as_call = "Answer" in tools and manner not in ("nonsense", "empty", "english", "endless", "japanese")
        try:
            if manner == "garbled":
                self.wfile.write(b"data: {{{ no json\n\ndata: [DONE]\n\n")
                return
            for piece in self._pieces(body, manner):
                self._event(piece, as_call=as_call)
                if manner == "slow":
                    time.sleep(0.05)
            self._send({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
            if body.get("stream_options", {}).get("include_usage"):
                used = {"prompt_tokens": 1_000, "completion_tokens": 200, "total_tokens": 1_200}
                self._send({"choices": [], "usage": used})
            self.wfile.write(b"data: [DONE]\n\n")
        except OSError:
            return

    def _pieces(self, body: dict[str, Any], manner: str) -> Iterator[str]:
        if manner == "endless":
            while not self.model.stop.is_set():
                yield "说不完的话，" * 20
                time.sleep(0.001)
            return
        text = self.model.answer(body)
        for count, start in enumerate(range(0, len(text), 40)):
            if manner in ("half", "reset") and start > len(text) // 2:
                if manner == "reset":
                    self.connection.close()
                raise OSError
            yield text[start : start + 40]
            if manner == "slow" and count > 200:
                return

    def _event(self, piece: str, *, as_call: bool) -> None:
        delta: dict[str, Any] = {"content": piece}
        if as_call:
            call = {
                "index": 0,
                "id": "call_1",
                "type": "function",
                "function": {"name": None, "arguments": piece},
            }
            if not getattr(self, "_named", False):
                call["function"] = {"name": "Answer", "arguments": piece}
                self._named = True
            else:
                call.pop("id")
            delta = {"tool_calls": [call]}
        self._send(
            {"choices": [{"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": None}]}
        )

    def _send(self, data: dict[str, Any]) -> None:
        whole = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "fake", **data}
        self.wfile.write(f"data: {json.dumps(whole, ensure_ascii=False)}\n\n".encode())
        self.wfile.flush()


@contextmanager
def fake_model() -> Iterator[FakeModel]:
    """Serve until the block ends."""
    model = FakeModel()
    handler = type("Handler", (_Handler,), {"model": model})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    model.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield model
    finally:
        model.stop.set()
        server.shutdown()
        server.server_close()
