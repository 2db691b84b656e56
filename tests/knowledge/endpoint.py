"""A small OpenAI-compatible embeddings server over real HTTP."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np

from knowledge.index.tokens import tokens


def hashed(text: str, dimensions: int = 64) -> list[float]:
    """A vector that texts with common character pairs share: enough to tell matters apart."""
    vector = np.zeros(dimensions)
    for token in tokens(text):
        vector[sum(map(ord, token)) * 31 % dimensions] += 1 if len(token) > 1 else 0.2
    return [float(value) for value in vector + 0.01]


class Endpoint(ThreadingHTTPServer):
    """A small OpenAI-compatible server; `failures` are the answers it gives first."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.failures: list[bytes | int] = []
        self.asked: list[dict[str, object]] = []
        self.keys: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class Handler(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(body)
        self.server.keys.append(self.headers.get("Authorization"))
        failure = self.server.failures.pop(0) if self.server.failures else None
        if isinstance(failure, int):
            self.send_response(failure)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        rows = [{"index": i, "embedding": hashed(text)} for i, text in enumerate(body["input"])]
        answer = failure if failure is not None else json.dumps({"data": rows[::-1]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""
