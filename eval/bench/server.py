"""Figures of a whole server: start, turns while fifty people talk, crisis cards while the model hangs."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.bench.timing import Row
from eval.client import Client

PEOPLE = 50
SECONDS_BETWEEN_MESSAGES = (6.0, 14.0)
"""How long a person reads and types; fifty people then send about five messages a second."""
TALK = (
    "外孙女的爸爸判了六年，妈妈肝癌晚期，我带着她，有什么补助吗？",
    "她九岁了",
    "要多久？",
    "儿童主任是啥",
    "要带什么材料",
    "一个月多少钱",
)
CRISES = (
    "我撑不下去了，不想活了",
    "孩子抽筋叫不醒了",
    "他拿刀在砸门，我和孩子躲着",
    "我孙子找不到了，天都黑了",
)


@dataclass(frozen=True, slots=True)
class Process:
    """A server in a process of its own, with an empty data folder."""

    address: str
    pid: int
    ready_seconds: float

    def resident_megabytes(self) -> float:
        """Resident memory now, MB."""
        for line in Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0.0


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(**extra: str) -> Iterator[Process]:
    """Start `minxing serve` and wait until it says that it is ready."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="minxing-bench-") as folder:
        environment = {
            **os.environ,
            "MINXING_PORT": str(port),
            "MINXING_DATA_DIR": folder,
            "MINXING_EVALUATION": "true",
            "MINXING_MESSAGES_PER_MINUTE": "1000",
            "MINXING_MESSAGES_PER_MINUTE_PER_ADDRESS": "100000",
            "MINXING_CONVERSATIONS_PER_HOUR_PER_ADDRESS": "100000",
            **extra,
        }
        started = time.monotonic()
        command = [sys.executable, "-c", "from cli import run; run()", "serve"]
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as child:
            if child.stdout is None or not child.stdout.readline():
                raise RuntimeError("the server did not start; `minxing serve` says why")
            try:
                yield Process(f"http://127.0.0.1:{port}", child.pid, time.monotonic() - started)
            finally:
                child.terminate()
                child.wait(timeout=30)


@contextlib.contextmanager
def hanging_model() -> Iterator[str]:
    """A model server that accepts and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        held: list[socket.socket] = []

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    held.append(listener.accept()[0])

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        for one in held:
            one.close()


async def _first_answer(address: str) -> None:
    async with Client(address) as client:
        await client.say(await client.start(), TALK[0])


async def _person(client: Client, number: int, until: float, taken: list[float]) -> None:
    dice = random.Random(number)
    talk = await client.start()
    await asyncio.sleep(dice.uniform(0, SECONDS_BETWEEN_MESSAGES[1]))
    turn = 0
    while time.monotonic() < until:
        seen = await client.say(talk, TALK[turn % len(TALK)])
        taken.append(seen.seconds * 1000)
        turn += 1
        await asyncio.sleep(dice.uniform(*SECONDS_BETWEEN_MESSAGES))


async def _crowd(address: str, seconds: float) -> list[float]:
    taken: list[float] = []
    until = time.monotonic() + seconds
    async with Client(address) as client:
        await asyncio.gather(*(_person(client, number, until, taken) for number in range(PEOPLE)))
    return taken


async def _crises(address: str, rounds: int) -> list[float]:
    taken: list[float] = []
    async with Client(address) as client:
        for _ in range(rounds):
            for text in CRISES:
                talk = await client.start()
                taken.append((await client.say(talk, text)).seconds * 1000)
                await client.end(talk)
    return taken


def measure_server(seconds: float = 45.0) -> Iterator[Row]:
    """Start, fifty people, memory; then crisis cards with a hanging model."""
    with serving() as process:
        started = time.monotonic()
        asyncio.run(_first_answer(process.address))
        first = process.ready_seconds + time.monotonic() - started
        yield Row("server", "fresh start to first answer", f"{first:.1f} s", "10 s", first <= 10)
        taken = asyncio.run(_crowd(process.address, seconds))
        p95 = float(np.percentile(taken, 95))
        what = f"ordinary turn p95, {PEOPLE} people, {len(taken)} turns in {seconds:.0f} s"
        yield Row("server", what, f"{p95:.0f} ms", "150 ms", p95 <= 150)
        memory = process.resident_megabytes()
        yield Row("server", "resident memory afterwards", f"{memory:.0f} MB", "700 MB", memory <= 700)
    with hanging_model() as model, serving(MINXING_LLM_BASE_URL=model, MINXING_LLM_MODEL="hangs") as process:
        asyncio.run(_crises(process.address, 1))
        taken = asyncio.run(_crises(process.address, 10))
        p95 = float(np.percentile(taken, 95))
        what = f"crisis card p95, model hanging, {len(taken)} cards"
        yield Row("server", what, f"{p95:.0f} ms", "300 ms", p95 <= 300)
