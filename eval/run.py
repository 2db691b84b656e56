"""Run suites against a target: in-process by default, or any address. An error is a failure (R-70)."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from eval.checks import failures
from eval.client import Client, TargetError
from eval.record import digest
from eval.suite import Case, Suite
from eval.types import CaseResult, RunResult, TurnResult

Progress = Callable[[CaseResult], None]


async def run_case(
    client: Client, suite: str, case: Case, *, case_seconds: float = 60.0, attempt: int = 1
) -> CaseResult:
    """Run one conversation to its end; whatever goes wrong becomes part of the result."""
    started = time.monotonic()
    turns: list[TurnResult] = []
    error = ""
    try:
        async with asyncio.timeout(case_seconds):
            talk = await client.start()
            for turn in case.turns:
                seen = await client.say(talk, turn.say)
                turns.append(TurnResult(turn.say, seen, failures(turn.expect, seen)))
            await client.end(talk)
    except TimeoutError:
        error = f"not finished within {case_seconds:.0f} s"
    except TargetError as problem:
        error = str(problem)
    except Exception as problem:  # whatever breaks in a case is that case's failure, and the run goes on
        error = f"{type(problem).__name__}: {problem}"
    return CaseResult(
        suite,
        case.id,
        case.about,
        tuple(turns),
        error,
        time.monotonic() - started,
        case.requirements,
        digest(case),
        attempt,
    )


async def run_suites(
    suites: list[Suite],
    target: str,
    *,
    workers: int = 4,
    on_case: Progress | None = None,
    repeat: int = 1,
    done: Sequence[CaseResult] = (),
) -> RunResult:
    """Run all cases, several conversations at a time; results keep the order of the files.

    Args:
        suites: what to run.
        target: address of a running Minxing.
        workers: conversations at a time.
        on_case: told of each result as it comes; not of those that were done before.
        repeat: how often each conversation is said, to find answers that flip.
        done: results of a run that was cut off; a case that was changed since is run again.
    """
    started = time.monotonic()
    gate = asyncio.Semaphore(workers)
    before = {(one.name, one.attempt, one.digest): one for one in done}

    async def one(client: Client, suite: str, case: Case, attempt: int) -> CaseResult:
        if (known := before.get((f"{suite}/{case.id}", attempt, digest(case)))) is not None:
            return known
        async with gate:
            result = await run_case(client, suite, case, attempt=attempt)
        if on_case:
            on_case(result)
        return result

    async with Client(target) as client:
        jobs = [
            one(client, suite.suite, case, attempt)
            for suite in suites
            for case in suite.cases
            for attempt in range(1, repeat + 1)
        ]
        results = await asyncio.gather(*jobs)
    return RunResult(target, tuple(results), time.monotonic() - started)


@contextlib.contextmanager
def in_process_target() -> Iterator[str]:
    """A whole Minxing in this process on a free port, with an empty data folder of its own."""
    import uvicorn

    from server import create_app
    from settings import load_settings

    with tempfile.TemporaryDirectory(prefix="minxing-eval-") as folder:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        settings = load_settings(
            port=port,
            data_dir=Path(folder),
            evaluation=True,
            messages_per_minute=10_000,
            messages_per_minute_per_address=100_000,
            conversations_per_hour_per_address=100_000,
            llm_base_url="",
        )
        config = uvicorn.Config(create_app(settings), host="127.0.0.1", port=port, log_level="warning")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, name="minxing-eval", daemon=True)
        thread.start()
        deadline = time.monotonic() + 60
        while not server.started:
            if not thread.is_alive() or time.monotonic() > deadline:
                raise TargetError(
                    "Minxing did not start in this process; `minxing doctor` says what is missing."
                )
            time.sleep(0.05)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join(timeout=20)
