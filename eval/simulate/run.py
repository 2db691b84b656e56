"""Many talks, on two processes: progress, the table of broken invariants, transcripts."""

from __future__ import annotations

import asyncio
import datetime as dt
import multiprocessing
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table

from settings import Settings

if TYPE_CHECKING:
    from agent.assembly import Parts

NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.timezone(dt.timedelta(hours=8)))
"""A working day, so that a run next year says the same."""
_AT_A_TIME = 10


@dataclass(frozen=True, slots=True)
class Played:
    """One talk and what was wrong with it."""

    seed: int
    broken: tuple[str, ...]
    questions: int
    turns: int
    transcript: tuple[tuple[str, str], ...]
    """Who said what."""


def play_all(
    seeds: Sequence[int], *, workers: int = 2, advance: Callable[[Played], None] = lambda _: None
) -> list[Played]:
    """Play the families of these numbers; results in their order."""
    if workers == 1 or len(seeds) <= _AT_A_TIME:
        return [_told(one, advance) for one in play_here(seeds)]
    pieces = [seeds[start : start + _AT_A_TIME] for start in range(0, len(seeds), _AT_A_TIME)]
    found: list[Played] = []
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        for done in as_completed([pool.submit(play_here, piece) for piece in pieces]):
            found += [_told(one, advance) for one in done.result()]
    return sorted(found, key=lambda one: one.seed)


def _told(one: Played, advance: Callable[[Played], None]) -> Played:
    advance(one)
    return one


_parts: list[Parts] = []
"""Read once in each process."""


def play_here(seeds: Sequence[int]) -> list[Played]:
    """Play in this process, over a store in a folder of its own."""
    from agent.assembly import load_parts

    with tempfile.TemporaryDirectory(prefix="minxing-simulate-") as folder:
        settings = Settings(data_dir=Path(folder), evaluation=True, llm_base_url="")
        if not _parts:
            _parts.append(load_parts(settings))
        return asyncio.run(_play(settings, _parts[0], seeds))


async def _play(settings: Settings, parts: Parts, seeds: Sequence[int]) -> list[Played]:
    from agent.assembly import make_agent
    from eval.simulate.family import Family
    from eval.simulate.invariants import broken
    from eval.simulate.play import play
    from eval.simulate.words import load_words
    from storage.store import Store

    store = await Store.open(settings)
    try:
        agent = make_agent(parts, settings, store, lambda: NOON)
        found = []
        for seed in seeds:
            family = Family.made(seed, load_words(), parts.catalogue.facts)
            talk = await play(agent, family, NOON)
            lines = [(turn.say, turn.seen.card or turn.seen.reply) for turn in talk.turns]
            asked = {turn.seen.asked for turn in talk.turns if turn.seen.asked}
            wrong = tuple(broken(talk, parts.catalogue))
            found.append(Played(seed, wrong, len(asked), len(talk.turns), tuple(lines)))
        return found
    finally:
        await store.close()


def table(played: Sequence[Played]) -> Table:
    """Which invariants broke, and how often."""
    fine = sum(not one.broken for one in played)
    questions = sorted(one.questions for one in played)
    middle = questions[len(questions) // 2] if questions else 0
    turns, most = sum(one.turns for one in played), max(questions, default=0)
    shown = Table(
        title=f"{fine} of {len(played)} talks keep every invariant; {turns} turns, "
        f"{middle} questions at the median, {most} at most"
    )
    shown.add_column("broken")
    shown.add_column("talks", justify="right")
    shown.add_column("for example")
    kinds = Counter(kind for one in played for kind in {line.partition(":")[0] for line in one.broken})
    for kind, times in kinds.most_common():
        one = next(one for one in played if any(line.startswith(kind) for line in one.broken))
        line = next(line for line in one.broken if line.startswith(kind))
        shown.add_row(kind, str(times), f"--seed {one.seed}: {line}")
    return shown


def transcript(played: Played) -> Iterator[str]:
    """A talk to read."""
    yield f"--- seed {played.seed}"
    for said, answered in played.transcript:
        yield f"家人：{said}"
        yield f"民星：{answered}"
    yield from (f"broken: {line}" for line in played.broken)
