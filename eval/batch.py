"""`minxing batch`: JSON lines in and out, in order; a bad line gives an `error` line and the rest goes on."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from typing import IO, TYPE_CHECKING

from pydantic import BaseModel, ValidationError

from eval.batch_types import BatchInput, ErrorOutput

if TYPE_CHECKING:
    from eval.stages import Stages
    from settings import Settings

STAGES = ("screen", "search", "precheck", "turn")
CHUNK_LINES = 8
"""Small enough that a short file still uses every worker, large enough that pickling does not count."""
ALONE_LINES = 24
"""A file of up to this many lines is worked in this process: starting workers would take longer."""

_stages: Stages | None = None
"""The rooms of one worker process, opened once."""


def _complaint(error: ValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else str(first["msg"])


def work_line(stages: Stages, stage: str, number: int, line: str) -> str:
    """One line in, one line out. Never raises: what is wrong with a line is said in its place."""
    given: object = None
    try:
        given = json.loads(line)
        result: BaseModel = stages.run(stage, BatchInput.model_validate(given))
    except json.JSONDecodeError as error:
        result = ErrorOutput(id=None, line=number, error=f"not JSON: {error.msg} at character {error.pos}")
    except ValidationError as error:
        result = ErrorOutput(id=_id_of(given), line=number, error=_complaint(error))
    except Exception as error:  # one strange line may not end the run; its kind is named, its text is not
        result = ErrorOutput(
            id=_id_of(given), line=number, error=f"could not be worked: {type(error).__name__}"
        )
    # Lone surrogates may come in; they can't go out as UTF-8, so they are escaped.
    return (
        json.dumps(result.model_dump(mode="json"), ensure_ascii=False)
        .encode("utf-8", "replace")
        .decode("utf-8")
    )


def _id_of(given: object) -> str | int | None:
    value = given.get("id") if isinstance(given, dict) else None
    return value if isinstance(value, str | int) else None


def _open_worker(settings: Settings) -> None:
    global _stages
    from eval.stages import Stages

    _stages = Stages.open(settings)


def _work_chunk(stage: str, lines: list[tuple[int, str]]) -> list[str]:
    if _stages is None:
        raise RuntimeError("the worker was not opened")
    return [work_line(_stages, stage, number, line) for number, line in lines]


def _numbered(source: Iterable[str]) -> Iterator[tuple[int, str]]:
    return ((number, line) for number, line in enumerate(source, 1) if line.strip())


def run_batch(
    settings: Settings, stage: str, source: Iterable[str], sink: IO[str], *, workers: int = 2
) -> int:
    """Work all lines.

    Args:
        settings: of this run.
        stage: one of STAGES.
        source: JSON lines.
        sink: gets one line for each line of the source, in the same order.
        workers: processes; short files are worked in this one.

    Returns:
        How many lines were worked.
    """
    numbered = _numbered(source)
    first = list(islice(numbered, ALONE_LINES + 1))
    if len(first) <= ALONE_LINES or workers == 1:
        from eval.stages import Stages

        stages = Stages.open(settings)
        count = 0
        for number, line in [*first, *numbered]:
            sink.write(work_line(stages, stage, number, line) + "\n")
            count += 1
        sink.flush()
        return count
    return _run_parallel(settings, stage, first, numbered, sink, workers)


def _run_parallel(
    settings: Settings,
    stage: str,
    first: list[tuple[int, str]],
    rest: Iterator[tuple[int, str]],
    sink: IO[str],
    workers: int,
) -> int:
    def chunks() -> Iterator[list[tuple[int, str]]]:
        for start in range(0, len(first), CHUNK_LINES):
            yield first[start : start + CHUNK_LINES]
        while chunk := list(islice(rest, CHUNK_LINES)):
            yield chunk

    count = 0
    pending: list[Future[list[str]]] = []
    # "spawn": the encoder's threads do not survive a fork.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, initializer=_open_worker, initargs=(settings,)) as pool:
        for chunk in chunks():
            pending.append(pool.submit(_work_chunk, stage, chunk))
            if len(pending) >= workers * 4:
                count += _write(pending.pop(0), sink)
        while pending:
            count += _write(pending.pop(0), sink)
    return count


def _write(done: Future[list[str]], sink: IO[str]) -> int:
    lines = done.result()
    sink.writelines(line + "\n" for line in lines)
    sink.flush()
    return len(lines)
