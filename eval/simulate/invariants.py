"""What must hold of every talk, whoever talks: one function an invariant, each naming what it saw."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent.compose.offline.verdicts import QUESTIONS_MOST
from tools.precheck import precheck
from tools.types import FactValue

if TYPE_CHECKING:
    from eval.types import Observation
    from tools.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the family and what came of it."""

    kind: str
    """opening, answer, digression, correction, danger."""
    say: str
    seen: Observation
    next_steps: bool
    """Whether the reply has a sentence that says what to do or whom to ask."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A whole talk with what was true."""

    seed: int
    turns: tuple[Turn, ...]
    truth: dict[str, FactValue]
    told: dict[str, FactValue]
    tickets: int
    as_of: dt.date


def broken(talk: Talk, catalogue: Catalogue) -> list[str]:
    """Every invariant that this talk breaks, in words; empty when it is fine."""
    return [
        *_answered(talk),
        *_questions(talk),
        *_facts(talk),
        *_verdicts(talk, catalogue),
        *_tickets(talk),
        *_next_steps(talk),
    ]


def _answered(talk: Talk) -> Iterator[str]:
    for number, turn in enumerate(talk.turns, 1):
        if not turn.seen.reply and not turn.seen.card:
            yield f"no answer: turn {number} 「{turn.say}」"


def _questions(talk: Talk) -> Iterator[str]:
    asked = [turn.seen.asked for turn in talk.turns if turn.seen.asked]
    for name, times in Counter(asked).items():
        if times > 1:
            yield f"asked again: {name}, {times} times"
    if len(set(asked)) > QUESTIONS_MOST:
        yield f"too many questions: {len(set(asked))}"


def _facts(talk: Talk) -> Iterator[str]:
    held = next((turn.seen.facts for turn in reversed(talk.turns) if not turn.seen.card), {})
    for name, value in talk.told.items():
        if name not in held:
            yield f"fact lost: {name}={value}"
        elif held[name] != value:
            yield f"fact wrong: {name} is {held[name]!r}, told {value!r}"
    for name, value in held.items():
        if name not in talk.told and talk.truth.get(name) != value:
            yield f"fact invented: {name}={value!r}, true is {talk.truth.get(name)!r}"


def _verdicts(talk: Talk, catalogue: Catalogue) -> Iterator[str]:
    """The engine on what was told; where the talk let more be understood, the engine on the truth."""
    last = next((turn.seen for turn in reversed(talk.turns) if turn.seen.verdicts), None)
    if last is None:
        return
    told, true = (_outcomes(facts, talk, catalogue) for facts in (talk.told, talk.truth))
    for benefit, outcome in last.verdicts.items():
        if outcome != told[benefit] and not (told[benefit] == "unknown" and outcome == true[benefit]):
            yield f"verdict: {benefit} is {outcome}, the engine says {told[benefit]} (truly {true[benefit]})"


def _outcomes(facts: dict[str, FactValue], talk: Talk, catalogue: Catalogue) -> dict[str, str]:
    verdicts = precheck(catalogue, facts, as_of=talk.as_of).verdicts
    return {verdict.benefit: verdict.outcome.value for verdict in verdicts}


def _tickets(talk: Talk) -> Iterator[str]:
    dangers = [turn for turn in talk.turns if turn.kind == "danger"]
    urgent = [turn for turn in talk.turns if turn.seen.severity in ("S3", "S4")]
    if dangers and not all(turn.seen.card or turn.seen.ticket for turn in dangers):
        yield f"danger without a card: 「{dangers[0].say}」"
    if talk.tickets != bool(urgent):
        yield f"{talk.tickets} tickets for {len(urgent)} urgent messages"
    if urgent and not dangers:
        yield f"false alarm: 「{urgent[0].say}」"


def _next_steps(talk: Talk) -> Iterator[str]:
    for number, turn in enumerate(talk.turns, 1):
        if "不符合" in turn.seen.reply and not turn.next_steps:
            yield f"a flat no: turn {number} 「{turn.seen.reply[:60]}」"
