"""Run suites against a target: one of our own, or any address. An error is a failure (R-70)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from eval.checks import failures
from eval.client import Client, TargetError
from eval.record import digest
from eval.suite import Case, Suite
from eval.types import CaseResult, RunResult, TurnResult

Progress = Callable[[CaseResult], None]
Restart = Callable[[], None]
"""Closes the target and opens it again on the same data."""
CASE_SECONDS = 60.0
TURN_SECONDS = 10.0
"""A talk may take the first and, for each turn, the second: more is a failure."""
NO_RESTART = "this target cannot be restarted from here"


async def run_case(
    client: Client,
    suite: str,
    case: Case,
    *,
    case_seconds: float | None = None,
    attempt: int = 1,
    restart: Restart | None = None,
) -> CaseResult:
    """Run one conversation to its end; whatever goes wrong becomes part of the result.

    A case that restarts the target is skipped, with the reason, where that cannot be done.
    """
    started = time.monotonic()
    turns: list[TurnResult] = []
    error = ""
    seconds = case_seconds or CASE_SECONDS + TURN_SECONDS * len(case.turns)
    if case.restarts and restart is None:
        return _result(suite, case, attempt, skipped=NO_RESTART)
    try:
        async with asyncio.timeout(seconds):
            talk = await client.start()
            for turn in case.turns:
                if turn.restart and restart is not None:
                    await client.pause(talk)
                    await asyncio.to_thread(restart)
                    await client.resume(talk)
                seen = await client.say(talk, turn.say)
                turns.append(TurnResult(turn.say, seen, failures(turn.expect, seen)))
            await client.end(talk)
    except TimeoutError:
        error = f"not finished within {seconds:.0f} s"
    except TargetError as problem:
        error = str(problem)
    except Exception as problem:  # whatever breaks in a case is that case's failure, and the run goes on
        error = f"{type(problem).__name__}: {problem}"
    return replace(
        _result(suite, case, attempt), turns=tuple(turns), error=error, seconds=time.monotonic() - started
    )


def _result(suite: str, case: Case, attempt: int, *, skipped: str = "") -> CaseResult:
    return CaseResult(
        suite,
        case.id,
        case.about,
        (),
        requirements=case.requirements,
        digest=digest(case),
        attempt=attempt,
        pending=case.pending,
        skipped=skipped,
    )


async def run_suites(
    suites: list[Suite],
    target: str,
    *,
    workers: int = 4,
    on_case: Progress | None = None,
    repeat: int = 1,
    done: Sequence[CaseResult] = (),
    restart: Restart | None = None,
) -> RunResult:
    """Run all cases, several conversations at a time; results keep the order of the files.

    Those that restart the target come last and one at a time: they would break off the others.

    Args:
        suites: what to run.
        target: address of a running Minxing.
        workers: conversations at a time.
        on_case: told of each result as it comes; not of those that were done before.
        repeat: how often each conversation is said, to find answers that flip.
        done: results of a run that was cut off; a case that was changed since is run again.
        restart: closes and opens the target; None: cases that need it are skipped.
    """
    started = time.monotonic()
    gate = asyncio.Semaphore(workers)
    before = {(one.name, one.attempt, one.digest): one for one in done}

    async def one(client: Client, suite: str, case: Case, attempt: int) -> CaseResult:
        if (known := before.get((f"{suite}/{case.id}", attempt, digest(case)))) is not None:
            return replace(known, pending=case.pending)
        async with gate:
            result = await run_case(client, suite, case, attempt=attempt, restart=restart)
        if on_case:
            on_case(result)
        return result

    planned = [
        (suite.suite, case, attempt)
        for suite in suites
        for case in suite.cases
        for attempt in range(1, repeat + 1)
    ]
    results: dict[int, CaseResult] = {}
    async with Client(target) as client:

        async def place(number: int) -> None:
            results[number] = await one(client, *planned[number])

        alone = [number for number, (_, case, _) in enumerate(planned) if case.restarts]
        await asyncio.gather(*(place(number) for number in range(len(planned)) if number not in alone))
        for number in alone:
            await place(number)
    in_order = tuple(results[number] for number in range(len(planned)))
    return RunResult(target, in_order, time.monotonic() - started)
