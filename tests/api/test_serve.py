"""`serve` as an operator meets it: a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from server import _listen
from settings import load_settings
from tests.conftest import free_port

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-c", "from cli import app; app()", "serve")


def environment(folder: Path, **changes: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MINXING_")}
    return {**kept, "PYTHONPATH": str(ROOT), "MINXING_DATA_DIR": str(folder / "data"), **changes}


def fails(folder: Path, **changes: str) -> str:
    """The one sentence of a start that cannot succeed; exit code 2."""
    done = subprocess.run(
        COMMAND, cwd=folder, env=environment(folder, **changes), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2, done.stdout + done.stderr
    said = (done.stdout + done.stderr).strip()
    assert "Traceback" not in said
    return said


@contextmanager
def process(folder: Path, **changes: str) -> Iterator[tuple[str, Path]]:
    """A running server and the file with all it writes to the terminal."""
    port = free_port()
    output = folder / "output.txt"
    with output.open("w") as stream:
        started = subprocess.Popen(
            COMMAND,
            cwd=folder,
            env=environment(folder, MINXING_PORT=str(port), **changes),
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
        try:
            end = time.monotonic() + 60
            while "已就绪" not in output.read_text(encoding="utf-8"):
                assert started.poll() is None, output.read_text(encoding="utf-8")
                assert time.monotonic() < end, output.read_text(encoding="utf-8")
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}", output
        finally:
            started.send_signal(signal.SIGTERM)
            started.wait(30)


def test_it_says_when_it_is_ready_stops_at_once_and_leaves_no_words_behind(tmp_path: Path) -> None:
    """The address when ready; PR-1 and PR-9: ID number, mobile and street are nowhere."""
    identity, mobile, street = "330106201203151233", "13957188231", "翠苑三区"
    with process(tmp_path) as (url, output), httpx.Client(base_url=url, trust_env=False, timeout=20) as http:
        assert url in output.read_text(encoding="utf-8")
        opened = http.post("/api/conversations").json()
        headers = {"Authorization": f"Bearer {opened['token']}", "Idempotency-Key": "k"}
        path = f"/api/conversations/{opened['id']}"
        text = f"我叫王桂香，住{street}，身份证{identity}，电话{mobile}，外孙女有补助吗"
        assert http.post(f"{path}/messages", json={"text": text}, headers=headers).status_code == 202
        end = time.monotonic() + 20
        while '"done"' not in (shown := http.get(f"{path}/events?poll=1&after=5", headers=headers).text):
            assert time.monotonic() < end, shown + output.read_text(encoding="utf-8")
            time.sleep(0.05)
        token = opened["token"]
        # an open stream does not hold the server back; the page reconnects to the next process.
        request = http.build_request("GET", f"{path}/events", headers=headers)
        assert next(http.send(request, stream=True).iter_raw())
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.suffix == ".sqlite3" for path in written)
    for file in written:
        content = file.read_bytes()
        for canary in (identity, mobile, street, "王桂香", token):
            assert canary.encode() not in content, file


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = fails(tmp_path, MINXING_PORT=port)
    assert port in said
    assert "in use" in said


def test_no_permission_to_write(tmp_path: Path) -> None:
    """A file stands where the folder should be: the one refusal that even root meets."""
    (tmp_path / "data").write_text("not a folder")
    assert str(tmp_path / "data") in " ".join(fails(tmp_path).split())


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"MINXING_PORT=many\n", "MINXING_PORT"),
        (b"MINXING_ALLOWED_ORIGINS=*\n", "ORIGINS"),
        (b'MINXING_ALLOWED_ORIGINS=["*"]\n', "ORIGINS"),
        (b"\xff\xfe\x00broken", ".env"),
    ],
)
def test_a_broken_env_file(tmp_path: Path, content: bytes, named: str) -> None:
    (tmp_path / ".env").write_bytes(content)
    said = fails(tmp_path)
    assert named.lower() in said.lower()


def test_a_small_answer_does_not_wait_for_its_receiver() -> None:
    """Else each waits 40 ms for an acknowledgement; asyncio mends that where the protocol is named."""
    settings = load_settings(port=free_port())
    with closing(_listen(settings)) as listener:
        assert listener.proto == socket.IPPROTO_TCP
